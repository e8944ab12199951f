// How changed operations, parameters and responses are rated, as users of a generated client notice them.
import { below, resolve, same, WORDS } from './finding.mjs';
import { compareSchema, REQUEST, RESPONSE } from './schemas.mjs';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Operations by the name of their parent in the spec: path, then method. */
export function comparePaths(comparison, place) {
  comparison.entries(comparison.before.paths, comparison.after.paths, place, {
    removed: (path, at) => comparison.add('major', at, `${path} was removed or renamed`),
    added: (path, at) => comparison.add('minor', at, `${path} was added`),
    both: (before, after, at) => {
      const operations = Object.fromEntries(
        METHODS.map((method) => [method, (old, now, inside) => operation(comparison, [before, old], [after, now], inside)]),
      );
      // The parameters of a path are those of each of its operations.
      const parameters = () => {
        for (const method of METHODS.filter((method) => before[method] && after[method])) {
          compareParameters(comparison, [before, before[method]], [after, after[method]], below(at, method));
        }
      };
      comparison.keys(before, after, at, { ...WORDS, ...operations, parameters, servers: 'major' });
      // Security may change for an operation that does not: at the top of the spec.
      for (const method of METHODS.filter((method) => before[method] && after[method])) {
        const inside = below(below(at, method), 'security');
        const [old, now] = [before[method].security ?? comparison.before.security, after[method].security ?? comparison.after.security];
        compareSecurity(comparison, old, now, inside);
      }
    },
  });
}

function operation(comparison, [oldItem, before], [newItem, after], place) {
  if (before === undefined) return comparison.add('minor', place, `the operation ${after.operationId} was added`);
  if (after === undefined) return comparison.add('major', place, `the operation ${before.operationId} was removed`);
  comparison.keys(before, after, place, {
    ...WORDS,
    operationId: 'major',
    // Modules and classes are named after tags.
    tags: 'major',
    deprecated: 'minor',
    servers: 'major',
    security: () => {},
    parameters: () => compareParameters(comparison, [oldItem, before], [newItem, after], place),
    requestBody: (old, now, at) => requestBody(comparison, old, now, at),
    responses: (old, now, at) => responses(comparison, old, now, at),
    'x-pagination': (old, now, at) => payload(comparison, old, now, at),
    'x-entity': (old, now, at) => payload(comparison, old, now, at),
    'x-command': 'patch',
  });
}

/** All parameters of an operation, by place and name, in their order. */
function parametersOf(spec, [item, operation]) {
  const found = new Map();
  for (const parameter of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const { in: where, name } = resolve(spec, parameter) ?? {};
    found.set(`${where} parameter ${name}`, parameter);
  }
  return found;
}

function compareParameters(comparison, before, after, pointer) {
  const place = below(pointer, 'parameters');
  const [old, now] = [parametersOf(comparison.before, before), parametersOf(comparison.after, after)];
  for (const [name, parameter] of old) {
    if (!now.has(name)) comparison.add('major', place, `the ${name} was removed, renamed or moved`);
    else {
      const pair = comparison.targets(parameter, now.get(name), `${place}/${[...now.keys()].indexOf(name)}`);
      if (pair) compareParameter(comparison, ...pair, `${place}/${[...now.keys()].indexOf(name)}`);
    }
  }
  const shared = [...now.keys()].filter((name) => old.has(name));
  const unmoved = same(shared, [...old.keys()].filter((name) => now.has(name)));
  if (!unmoved) comparison.add('major', place, 'parameters are in another order: so are the arguments of generated methods');
  const last = [...now.keys()].findLastIndex((name) => old.has(name));
  for (const [index, name] of [...now.keys()].entries()) {
    if (old.has(name)) continue;
    const required = resolve(comparison.after, now.get(name)).required === true;
    if (required) comparison.add('major', place, `the required ${name} was added`);
    else if (index < last) comparison.add('major', place, `the ${name} was added before others, whose arguments move: put it last`);
    else comparison.add('minor', place, `the optional ${name} was added`);
  }
}

