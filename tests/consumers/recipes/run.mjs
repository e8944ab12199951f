// The recipes of openapi/README.md, as printed there, each in an empty folder, against the sandbox.
//
// Installation is skipped, since the same versions are installed in this folder, and the address is that of
// the running sandbox.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const [address] = process.argv.slice(2);
const readme = readFileSync(join(here, '../../openapi/README.md'), 'utf8');

/** The installation commands of a recipe, and the folders that hold the same packages here. */
const INSTALLS = [/^npm install /, /^python3 -m venv /, /^\.venv\/bin\/pip install /];
const FOLDERS = ['node_modules', '.venv'];

/** The section below a heading. */
function section(title) {
  const [, text] = readme.split(`\n### ${title}\n`);
  assert.ok(text, `openapi/README.md has no section ${title}`);
  return text.split(/\n##+ /)[0];
}

/** Checks that the versions in a recipe are those installed here. */
function checkReleases(commands) {
  const pinned = readFileSync(join(here, 'requirements.txt'), 'utf8');
  const { devDependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  for (const command of commands.filter((command) => INSTALLS.some((install) => install.test(command)))) {
    for (const [, name, version] of command.matchAll(/ (@?[a-z/-]+)@([0-9.]+)/g)) assert.equal(devDependencies[name], version, name);
    for (const [, release] of command.matchAll(/ ([a-z-]+==[0-9.]+)/g)) assert.ok(pinned.includes(`\n${release}\n`), release);
  }
}

/** Runs one recipe; returns the output of its last command. */
function run(title, extra = []) {
  const text = section(title).replaceAll('http://127.0.0.1:4010', address);
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  try {
    const [, file, source] = text.match(/Save as `([^`]+)`:\n\n```[a-z]+\n([\s\S]*?)```/);
    writeFileSync(join(folder, file), source);
    for (const name of FOLDERS) symlinkSync(join(here, name), join(folder, name));
    const console = text.match(/```console\n([\s\S]*?)```/)?.[1] ?? '';
    const commands = [...console.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command).concat(extra);
    checkReleases(commands);
    let output = '';
    for (const command of commands.filter((command) => !INSTALLS.some((install) => install.test(command)))) {
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
for (const [title, extra] of recipes) {
  const lines = run(title, extra).trimEnd().split('\n');
  assert.equal(lines.length, 286, title);
  assert.equal(lines[0], 'B07PPVYNQZ Baptise Me', title);
}
console.log(`recipes: ${recipes.map(([title]) => title).join(', ')} ran as printed`);
