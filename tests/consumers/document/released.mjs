// Compares openapi/browse.yaml with the released one: lists each change and requires the right version.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bumpBetween, changesOfFiles, larger } from './changes.mjs';
import { root } from './tools.mjs';

const read = (file) => readFileSync(join(root, file), 'utf8');
const version = (file) => parse(read(file)).info.version;
const fail = (text) => {
  console.log(text);
  process.exitCode = 1;
};

const [base, revision] = ['openapi/released/browse.yaml', 'openapi/browse.yaml'];
const [released, current] = [version(base), version(revision)];
const reviewed = JSON.parse(read('openapi/released/reviewed.json'));
const found = changesOfFiles(join(root, base), join(root, revision), reviewed);

let wanted = 'none';
for (const { bump, place, words } of found) {
  console.log(`${bump ?? 'UNKNOWN'}: ${place}: ${words}`);
  if (bump) wanted = larger(wanted, bump);
}
const unknown = found.filter(({ bump }) => bump === undefined);
if (unknown.length > 0) {
  fail(`${unknown.length} change(s) no tool can rate: write {"place": "major, minor or patch"} in openapi/released/reviewed.json`);
}
const given = bumpBetween(released, current);
if (given === undefined) {
  fail(`info.version went back from ${released} to ${current}`);
} else if (larger(given, wanted) !== given) {
  fail(`info.version: ${released} became ${current}, but the changes require a ${wanted} bump`);
}
// The section "OpenAPI spec" of the changelog has a line per version.
const [, section = ''] = read('CHANGELOG.md').split(/^### OpenAPI spec$/m);
if (!section.split(/^#/m)[0].includes(`- ${current}: `)) {
  fail(`CHANGELOG.md: write a line "- ${current}: ..." under "### OpenAPI spec"`);
}
console.log(`document: ${found.length} change(s) since the released ${released}; this is ${current}`);
