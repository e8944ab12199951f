// The changes between two specs, and the bump of info.version that they require.
//
// Redocly rates most changes. It misses some that break a client: those are rated here. Changes that
// neither knows have no rating: a human must decide and write one down in openapi/released/reviewed.json.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { diff } from './tools.mjs';

const ORDER = ['none', 'patch', 'minor', 'major'];

/** The larger of two bumps. */
export const larger = (one, other) => (ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other);

/** Fields that only people read. */
const WORDS = new Set(['description', 'summary', 'example', 'externalDocs', 'contact', 'license', 'title']);

const isObject = (value) => typeof value === 'object' && value !== null;

/** Every value of a spec that is not an object, by its JSON pointer. */
function leaves(value, pointer = '#', found = new Map()) {
  if (isObject(value) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) {
      leaves(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, found);
    }
  } else {
    found.set(pointer, JSON.stringify(value));
  }
  return found;
}

/** Whether a pointer leads to words, examples, or the version itself. */
function isWords(pointer) {
  const parts = pointer.split('/').slice(1);
  if (parts[0] === 'info' || parts[0] === 'externalDocs') return true;
  if (parts[0] === 'components' && parts[1] === 'examples') return true;
  const field = parts.at(-1);
  // A property may have the name of such a field: `properties/title`.
  const inProperties = parts.at(-2) === 'properties';
  return (WORDS.has(field) && !inProperties) || parts.includes('externalDocs') || parts.includes('examples');
}

/** The rules that Redocly lacks. A rule returns a bump and a description, or nothing. */
const RULES = [
  ({ pointer, before, after }) =>
    pointer.endsWith('/default') && ['major', `the default changed from ${before} to ${after}`],
  ({ pointer, before, after }) =>
    /\/x-(pagination|entity)\//.test(pointer) && ['major', `the place of the payload changed from ${before} to ${after}`],
  ({ pointer, before, after }) =>
    pointer.endsWith('/operationId') && ['major', `the operation ${before} is called ${after}: methods are renamed`],
];

/** Values of an open enum are compared as a set: their order says nothing. */
function openEnums(before, after) {
  const values = (tree) => {
    const found = new Map();
    for (const [pointer, value] of leaves(tree)) {
      const [, name] = pointer.match(/^#\/components\/schemas\/([^/]+)\/x-extensible-enum\//) ?? [];
      if (name) found.set(name, [...(found.get(name) ?? []), value]);
    }
    return found;
  };
  const [old, now] = [values(before), values(after)];
  const changes = [];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const place = `#/components/schemas/${name}/x-extensible-enum`;
    for (const value of old.get(name) ?? []) {
      if (!now.get(name)?.includes(value)) changes.push(['major', place, `the known value ${value} was removed`]);
    }
    for (const value of now.get(name) ?? []) {
      if (!old.get(name)?.includes(value)) changes.push(['minor', place, `the known value ${value} was added`]);
    }
  }
  return changes;
}

/** Types are named after components: a removed name breaks the code that uses it. */
function names(before, after) {
  const changes = [];
  for (const section of ['schemas', 'parameters', 'responses', 'securitySchemes']) {
    const [old, now] = [before, after].map((tree) => Object.keys(tree.components?.[section] ?? {}));
    for (const name of old.filter((name) => !now.includes(name))) {
      const bump = section === 'schemas' || section === 'securitySchemes' ? 'major' : 'patch';
      changes.push([bump, `#/components/${section}/${name}`, `${name} was removed or renamed: generated names change`]);
    }
    for (const name of now.filter((name) => !old.includes(name))) {
      changes.push(['minor', `#/components/${section}/${name}`, `${name} was added`]);
    }
  }
  return changes;
}

/** Whether one pointer is equal to, above or below the other. */
const touches = (one, other) => one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);

/** The pointer of a change found by Redocly. Of an addition or removal, the other side names its parent. */
function placesOf({ kind, path, property, base, revision, verdicts }) {
  const exact = (pointer) => pointer && (property === 'key' || pointer.endsWith(`/${property}`));
  const pointers = [base?.pointer, revision?.pointer];
  const sides = kind === 'added' ? pointers.slice(1) : kind === 'removed' ? pointers.slice(0, 1) : pointers.filter(exact);
  const located = verdicts.map(({ location }) => location?.pointer).filter(exact);
  return [...sides, ...located, property === undefined ? path : `${path}/${property}`];
}

/** All changes as `{bump, place, words}`; an undefined bump needs a human. */
export async function changes(baseFile, revisionFile, reviewed = {}) {
  const [before, after] = [baseFile, revisionFile].map((file) => parse(readFileSync(file, 'utf8')));
  const found = [];
  const rated = [];
  for (const change of (await diff(baseFile, revisionFile)).changes) {
    // Redocly calls any modification without a verdict a patch: it is rated below.
    if (change.verdicts.length === 0 && change.kind === 'modified') continue;
    rated.push(...placesOf(change));
    const words = change.verdicts.map(({ message }) => message).join(' ') || `${change.kind} (${change.typeName})`;
    found.push([change.impact, change.path, words]);
  }
  const own = [...names(before, after), ...openEnums(before, after)];
  found.push(...own);
  rated.push(...own.map(([, place]) => place));

  const [old, now] = [leaves(before), leaves(after)];
  for (const pointer of new Set([...old.keys(), ...now.keys()])) {
    const difference = { pointer, before: old.get(pointer), after: now.get(pointer) };
    if (difference.before === difference.after || pointer === '#/info/version') continue;
    // The target of a reference is compared; its name is rated above.
    if (pointer.endsWith('/$ref') && difference.before && difference.after) continue;
    const rule = RULES.map((rule) => rule(difference)).find(Boolean);
    if (rule) found.push([rule[0], pointer, rule[1]]);
    else if (reviewed[pointer]) found.push([reviewed[pointer], pointer, 'rated in openapi/released/reviewed.json']);
    else if (isWords(pointer)) found.push(['patch', pointer, 'words or examples changed']);
    else if (!rated.some((place) => touches(place, pointer))) {
      found.push([undefined, pointer, `changed from ${difference.before} to ${difference.after}`]);
    }
  }
  return found.map(([bump, place, words]) => ({ bump, place, words }));
}

/** The bump from one version to the next; undefined if there is none. */
export function bumpBetween(before, after) {
  const [old, now] = [before, after].map((version) => version.split('.').map(Number));
  for (const [index, bump] of ['major', 'minor', 'patch'].entries()) {
    if (now[index] > old[index]) return bump;
    if (now[index] < old[index]) return undefined;
  }
  return 'none';
}
