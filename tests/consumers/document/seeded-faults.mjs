// Each fault, planted alone in openapi/browse.yaml, must be found by the linters of the gate.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { redocly, root, spectral } from './tools.mjs';

/** What is wrong, the text it is planted on (its first place), and what stands there instead. */
const FAULTS = [
  ['an example of the wrong type', "hasNextPage: true\n              token: c881", "hasNextPage: 'yes'\n              token: c881"],
  ['an example without its required id', 'node:\n                  id: B0785GTW4T\n                  title', 'node:\n                  title'],
  ['an example with a field that no schema has', "title: Beggin' [Explicit]\n                  url", "title: Beggin' [Explicit]\n                  artist: Madcon\n                  url"],
  ['a property example of the wrong type', 'example: true', 'example: 1'],
  ['a parameter example out of bounds', 'schema:\n        $ref: \'#/components/schemas/LimitUpTo20\'\n      example: 2', 'schema:\n        $ref: \'#/components/schemas/LimitUpTo20\'\n      example: 50'],
  ['a tag that is not defined', 'tags: [Browse]', 'tags: [Top]'],
  ['two tags', 'tags: [Browse]', 'tags: [Browse, Top]'],
  ['no tag', 'tags: [Browse]\n', 'tags: []\n'],
  ['a reference to nothing', "$ref: '#/components/schemas/TrackEdge'", "$ref: '#/components/schemas/TrackEdges'"],
  ['a path that another one hides', '  /browse/playlists/top:', '  /browse/{list}/top:'],
  ['the same path twice', '  /browse/categories/{id}/albums:', '  /browse/categories/{id}/playlists:'],
  ['a path parameter that is not declared', '  /browse/categories/{id}/albums:', '  /browse/categories/{key}/albums:'],
  ['the same operationId twice', 'operationId: getTopTracks', 'operationId: getTopPlaylists'],
  ['no operationId', '      operationId: getTopTracks\n', ''],
  ['no summary', '      summary: List the top tracks\n', ''],
  ['no description', "      description: |-\n        Tracks featured on Amazon Music, chosen for the current user based on what they have listened to.\n\n        Requires scope `music::catalog`. `limit` is 1 to 20 tracks per page and defaults to 20; every\n        other list allows 100.\n\n        Pagination: <https://developer.amazon.com/docs/music/API_web_pagination.html>.\n", ''],
  ['a scheme that is not defined', "    LoginWithAmazon: ['music::catalog']", "    Amazon: ['music::catalog']"],
  ['a scope that is not defined', "    LoginWithAmazon: ['music::catalog']", "    LoginWithAmazon: ['music::history']"],
  ['either credential instead of both', "  - SecurityProfile: []\n    LoginWithAmazon", "  - SecurityProfile: []\n  - LoginWithAmazon"],
  ['no scope', "    LoginWithAmazon: ['music::catalog']", '    LoginWithAmazon: []'],
  ['a default out of bounds', 'default: 20', 'default: 21'],
  ['a default of the wrong type', 'default: 20', "default: 'twenty'"],
  ['bounds that exclude each other', 'minimum: 1\n      maximum: 20', 'minimum: 30\n      maximum: 20'],
  ['a type that does not exist', 'type: boolean', 'type: bool'],
  ['an array without items', "          items:\n            $ref: '#/components/schemas/Image'\n", ''],
  ['an error left out', "        '422':\n          $ref: '#/components/responses/UnprocessableEntity'\n", ''],
  ['an answer without an example', "              examples:\n                documented:\n                  $ref: '#/components/examples/TopTracks'\n", ''],
  ['a name that generators change', 'ErrorEnvelope', 'ErrorResponse', 'everywhere'],
  ['a component that nothing uses', '    CategoryType:\n', '    Unused:\n      type: string\n      description: Nothing.\n    CategoryType:\n'],
  ['Retry-After as if it were documented', ' Not documented by Amazon;', ''],
  ['an error code without an example', '          code: MAX_CONCURRENCY_REACHED', '          code: TOO_MANY'],
  ['a misspelt keyword', 'minLength: 1\n', 'minLenght: 1\n'],
  ['no server', 'servers:\n  - url: https://api.music.amazon.dev/v1\n    description: The live service (closed beta).\n  - url: http://127.0.0.1:4010/v1\n    description: The sandbox, a mock server on your own machine. README.md says how to start it.\n', 'servers: []\n'],
  ['the sandbox as the default server', '  - url: https://api.music.amazon.dev/v1\n    description: The live service (closed beta).\n', ''],
  ['no license', '  license:\n    name: MIT OR Apache-2.0\n    url: https://spdx.org/licenses/\n', ''],
  ['fields that differ in case alone', "        title:\n          type: string\n          description: The title.\n", "        Title:\n          type: string\n          description: The title.\n        title:\n          type: string\n          description: The title.\n"],
  ['fields that differ in a separator alone', "        shortTitle:\n", "        short_title:\n          type: string\n          description: The title.\n        shortTitle:\n"],
  ['schemas that differ in case alone', '    PodcastEpisode:\n', '    Podcastepisode:\n      type: object\n      description: An episode.\n    PodcastEpisode:\n'],
  ['operations that differ in case alone', 'operationId: getCategories\n', 'operationId: getCategory_\n'],
  ['a largest number of items', '          type: array\n          description: The artists.\n', '          type: array\n          description: The artists.\n          maxItems: 100\n'],
  ['a field that may be null', '          type: string\n          description: The title.\n', '          type: string\n          description: The title.\n          nullable: true\n'],
  ['an error under the wrong status', "        '403':\n          $ref: '#/components/responses/Forbidden'\n        '404'", "        '403':\n          $ref: '#/components/responses/Unauthorized'\n        '404'"],
  ['an example of an error under the wrong status', "accessDenied:\n              $ref: '#/components/examples/ErrorAccessDenied'", "accessDenied:\n              $ref: '#/components/examples/ErrorResourceNotFound'"],
  ['an error in place of the payload', "#/components/examples/TopTracks'", "#/components/examples/ErrorInternal'"],
  ['the host of a proxy', 'https://music.amazon.com/albums/B003R490PW', 'https://music.amazon.com.proxy.example.com/albums/B003R490PW'],
  ['the host of a proxy in a description', '(<https://developer.amazon.com/docs', '(<https://developer.amazon.com.proxy.example.com/docs'],
  ['a plain http URL', 'https://m.media-amazon.com', 'http://m.media-amazon.com'],
  ['a plain http URL of the service', 'url: https://api.music.amazon.dev/v1', 'url: http://api.music.amazon.dev/v1'],
  ['a misspelt extension of an operation', 'x-pagination:', 'x-paginated:'],
  ['a misspelt extension of a schema', 'x-extensible-enum:', 'x-extensible-enums:'],
  ['a misspelt field of an extension', '        connection: data.topTracks\n', '        conection: data.topTracks\n'],
  ['a misspelt field of an entity', '        path: data.category\n', '        pth: data.category\n'],
  ['a misspelt command', 'x-command: [', 'x-comand: ['],
  ['a command that is no list', 'x-command: [new, episodes]', 'x-command: new episodes'],
  ['a command of something else than words', 'x-command: [new, episodes]', 'x-command: [new, 7]'],
  ['a misspelt column', "          description: The title.\n", "          description: The title.\n          x-colum: false\n"],
  ['a column of something else than false', "          description: The title.\n", "          description: The title.\n          x-column: 'no'\n"],
  ['a list without a cursor', "        - $ref: '#/components/parameters/Cursor'\n", ''],
  ['a list without a limit', "        - $ref: '#/components/parameters/LimitUpTo100'\n", ''],
  ['an operation without a language', "        - $ref: '#/components/parameters/AcceptLanguage'\n", ''],
  ['an operation without the id of a device', "        - $ref: '#/components/parameters/DeviceId'\n", ''],
  ['a key that is there twice', '      operationId: getTopTracks\n', '      operationId: getTopTracks\n      operationId: getTopTracks\n'],
  ['a verb that writes', '  /browse/tracks/top:\n    get:\n', '  /browse/tracks/top:\n    post:\n'],
];

