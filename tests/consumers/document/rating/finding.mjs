// What the rules of the rating share: findings, references, and objects compared key by key.

const ORDER = ['none', 'patch', 'minor', 'major'];

/** The larger of two bumps. */
export const larger = (one, other) => (ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other);

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether two values are equal. The order of keys says nothing, the order of a list does. */
export function same(one, other) {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => same(value, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => same(one[key], other[key]));
}

/** A JSON pointer one step below another one. */
export const below = (pointer, key) => `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** A value in a sentence, or its beginning. */
export function shown(value) {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** The two specs that are compared, and the changes found so far. */
export class Comparison {
  constructor(before, after) {
    this.before = before;
    this.after = after;
    this.found = [];
  }

  /** Adds a change. An undefined bump needs a human. */
  add(bump, place, words) {
    const known = this.found.some((other) => other.place === place && other.words === words && other.bump === bump);
    if (!known) this.found.push({ bump, place, words });
  }

  /** Adds the change of one value, if it changed. */
  value(bump, place, before, after, words = 'changed') {
    if (same(before, after)) return;
    this.add(bump, place, bump === 'patch' ? words : `${words}: ${shown(before)} became ${shown(after)}`);
  }

  /** The targets of two values that may be references; undefined if both are the same reference. */
  targets(before, after, place) {
    if (before?.$ref === undefined && after?.$ref === undefined) return [before, after];
    if (before?.$ref === after?.$ref) return undefined;
    this.add('patch', place, `${before?.$ref ?? 'what stands here'} was replaced by ${after?.$ref ?? 'what stands here'}`);
    return [resolve(this.before, before), resolve(this.after, after)];
  }

  /** Compares two objects key by key. A key without a rule is left to a human. */
  keys(before, after, pointer, rules) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (same(before[key], after[key])) continue;
      const place = below(pointer, key);
      const rule = rules[key];
      if (typeof rule === 'function') rule(before[key], after[key], place);
      else this.value(rule, place, before[key], after[key], rule === 'patch' ? 'words or examples changed' : key);
    }
  }

  /** Compares what two maps hold under the same names; calls `one` for what both have. */
  entries(before = {}, after = {}, pointer, { removed, added, both }) {
    for (const name of Object.keys(before)) {
      if (!(name in after)) removed(name, below(pointer, name));
      else if (both) both(before[name], after[name], below(pointer, name), name);
    }
    for (const name of Object.keys(after)) if (!(name in before)) added(name, below(pointer, name), after[name]);
  }
}

/** The value itself, or what it refers to. */
export function resolve(spec, value) {
  let target = value;
  while (target?.$ref) {
    const steps = target.$ref.slice(2).split('/');
    target = steps.reduce((tree, step) => tree?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], spec);
  }
  return target;
}

/** Fields that only people read. */
export const WORDS = { description: 'patch', summary: 'patch', example: 'patch', examples: 'patch', externalDocs: 'patch' };
