// Packs the CLI for npm: one package for each platform, with the binary in it, and the main package, with the command
// and the platform packages as optional dependencies. No package has an install script. For a platform run
// licenses/collect first.
//
//   node pack.mjs platform TARGET PROGRAM FOLDER
//   node pack.mjs main FROM FOLDER TARGET...
//
// The main package takes the platform packages from FROM, an https URL or a folder, not by name from the registry,
// since their names are not ours there: anybody could publish code under them. Once they are ours, `-` as FROM makes
// it take them by name.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
/** The licences of everything in the binary. */
const LICENSES = join(here, '../licenses/texts');
const OWN = ['LICENSE-APACHE', 'LICENSE-MIT'];

/** What npm calls the target platforms of Rust. musl binaries are static, so they have no `libc`: they run on all. */
const PLATFORMS = {
  'x86_64-unknown-linux-musl': { os: 'linux', cpu: 'x64' },
  'aarch64-unknown-linux-musl': { os: 'linux', cpu: 'arm64' },
  'x86_64-apple-darwin': { os: 'darwin', cpu: 'x64' },
  'aarch64-apple-darwin': { os: 'darwin', cpu: 'arm64' },
  'x86_64-pc-windows-msvc': { os: 'win32', cpu: 'x64' },
  // Packed by the gate, not by a release.
  'x86_64-unknown-linux-gnu': { os: 'linux', cpu: 'x64', libc: 'glibc' },
  'aarch64-unknown-linux-gnu': { os: 'linux', cpu: 'arm64', libc: 'glibc' },
};

const manifest = JSON.parse(readFileSync(join(here, 'main/package.json'), 'utf8'));
/** The version of the crate: `path+file:///…#amazon-music-cli@0.1.0`. */
const version = execFileSync('cargo', ['pkgid', '--locked', '--package', manifest.name], { cwd: here, encoding: 'utf8' })
  .trim().split(/[#@]/).at(-1);

function platform(target) {
  const found = PLATFORMS[target];
  if (!found) throw new Error(`no npm package is made for ${target}: add it to PLATFORMS in npm/pack.mjs`);
  return { name: `${manifest.name}-${found.os}-${found.cpu}`, ...found };
}

/** Packs these files and this manifest; `fill` adds the licences. */
function pack(manifest, files, folder, fill) {
  const stage = mkdtempSync(join(tmpdir(), 'npm-pack-'));
  try {
    fill(join(stage, 'licenses'));
    for (const [name, source] of Object.entries(files)) {
      copyFileSync(source, join(stage, name));
      chmodSync(join(stage, name), name.startsWith('amazon-music') ? 0o755 : 0o644);
    }
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const command = ['pack', '--silent', '--pack-destination', resolve(folder)];
    execFileSync(npm, command, { cwd: stage, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  } finally {
    rmSync(stage, { recursive: true });
  }
}

function packPlatform(target, program, folder) {
  const { name, os, cpu, libc } = platform(target);
  const { license } = manifest;
  const description = `The binary of ${manifest.name} for ${os} ${cpu}`;
  const file = os === 'win32' ? 'amazon-music.exe' : 'amazon-music';
  const linked = (licenses) => cpSync(LICENSES, licenses, { recursive: true });
  const suits = { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
  // Yarn keeps packages in archives, from which nothing runs.
  pack({ name, description, license, ...suits, preferUnplugged: true }, { [file]: program }, folder, linked);
}

function packMain(from, folder, ...targets) {
  const names = targets.map((target) => platform(target).name);
  const base = from.startsWith('https://') ? from : pathToFileURL(resolve(from)).href;
  const where = (name) => (from === '-' ? version : `${base}/${name}-${version}.tgz`);
  const optionalDependencies = Object.fromEntries(names.map((name) => [name, where(name)]));
  const files = ['bin.js', 'index.js', 'index.d.ts'].map((file) => [file, join(here, 'main', file)]);
  const readme = ['README.md', join(here, '../README.md')];
  const own = (licenses) => {
    mkdirSync(licenses);
    for (const name of OWN) copyFileSync(join(here, '../../..', name), join(licenses, name));
  };
  pack({ ...manifest, optionalDependencies }, Object.fromEntries([...files, readme]), folder, own);
}

const [kind, ...rest] = process.argv.slice(2);
const packs = { platform: packPlatform, main: packMain };
if (!packs[kind]) throw new Error('write `platform TARGET PROGRAM FOLDER` or `main FROM FOLDER TARGET...`');
packs[kind](...rest);
