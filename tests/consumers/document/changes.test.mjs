// Each edit of the spec requires its bump, neither more nor less, and every change is named.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from 'yaml';
import { bumpBetween, changes, larger } from './changes.mjs';
import { EDITS } from './rating/edits.mjs';
import { root } from './tools.mjs';

const text = readFileSync(join(root, 'openapi/browse.yaml'), 'utf8');

/** The bump that an edit requires, and the changes that were found. */
function rated(edit) {
  const edited = parse(text);
  edit(edited);
  const found = changes(parse(text), edited);
  const bumps = found.map(({ bump }) => bump);
  return { bump: bumps.includes(undefined) ? undefined : bumps.reduce(larger, 'none'), found };
}

for (const [name, wanted, edit] of EDITS) {
  test(`${wanted ?? 'unknown'}: ${name}`, () => {
    const { bump, found } = rated(edit);
    assert.equal(bump, wanted, JSON.stringify(found, undefined, 1));
    for (const { place, words } of found) {
      assert.match(place, /^#\//);
      assert.doesNotMatch(words, /undefined|\[object/);
    }
  });
}

test('the list of edits is as long as it should be, and no name is there twice', () => {
  const names = EDITS.map(([name]) => name);
  assert.ok(names.length >= 60, String(names.length));
  assert.equal(new Set(names).size, names.length);
});

test('a human may rate what no rule can, and nothing else', () => {
  const reviewed = {
    '#/components/schemas/CategoryId/pattern': 'minor',
    '#/components/schemas/LimitUpTo20/maximum': 'patch',
  };
  const edited = parse(text);
  edited.components.schemas.CategoryId.pattern = '^.+$';
  edited.components.schemas.LimitUpTo20.maximum = 10;
  const bumps = changes(parse(text), edited, reviewed).map(({ bump }) => bump);
  assert.deepEqual(bumps.sort(), ['major', 'minor']);
});

test('a version rises by one bump, or goes back', () => {
  assert.equal(bumpBetween('1.2.3', '2.0.0'), 'major');
  assert.equal(bumpBetween('1.2.3', '1.3.0'), 'minor');
  assert.equal(bumpBetween('1.2.3', '1.2.4'), 'patch');
  assert.equal(bumpBetween('1.2.3', '1.2.3'), 'none');
  assert.equal(bumpBetween('1.2.3', '1.1.9'), undefined);
});
