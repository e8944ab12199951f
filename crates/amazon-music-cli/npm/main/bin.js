#!/usr/bin/env node
// Runs the program, and ends as it ends.
'use strict';

const { spawn } = require('node:child_process');

function fail({ message }) {
  console.error(`amazon-music: ${message}`);
  process.exit(1);
}

function run(program) {
  const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the program too, and a second one would end it at once.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', fail);
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

let program;
try {
  program = require('./index.js');
} catch (error) {
  fail(error);
}
run(program);