/** Compares two parameters of the same name. */
export function compareParameter(comparison, before, after, place) {
  comparison.keys(before, after, place, {
    ...WORDS,
    name: 'major',
    in: 'major',
    required: (old, now, at) => comparison.value(now ? 'major' : 'minor', at, old, now, 'required'),
    allowEmptyValue: (old, now, at) => comparison.value(now ? 'minor' : 'major', at, old, now, 'may be empty'),
    style: 'major',
    explode: 'major',
    allowReserved: 'major',
    content: 'major',
    deprecated: 'minor',
    schema: (old, now, at) => compareSchema(comparison, old, now, at, REQUEST),
  });
}

function requestBody(comparison, before, after, place) {
  if (before === undefined) {
    const required = resolve(comparison.after, after).required === true;
    return comparison.add(required ? 'major' : 'minor', place, `${required ? 'a required' : 'an optional'} body was added`);
  }
  if (after === undefined) return comparison.add('major', place, 'the body was removed');
  const pair = comparison.targets(before, after, place);
  if (!pair) return undefined;
  return comparison.keys(...pair, place, {
    ...WORDS,
    required: (old, now, at) => comparison.value(now ? 'major' : 'minor', at, old, now, 'required'),
    content: (old, now, at) => content(comparison, old, now, at, REQUEST),
  });
}

function responses(comparison, before, after, place) {
  comparison.entries(before, after, place, {
    removed: (status, at) => comparison.add('major', at, `the response ${status} was removed`),
    added: (status, at) => {
      const error = /^[45]/.test(status);
      comparison.add(error ? 'minor' : 'major', at, `the response ${status} was added${error ? '' : ': methods return another type'}`);
    },
    both: (old, now, at) => {
      const pair = same(old, now) ? undefined : comparison.targets(old, now, at);
      if (pair) compareResponse(comparison, ...pair, at);
    },
  });
}

/** Compares two responses with the same status. */
export function compareResponse(comparison, before, after, place) {
  comparison.keys(before, after, place, {
    ...WORDS,
    links: 'patch',
    headers: (old, now, at) => {
      comparison.entries(old, now, at, {
        removed: (name, inside) => comparison.add('major', inside, `the header ${name} was removed`),
        added: (name, inside) => comparison.add('minor', inside, `the header ${name} was added`),
        both: (one, other, inside) => {
          const pair = comparison.targets(one, other, inside);
          if (pair) compareHeader(comparison, ...pair, inside);
        },
      });
    },
    content: (old, now, at) => content(comparison, old, now, at, RESPONSE),
  });
}

function compareHeader(comparison, before, after, place) {
  comparison.keys(before, after, place, {
    ...WORDS,
    required: 'major',
    deprecated: 'minor',
    schema: (old, now, at) => compareSchema(comparison, old, now, at, RESPONSE),
  });
}

function content(comparison, before, after, place, use) {
  comparison.entries(before, after, place, {
    removed: (type, at) => comparison.add('major', at, `${type} was removed`),
    added: (type, at) => comparison.add('minor', at, `${type} was added`),
    both: (old, now, at) =>
      comparison.keys(old, now, at, {
        ...WORDS,
        schema: (one, other, inside) => compareSchema(comparison, one, other, inside, use),
      }),
  });
}

/** `x-pagination` and `x-entity`: where the payload of a response is. */
function payload(comparison, before, after, place) {
  if (before === undefined) return comparison.add('minor', place, 'the place of the payload was added');
  if (after === undefined) return comparison.add('major', place, 'the place of the payload was removed');
  // `table` is the name of the list in the documentation; `personal` concerns the CLI alone, as `x-command` does.
  const members = { connection: 'major', path: 'major', item: 'major', table: 'patch', personal: 'patch' };
  return comparison.keys(before, after, place, members);
}

/** Whether credentials that satisfied the first requirement satisfy the second. */
const covers = (had, needed) =>
  Object.entries(needed).every(([scheme, scopes]) => had[scheme] && scopes.every((scope) => had[scheme].includes(scope)));

/** Alternatives, of which a client needs one. */
export function compareSecurity(comparison, before = [], after = [], place) {
  if (same(before, after)) return;
  const needed = after.length === 0 ? [{}] : after;
  const refused = (before.length === 0 ? [{}] : before).filter((had) => !needed.some((one) => covers(had, one)));
  const words = refused.length > 0 ? 'credentials that were enough are refused' : 'fewer or other credentials are accepted too';
  comparison.value(refused.length > 0 ? 'major' : 'minor', place, before, after, words);
}
