// The linters, as functions of a file.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
const bin = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url));

/** Runs a tool and captures its output. */
function run(tool, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(bin + tool, args, {
      cwd: root,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}

/** Lints with Redocly: every error and warning counts, and so does one in its own configuration. */
export async function redocly(file) {
  const lint = ['lint', '--config', 'openapi/redocly.yaml', '--lint-config', 'error', file];
  return run('redocly', [...lint, '--format', 'codeframe']);
}

/** Lints with Spectral: every warning counts. */
export async function spectral(file) {
  return run('spectral', ['lint', '--quiet', '--fail-severity', 'warn', '--ruleset', 'openapi/.spectral.yaml', file]);
}
