// The CLI's tools for agents with clients that others wrote: MCP Inspector, and the client of the official SDK, which
// checks each result against the output schema of its tool.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { parse } from 'yaml';

const program = resolve(process.argv[2]);
const SERVER = [program, 'mcp', '--sandbox', '--quiet'];
const spec = parse(readFileSync(new URL('../../../openapi/browse.yaml', import.meta.url), 'utf8'));
const operations = Object.values(spec.paths).map(({ get }) => get);
const ids = operations.map(({ operationId }) => operationId.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
const home = mkdtempSync(join(tmpdir(), 'mcp-'));
process.on('exit', () => rmSync(home, { recursive: true }));

/** Runs the inspector once, which ends with an error if a tool does. */
async function inspect(...args) {
  const run = promisify(execFile)('node_modules/.bin/mcp-inspector', ['--cli', ...SERVER, ...args], {
    env: { ...process.env, HOME: home },
  });
  const { stdout, stderr } = await run.catch((error) => error);
  return { data: JSON.parse(stdout), stderr };
}

async function inspector() {
  const [{ data: list, stderr }, { data: page }, { data: refused }] = await Promise.all([
    inspect('--strict', '--method', 'tools/list'),
    inspect('--method', 'tools/call', '--tool-name', 'get_categories', '--tool-arg', 'limit=3'),
    inspect('--method', 'tools/call', '--tool-name', 'get_category', '--tool-arg', 'id=unknown1'),
  ]);
  assert.deepEqual(list.tools.map(({ name }) => name), ids);
  assert.doesNotMatch(stderr, /Warning|Error/i);
  assert.equal(page.structuredContent.items.length, 3);
  assert.equal(refused.isError, true);
  assert.equal(refused.structuredContent.error.code, 'not_found');
}

/** Calls each tool, and reads a list to its end. */
async function sdk() {
  const client = new Client({ name: 'consumers', version: '1' });
  const [command, ...args] = SERVER;
  await client.connect(new StdioClientTransport({ command, args }));
  const { tools } = await client.listTools();
  const call = async (name, given) => (await client.callTool({ name, arguments: given })).structuredContent;
  const results = await Promise.all(tools.map(({ name, inputSchema }) => {
    const needed = inputSchema.required.map((argument) => [argument, inputSchema.properties[argument].examples[0]]);
    return call(name, Object.fromEntries(needed));
  }));
  assert.ok(results.every(({ item, items }) => item?.id ?? items.length > 0), JSON.stringify(results));
  const items = [];
  let cursor;
  do {
    const page = await call('get_category_playlists', { id: '2iB4IU25', limit: 25, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  assert.equal(new Set(items.map(({ id }) => id)).size, 63);
  const refused = await client.callTool({ name: 'get_top_tracks', arguments: { limit: 1000 } });
  assert.equal(refused.structuredContent.error.code, 'invalid_argument');
  await client.close();
}

await Promise.all([inspector(), sdk()]);
console.log(`${ids.length} tools: listed and called by MCP Inspector and the client of the official SDK`);
