// Both consumers against a newer service: the sandbox, with a new field in every object.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const [address] = process.argv.slice(2);

/** The same response with one more field in each of its objects. */
function extended(value) {
  if (Array.isArray(value)) return value.map(extended);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, inner]) => [name, extended(inner)]);
  return { ...Object.fromEntries(fields), addedLater: { with: ['something', null] } };
}

const proxy = createServer(async (request, response) => {
  const { authorization = '', 'x-api-key': profile = '' } = request.headers;
  const upstream = await fetch(address + request.url, { headers: { authorization, 'x-api-key': profile } });
  response.writeHead(upstream.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(extended(await upstream.json())));
});

/** Runs a consumer against the proxy. */
function consume(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
    child.on('error', reject);
    child.on('close', resolve);
  });
}

await new Promise((ready) => proxy.listen(0, '127.0.0.1', ready));
const url = `http://127.0.0.1:${proxy.address().port}/v1`;
assert.equal(await consume('node', ['typescript/build/browse.js', url]), 0, 'TypeScript');
const python = { PYTHONPATH: 'python/generated' };
assert.equal(await consume('.venv/bin/python', ['python/browse.py', url], python), 0, 'Python');
proxy.close();
proxy.closeAllConnections();
console.log('new fields: accepted by TypeScript and Python');
