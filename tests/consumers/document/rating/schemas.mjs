// How a changed schema is rated. A request that was valid must stay valid; a type read from a response must
// stay the type that it was.
import { below, isObject, resolve, same, shown, WORDS } from './finding.mjs';

/** Where a schema is used. */
export const REQUEST = { request: true, response: false };
export const RESPONSE = { request: false, response: true };

/** Finds what component schemas are used for, in either spec. */
export function usesOfSchemas(...specs) {
  const uses = new Map();
  const visit = (spec, value, use) => {
    if (Array.isArray(value)) value.forEach((inner) => visit(spec, inner, use));
    if (!isObject(value)) return;
    const [, name] = value.$ref?.match(/^#\/components\/schemas\/(.+)$/) ?? [];
    if (name) {
      const known = uses.get(name) ?? { request: false, response: false };
      if (known[use]) return;
      uses.set(name, { ...known, [use]: true });
    }
    if (value.$ref) visit(spec, resolve(spec, value), use);
    else for (const [key, inner] of Object.entries(value)) if (key !== 'example' && key !== 'examples') visit(spec, inner, use);
  };
  for (const spec of specs) {
    for (const item of Object.values(spec.paths ?? {})) {
      visit(spec, item.parameters, 'request');
      for (const operation of Object.values(item)) {
        visit(spec, operation.parameters, 'request');
        visit(spec, operation.requestBody, 'request');
        visit(spec, operation.responses, 'response');
      }
    }
  }
  return uses;
}

/** Compares two schemas, of which either may be a reference. */
export function compareSchema(comparison, before, after, place, use) {
  if (before === undefined || after === undefined) {
    comparison.value('major', place, before, after, 'schema');
  } else if (before.$ref || after.$ref) {
    // What a component holds is compared once, under its name.
    const words = 'generated code has another type here, even if the shape is the same';
    if (before.$ref !== after.$ref) comparison.value('major', place, before.$ref, after.$ref, words);
  } else {
    comparison.keys(before, after, place, rules(comparison, before, after, use));
  }
}

/** The rules of the keywords. */
function rules(comparison, before, after, use) {
  // A limit of a request may be loosened. In a response every limit is part of a type, or of its validation.
  const limit = (isLooser) => (old, now, place) => {
    const loosened = !use.response && (now === undefined || (old !== undefined && isLooser(old, now)));
    comparison.value(loosened ? 'minor' : 'major', place, old, now, loosened ? 'loosened' : 'tightened');
  };
  const upper = limit((old, now) => now > old);
  const lower = limit((old, now) => now < old);
  const nested = (old, now, place) => compareSchema(comparison, old, now, place, use);
  return {
    ...WORDS,
    // Python classes are named after a title.
    title: 'major',
    type: 'major',
    format: 'major',
    default: 'major',
    allOf: 'major',
    oneOf: 'major',
    anyOf: 'major',
    not: 'major',
    discriminator: 'major',
    readOnly: 'major',
    writeOnly: 'major',
    xml: 'patch',
    // Of the CLI alone.
    'x-column': 'patch',
    additionalProperties: 'major',
    deprecated: 'minor',
    maximum: upper,
    maxLength: upper,
    maxItems: upper,
    maxProperties: upper,
    minimum: lower,
    minLength: lower,
    minItems: lower,
    minProperties: lower,
    exclusiveMaximum: limit((old, now) => !now),
    exclusiveMinimum: limit((old, now) => !now),
    uniqueItems: limit((old, now) => !now),
    multipleOf: limit((old, now) => old % now === 0),
    nullable: limit((old, now) => Boolean(now)),
    pattern(old, now, place) {
      // Which of two patterns allows more is for a human to see.
      const changed = !use.response && old !== undefined && now !== undefined;
      if (changed) comparison.value(undefined, place, old, now, 'pattern');
      else limit(() => false)(old, now, place);
    },
    enum(old, now, place) {
      if (old === undefined || now === undefined) comparison.value('major', place, old, now, 'the set of values');
      else values(comparison, old, now, place, use.response ? 'major' : 'minor');
    },
    'x-extensible-enum'(old, now, place) {
      if (old === undefined || now === undefined) comparison.value('major', place, old, now, 'the known values');
      else values(comparison, old, now, place, 'minor');
    },
    required(old = [], now = [], place) {
      for (const name of now.filter((name) => !old.includes(name))) {
        const isNew = before.properties && !(name in before.properties);
        if (use.request || !isNew) comparison.add('major', place, `${name} became required: its type or the request changes`);
      }
      for (const name of old.filter((name) => !now.includes(name))) {
        if (name in (after.properties ?? {})) {
          comparison.add(use.response ? 'major' : 'minor', place, `${name} became optional`);
        }
      }
    },
    properties(old, now, place) {
      comparison.entries(old, now, place, {
        removed: (name, at) => comparison.add('major', at, `the field ${name} was removed or renamed`),
        added: (name, at) => comparison.add('minor', at, `the field ${name} was added`),
        both: nested,
      });
    },
    items: nested,
  };
}

/** Values are compared as a set: their order says nothing. */
function values(comparison, old, now, place, whenAdded) {
  for (const value of old.filter((value) => !now.includes(value))) {
    comparison.add('major', place, `the value ${shown(value)} was removed`);
  }
  for (const value of now.filter((value) => !old.includes(value))) {
    comparison.add(whenAdded, place, `the value ${shown(value)} was added`);
  }
}

/** Types are named after component schemas: a removed name breaks the code that uses it. */
export function compareComponentSchemas(comparison, place) {
  const uses = usesOfSchemas(comparison.before, comparison.after);
  const [old, now] = [comparison.before, comparison.after].map(({ components }) => components?.schemas);
  comparison.entries(old, now, place, {
    removed: (name, at) => comparison.add('major', at, `${name} was removed or renamed: so are generated types`),
    added: (name, at) => comparison.add('minor', at, `${name} was added`),
    both: (before, after, at, name) => {
      if (!same(before, after)) compareSchema(comparison, before, after, at, uses.get(name) ?? { request: true, response: true });
    },
  });
}
