// The CLI against another mock server: Prism, which makes up responses from the schemas alone, other ones each time.
//
// Fields come and go, lists are missing or empty, cursors and ids are words: everything that the spec allows and no
// sandbox would serve. Each call ends with a documented exit code and a document or an error, and no output says that
// a list is complete if the response has no list.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const CALLS = 100;
const here = fileURLToPath(new URL('..', import.meta.url));
const [program, prism = 'node_modules/.bin/prism'] = process.argv.slice(2);

const COMMANDS = {
  'top tracks': 'topTracks',
  'top playlists': 'topPlaylists',
  'new episodes': 'newPodcastEpisodes',
  categories: 'browseCategories',
  'category 2iB4IU25': undefined,
  'category 2iB4IU25 albums': 'category.albums',
  'category 2iB4IU25 playlists': 'category.playlists',
  'category 2iB4IU25 tracks': 'category.tracks',
};
/** How Prism makes up values: without these it fills every optional field, so that no list is ever missing. */
const MADE_UP = { 'x-json-schema-faker': { alwaysFakeOptionals: false, optionalsProbability: 0.8, 'max-items': 5 } };
const ALWAYS = ['--output', 'json', '--retries', '0', '--timeout', '20'];

/** The exit codes in the help of the CLI, but for those of requests that are not sent. */
async function documentedCodes() {
  const { stdout } = await run(['--help']);
  const [, list] = stdout.split('Exit codes:\n');
  const codes = [...list.split('\n\n')[0].matchAll(/^ +(\d+) /gm)].map(([, code]) => Number(code));
  assert.ok(codes.includes(0) && codes.length >= 5, list);
  return codes.filter((code) => code !== 2);
}

/** Runs the CLI. */
async function run(args) {
  const env = { AMAZON_MUSIC_SECURITY_PROFILE_ID: 'amzn1.application.prism', AMAZON_MUSIC_TOKEN: 'token' };
  const child = spawn(program, args, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'], env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout, stderr };
}

/** A port that nothing listens on. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function startPrism(port, folder) {
  const spec = join(folder, 'browse.yaml');
  writeFileSync(spec, stringify({ ...MADE_UP, ...parse(readFileSync(join(here, '../../openapi/browse.yaml'), 'utf8')) }));
  const args = ['mock', '--dynamic', '--port', String(port), '--verboseLevel', 'error', spec];
  const child = spawn(prism, args, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
  for (let left = 400; ; left -= 1) {
    assert.ok(left > 0 && child.exitCode === null, 'Prism does not start');
    const socket = connect(port, '127.0.0.1');
    const reached = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
    socket.destroy();
    if (reached) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The responses to each call: its number is the first step of the path. */
const responses = new Map();

/** A proxy that notes the responses. */
async function startProxy(port) {
  const proxy = createServer(async (request, response) => {
    const [, call, path] = request.url.match(/^\/(\d+)(\/.*)$/);
    const { authorization = '', 'x-api-key': profile = '' } = request.headers;
    const upstream = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization, 'x-api-key': profile } });
    const body = await upstream.text();
    responses.set(call, [...(responses.get(call) ?? []), { status: upstream.status, body }]);
    response.writeHead(upstream.status, { 'content-type': upstream.headers.get('content-type') ?? 'text/plain' });
    response.end(body);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}

/** Whether a response holds the list of a command. */
function hasList(body, path) {
  const connection = path.split('.').reduce((tree, step) => tree?.[step], JSON.parse(body).data);
  return Array.isArray(connection?.edges);
}

const counts = { complete: 0, incomplete: 0, missing: 0, failed: 0 };

/** Makes one call and checks its end. */
async function check(number, words, path, codes, proxy) {
  // Every other call of a list reads on, where each page is made up anew.
  const more = path && number % 2 ? ['--limit', '30'] : [];
  const base = `http://127.0.0.1:${proxy.address().port}/${number}`;
  const args = [...words.split(' '), ...more, '--base-url', base, ...ALWAYS];
  const { code, signal, stdout, stderr } = await run(args);
  const seen = responses.get(String(number)) ?? [];
  const told = () => JSON.stringify({ args, code, signal, stdout, stderr, seen }, undefined, 1).slice(0, 20_000);
  try {
    assert.ok(codes.includes(code), 'an exit code that is not documented');
    assert.ok(seen.length > 0 && seen.every(({ status }) => status === 200), 'Prism refused the request');
    assert.ok(!/panicked/.test(stderr), 'it panicked');
    if (code !== 0) {
      counts.failed += 1;
      return assert.match(stderr, /^(warning|error): /m);
    }
    const output = JSON.parse(stdout);
    if (path === undefined) return undefined;
    assert.equal(typeof output.complete, 'boolean');
    const missing = !seen.every(({ body }) => hasList(body, path));
    if (missing) counts.missing += 1;
    else counts[output.complete ? 'complete' : 'incomplete'] += 1;
    return assert.ok(!(missing && output.complete), 'a list that is not there is called complete');
  } catch (error) {
    throw new Error(`${error.message}\n${told()}`);
  } finally {
    responses.delete(String(number));
  }
}

const codes = await documentedCodes();
const port = await freePort();
const folder = mkdtempSync(join(tmpdir(), 'prism-'));
const child = await startPrism(port, folder);
const proxy = await startProxy(port);
try {
  const queue = Object.entries(COMMANDS).flatMap((command) => Array.from({ length: CALLS }, () => command));
  let number = 0;
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await check((number += 1), ...next, codes, proxy);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  // Else the responses were too tame to say anything.
  assert.ok(Object.values(counts).every((count) => count > 0), JSON.stringify(counts));
  console.log(
    `Prism: ${number} calls: ${counts.complete} complete lists, ${counts.incomplete} with more pages, ${counts.missing} without a list, ` +
      `${counts.failed} errors with a documented exit code`,
  );
} finally {
  child.kill();
  rmSync(folder, { recursive: true });
  proxy.close();
  proxy.closeAllConnections();
}
