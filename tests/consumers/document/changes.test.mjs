// Each edit of the spec, and the bump it must require. Undefined: a human must decide.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strict as assert } from 'node:assert';
import test from 'node:test';
import { bumpBetween, changes, larger } from './changes.mjs';
import { root } from './tools.mjs';

const EDITS = [
  ['nothing', '', '', 'none'],
  ['a version alone', 'version: 1.1.0', 'version: 1.2.0', 'none'],
  ['a description', 'description: The title.', 'description: The title of it.', 'patch'],
  ['an example', 'example: We Walk This Road', 'example: Lickety Split', 'patch'],
  ['a new optional field', '    Track:\n      type: object\n', '    Track:\n      type: object\n', 'minor', "        title:\n          type: string\n          description: The title.\n          example: Beggin'", "        artist:\n          type: string\n          description: The artist.\n          example: Madcon\n        title:\n          type: string\n          description: The title.\n          example: Beggin'"],
  ['a new known value', 'x-extensible-enum: [GENRE]', 'x-extensible-enum: [GENRE, MOOD]', 'minor'],
  ['a known value less', '        - DEPENDENCY\n', '', 'major'],
  ['a smaller largest page', 'maximum: 20', 'maximum: 10', 'major'],
  ['another default', 'default: 100', 'default: 50', 'major'],
  ['a renamed operation', 'operationId: getTopTracks', 'operationId: getBestTracks', 'major'],
  ['a renamed schema', 'PageInfo', 'Paging', 'major'],
  ['a removed path', '  /browse/tracks/top:', '  /browse/tracks/best:', 'major'],
  ['a parameter that becomes required', 'name: limit\n      in: query\n', 'name: limit\n      in: query\n      required: true\n', 'major'],
  ['another type', '          type: boolean\n          description: Whether at least', '          type: string\n          description: Whether at least', 'major'],
  ['another place of the list', 'connection: data.topTracks', 'connection: data.tracks', 'major'],
  ['a removed error', "        '422':\n          $ref: '#/components/responses/UnprocessableEntity'\n", '', 'major'],
  ['another scope', "LoginWithAmazon: ['music::catalog']", "LoginWithAmazon: ['music::library']", 'major'],
  ['an extension nobody knows', '      x-pagination:\n', '      x-cache: 60\n      x-pagination:\n', undefined],
];

const text = readFileSync(join(root, 'openapi/browse.yaml'), 'utf8');

/** The bump that replacing pairs of texts requires. */
async function asked(pairs) {
  const folder = mkdtempSync(join(tmpdir(), 'changes-'));
  try {
    const [base, revision] = [join(folder, 'base.yaml'), join(folder, 'revision.yaml')];
    let changed = text;
    for (let index = 0; index < pairs.length; index += 2) {
      assert.ok(changed.includes(pairs[index]), `not in the spec: ${pairs[index]}`);
      const everywhere = pairs[index] === 'PageInfo';
      const instead = () => pairs[index + 1];
      changed = everywhere ? changed.replaceAll(pairs[index], instead) : changed.replace(pairs[index], instead);
    }
    writeFileSync(base, text);
    writeFileSync(revision, changed);
    const found = await changes(base, revision);
    const bumps = found.map(({ bump }) => bump);
    return { bump: bumps.includes(undefined) ? undefined : bumps.reduce(larger, 'none'), found };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('each edit asks for its bump', { concurrency: 2 }, async (context) => {
  await Promise.all(
    EDITS.map(([name, found, instead, wanted, ...more]) =>
      context.test(name, async () => {
        const { bump, found: named } = await asked([found, instead, ...more]);
        assert.equal(bump, wanted, JSON.stringify(named, undefined, 1));
      }),
    ),
  );
});

test('a version rises by one bump, or goes back', () => {
  assert.equal(bumpBetween('1.2.3', '2.0.0'), 'major');
  assert.equal(bumpBetween('1.2.3', '1.3.0'), 'minor');
  assert.equal(bumpBetween('1.2.3', '1.2.4'), 'patch');
  assert.equal(bumpBetween('1.2.3', '1.2.3'), 'none');
  assert.equal(bumpBetween('1.2.3', '1.1.9'), undefined);
});
