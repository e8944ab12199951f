// Pages of other origins in headless Chromium: the origin that `sandbox serve --cors` names can call the sandbox
// and read its errors, another one cannot; without --cors none can, and `*` lets all in, but sends no cookies.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { withBrowser } from './browser.mjs';

const [program, executablePath] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'cors-'));

/** An empty page on an origin of its own. */
async function page() {
  const server = createServer((request, response) => response.end('<!doctype html><title>app</title>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

/** Starts a sandbox whose second request is throttled; returns its URL, its credentials and how to stop it. */
async function sandbox(...origins) {
  const [ready, faults] = [join(folder, 'ready.json'), join(folder, 'faults.json')];
  writeFileSync(faults, JSON.stringify({ inOrder: [null, { fault: 'error', status: 429, code: 'THROTTLED', retryAfter: '7' }] }));
  const cors = origins.flatMap((origin) => ['--cors', origin]);
  const args = ['sandbox', 'serve', '--port', '0', '--ready-file', ready, '--faults', faults, ...cors];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  for (let left = 200; !existsSync(ready); left -= 1) {
    assert.ok(left > 0 && child.exitCode === null, 'the sandbox does not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { facts: JSON.parse(readFileSync(ready, 'utf8')), stop };
}

/** What a page sees of two requests: the second one is throttled. */
function twoRequests({ url, profile, token, credentials }) {
  const headers = { 'x-api-key': profile, authorization: `Bearer ${token}`, 'accept-language': 'de-DE' };
  const get = async (path) => {
    try {
      const response = await fetch(url + path, { headers, credentials });
      const body = await response.json();
      const title = body.data?.topTracks?.edges?.[0]?.node?.title;
      return { status: response.status, retryAfter: response.headers.get('retry-after'), code: body.error?.code, hasTitle: Boolean(title) };
    } catch (error) {
      return { refused: error.name };
    }
  };
  return (async () => [await get('/browse/tracks/top?limit=2'), await get('/browse/categories')])();
}

const [app, other] = [await page(), await page()];
const SERVED = [
  { status: 200, retryAfter: null, code: undefined, hasTitle: true },
  { status: 429, retryAfter: '7', code: 'THROTTLED', hasTitle: false },
];
const REFUSED = [{ refused: 'TypeError' }, { refused: 'TypeError' }];
const CASES = [
  { name: 'no origin', allowed: [], from: app, seen: REFUSED },
  { name: 'the origin', allowed: [app.origin], from: app, seen: SERVED },
  { name: 'another origin', allowed: [other.origin], from: app, seen: REFUSED },
  { name: 'one of two', allowed: [other.origin, app.origin], from: app, seen: SERVED },
  { name: 'any origin', allowed: ['*'], from: other, seen: SERVED },
  { name: 'any origin, with cookies', allowed: ['*'], from: app, credentials: 'include', seen: REFUSED },
];

try {
  await withBrowser(executablePath, async (browser) => {
    for (const { name, allowed, from, seen, credentials = 'omit' } of CASES) {
      const { facts, stop } = await sandbox(...allowed);
      try {
        const tab = await browser.newPage();
        await tab.goto(from.origin);
        const { baseUrl: url, securityProfileId: profile, token } = facts;
        const found = await tab.evaluate(twoRequests, { url, profile, token, credentials });
        assert.deepEqual(found, seen, name);
        await tab.close();
      } finally {
        await stop();
      }
    }
  });
} finally {
  for (const { server } of [app, other]) server.closeAllConnections(), server.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`cors: ${CASES.length} cases, as allowed`);
