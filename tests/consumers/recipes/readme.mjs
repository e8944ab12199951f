// Reads openapi/README.md: its recipes, with the files to save and the commands to run.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const readme = readFileSync(fileURLToPath(new URL('../../../openapi/README.md', import.meta.url)), 'utf8');

/** The section below a heading. */
export function section(title) {
  const [, text] = readme.split(`\n### ${title}\n`);
  assert.ok(text, `openapi/README.md has no section ${title}`);
  return text.split(/\n##+ /)[0];
}

/** Writes the files that a section says to save; returns their names. */
export function save(text, folder) {
  const files = [...text.matchAll(/Save as `([^`]+)`:\n\n```[a-z]+\n([\s\S]*?)```/g)];
  for (const [, name, content] of files) writeFileSync(join(folder, name), content);
  return files.map(([, name]) => name);
}

/** The commands of a section. */
export function commands(text) {
  const console = text.match(/```console\n([\s\S]*?)```/)?.[1] ?? '';
  return [...console.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
}

/** Checks the output of a recipe: the tracks of the category, one a line. */
export function checkTracks(output, title) {
  const lines = output.trimEnd().split('\n');
  assert.equal(lines.length, 286, title);
  assert.equal(lines[0], 'B07PPVYNQZ Baptise Me', title);
}