/** The document with one fault. */
function planted(text, [name, found, instead, everywhere]) {
  if (!text.includes(found)) throw new Error(`${name}: its text is not in the document any more`);
  const seeded = everywhere ? text.replaceAll(found, instead) : text.replace(found, () => instead);
  // Else the linters would find that it is no YAML, and nothing would be known of their rules.
  const { errors } = parseDocument(seeded, { uniqueKeys: false });
  if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`);
  return seeded;
}

const text = readFileSync(join(root, 'openapi/browse.yaml'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'seeded-faults-'));
const missed = [];
const found = { redocly: 0, spectral: 0 };

async function check(fault, index) {
  const file = join(folder, `${index}.yaml`);
  writeFileSync(file, planted(text, fault));
  if ((await redocly(file)).code !== 0) found.redocly += 1;
  else if ((await spectral(file)).code !== 0) found.spectral += 1;
  else missed.push(fault[0]);
}

try {
  // Without a fault, in the same folder, both are content: else the finds below say nothing.
  const control = join(folder, 'control.yaml');
  writeFileSync(control, text);
  const controls = await Promise.all([redocly(control), spectral(control)]);
  if (controls.some(({ code }) => code !== 0)) throw new Error('the document without a fault has findings');
  const queue = [...FAULTS.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await check(next[1], next[0]);
  };
  await Promise.all([worker(), worker()]);
} finally {
  rmSync(folder, { recursive: true });
}
for (const name of missed) console.log(`not found: ${name}`);
console.log(
  `seeded faults: ${FAULTS.length - missed.length} of ${FAULTS.length} found (${found.redocly} by Redocly, ${found.spectral} by Spectral alone)`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
