// The CLI for those without Rust: packs the binary that has been built as a wheel and for npm, and uses both as
// openapi/README.md says, from empty folders. The packages stay in target/packages.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkTracks, commands, save, section } from '../recipes/readme.mjs';

const program = resolve(process.argv[2]);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const tools = fileURLToPath(new URL('../.venv/bin/', import.meta.url));
const cli = join(root, 'crates/amazon-music-cli');
const out = join(root, 'target/packages');
const OWN = ['LICENSE-APACHE', 'LICENSE-MIT'];

/** Runs a command that must succeed; returns what it printed. */
function run(command, args, cwd, settings = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', ...settings });
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${error ?? ''}\n${stdout}${stderr}`);
  return { stdout, stderr };
}

/** Runs this with the path of an empty folder. */
async function inEmptyFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'packages-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Collects the licences; without cargo-about, those of the crates are missing. */
function collectLicenses() {
  const collect = join(cli, 'licenses/collect');
  if (spawnSync('cargo', ['about', '--version']).status === 0) {
    run(collect, [], root);
    return [...OWN, 'crates.txt', 'musl.txt', 'rust-standard-library.html', 'swagger-ui-bundle.js.LICENSE.txt'];
  }
  const [install] = readFileSync(collect, 'utf8').match(/cargo install .*cargo-about.*/);
  console.log(`SKIPPED: the licences of the crates that are linked in: ${install}`);
  spawnSync(collect);
  return [...OWN, 'musl.txt', 'rust-standard-library.html', 'swagger-ui-bundle.js.LICENSE.txt'];
}

function pack() {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const target = run('rustc', ['-vV'], root).stdout.match(/^host: (.*)$/m)[1];
  const built = statSync(program).mtimeMs;
  // Without the check for a Linux tag: this binary is for this machine only.
  const { stderr } = run(`${tools}maturin`, ['build', '--profile', 'dev', '--compatibility', 'linux', '--out', out], cli);
  assert.ok(!stderr.includes('Compiling'), `the wheel does not hold the binary that was built:\n${stderr}`);
  assert.equal(statSync(program).mtimeMs, built);
  run('node', ['npm/pack.mjs', 'platform', target, program, out], cli);
  run('node', ['npm/pack.mjs', 'main', out, out, target], cli);
  const packed = readdirSync(out).sort();
  assert.equal(packed.length, 3, packed.join());
  for (const name of packed) console.log(`${name}: ${(statSync(join(out, name)).size / 1e6).toFixed(1)} MB`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Runs the commands of a recipe in one shell, as printed but for the port, in this folder with the packages; checks
 * the output of the last one, and that ending the sandbox ends it.
 */
async function followRecipe(title, folder, ending) {
  const port = await freePort();
  const text = section(title).replaceAll('127.0.0.1:4010', `127.0.0.1:${port}`);
  save(text, folder);
  const lines = commands(text);
  assert.ok(lines.length <= 4, `${title}: more than four commands`);
  const script = lines.map((line) => line.replace(/ sandbox serve &$/, ` sandbox serve --port ${port} &`));
  script[script.length - 1] += ' >&3';
  run('cp', [...readdirSync(out).filter((name) => name.endsWith(ending)).map((name) => join(out, name)), folder], root);
  const started = Date.now();
  const shell = ['set -euo pipefail', 'trap \'kill $!\' EXIT', 'exec 3>&1 >&2', ...script, 'trap - EXIT', 'kill $!', 'wait $! || [ $? = 143 ]'];
  const { stdout } = run('bash', ['-c', shell.join('\n')], folder);
  checkTracks(stdout, title);
  const { status } = spawnSync(program, ['sandbox', 'health', `http://127.0.0.1:${port}`]);
  assert.equal(status, 1, `${title}: the sandbox outlives its command`);
  console.log(`${title}: ${lines.length} commands in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

function checkVersion(command, folder) {
  const { stdout } = run(command, ['--version'], folder);
  assert.equal(stdout, `amazon-music ${version}\n`);
}

const version = run('cargo', ['pkgid', '--locked', '--package', 'amazon-music-cli'], root).stdout.trim().split(/[#@]/).at(-1);
const licenses = collectLicenses();
pack();

await inEmptyFolder(async (folder) => {
  await followRecipe('Python', folder, '.whl');
  checkVersion('.venv/bin/amazon-music', folder);
  const code = 'import importlib.metadata as m; d = m.distribution("amazon-music-cli"); print(d.version, *sorted(f.name for f in d.files if "licenses" in f.parts))';
  const { stdout } = run('.venv/bin/python', ['-c', code], folder);
  assert.deepEqual(stdout.trim().split(' '), [version, ...licenses], 'the wheel');
  const pytest = section('Tests').match(/pytest [0-9.]+/)[0].replace(' ', '==');
  assert.ok(readFileSync(join(tools, '../../requirements.txt'), 'utf8').includes(`\n${pytest}\n`), pytest);
  run('.venv/bin/pip', ['install', '--quiet', pytest], folder);
  const [test] = save(section('Tests'), folder);
  assert.match(run('.venv/bin/pytest', ['--quiet', test], folder).stdout, /1 passed/);
});

await inEmptyFolder(async (folder) => {
  await followRecipe('TypeScript', folder, '.tgz');
  checkVersion('node_modules/.bin/amazon-music', folder);
  const name = `amazon-music-cli-${process.platform}-${process.arch}`;
  for (const [one, expected] of [['amazon-music-cli', OWN], [name, licenses]]) {
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', one, 'package.json'), 'utf8'));
    assert.equal(manifest.version, version, one);
    assert.equal(manifest.scripts, undefined, one);
    assert.deepEqual(readdirSync(join(folder, 'node_modules', one, 'licenses')).sort(), expected, one);
  }
  const [, test] = save(section('Tests'), folder);
  assert.match(run('node', ['--test', '--test-reporter', 'tap', test], folder).stdout, /^# pass 1$/m);
  rmSync(join(folder, 'node_modules', name), { recursive: true });
  const { status, stderr } = spawnSync('node_modules/.bin/amazon-music', ['--version'], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`^amazon-music: the package ${name} ${version} is missing: [^\\n]+\\n$`));
});

run(`${tools}hadolint`, ['Containerfile'], cli);

// PyPI's `amazon-music` is a stranger's, and npm's could be one day.
const stranger = spawnSync('git', ['grep', '--line-number', '--extended-regexp', '(pip install|uvx|npx|pipx run) amazon-music( |$|`)'], { cwd: root, encoding: 'utf8' });
assert.equal(stranger.status, 1, `these lines install a package that is not ours: ${stranger.stdout}${stranger.stderr}`);
console.log(`wheel and npm packages ${version}: installed, run and tested as openapi/README.md says; hadolint has no findings`);
