// The recipes of openapi/README.md, as printed there, each in an empty folder, against the sandbox.
//
// Installation is skipped, since the same versions are installed in this folder, and so is the start of a sandbox: the
// address is that of the running one. `packages/run.mjs` skips neither.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkTracks, commands as listed, save, section } from './readme.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const [address] = process.argv.slice(2);

/** The commands of a recipe that are skipped, and the folders that hold the same packages here. */
const SKIPPED = [/^npm install /, /^python3 -m venv /, /^\.venv\/bin\/pip install /, / sandbox serve &$/];
const FOLDERS = ['node_modules', '.venv'];

/** Checks that the versions in a recipe are those installed here. */
function checkReleases(commands) {
  const pinned = readFileSync(join(here, 'requirements.txt'), 'utf8');
  const { devDependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  for (const command of commands) {
    for (const [, name, version] of command.matchAll(/ (@?[a-z/-]+)@([0-9.]+)/g)) assert.equal(devDependencies[name], version, name);
    for (const [, release] of command.matchAll(/ ([a-z-]+==[0-9.]+)/g)) assert.ok(pinned.includes(`\n${release}\n`), release);
  }
}

/** Runs one recipe; returns the output of its last command. */
function run(title, extra = []) {
  const text = section(title).replaceAll('http://127.0.0.1:4010', address);
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  try {
    save(text, folder);
    for (const name of FOLDERS) symlinkSync(join(here, name), join(folder, name));
    const commands = listed(text).concat(extra);
    checkReleases(commands);
    let output = '';
    for (const command of commands.filter((command) => !SKIPPED.some((skipped) => skipped.test(command)))) {
      const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' });
      assert.equal(status, 0, `${title}: ${command}\n${stdout}${stderr}`);
      output = stdout;
    }
    return output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const recipes = [['TypeScript'], ['TypeScript, hey-api'], ['Python'], ['curl', ['bash browse.sh']]];
if (spawnSync('jq', ['--version']).status !== 0) {
  console.log('SKIPPED: the recipe for curl, since jq is not installed');
  recipes.pop();
}
for (const [title, extra] of recipes) checkTracks(run(title, extra), title);
console.log(`recipes: ${recipes.map(([title]) => title).join(', ')} ran as printed`);
