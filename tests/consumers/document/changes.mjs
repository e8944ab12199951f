// The changes between two specs, and the bump of info.version that they require, from the point of view of
// those who use a client generated from the spec.
//
// Every difference has a rule in `rating/`, or else no rating: then a human must decide and write one down in
// openapi/released/reviewed.json. README.md says which comparing tools were tried instead.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { below, Comparison, larger, same, WORDS } from './rating/finding.mjs';
import { compareParameter, comparePaths, compareResponse, compareSecurity } from './rating/operations.mjs';
import { compareComponentSchemas } from './rating/schemas.mjs';

export { larger };

/** The rules of the top of a spec. */
function compareRoots(comparison) {
  const { before, after } = comparison;
  comparison.keys(before, after, '#', {
    openapi: (old, now, at) => {
      const [one, other] = [old, now].map((version) => version.split('.').slice(0, 2));
      comparison.value(same(one, other) ? 'patch' : 'major', at, old, now, 'the version of OpenAPI');
    },
    externalDocs: 'patch',
    info: (old, now, at) =>
      comparison.keys(old, now, at, {
        ...WORDS,
        version: () => {},
        // Generated packages are named after it.
        title: 'major',
        contact: 'patch',
        license: 'patch',
        termsOfService: 'patch',
      }),
    servers: (old, now, at) => compareServers(comparison, old, now, at),
    // Names of tags are compared in the operations that have them.
    tags: (old, now, at) => comparison.value('patch', at, old, now, 'tags and their words'),
    security: (old, now, at) => compareSecurity(comparison, old, now, at),
    paths: () => {},
    components: (old, now, at) => compareComponents(comparison, old, now, at),
  });
  // Operations inherit security from the top, and parameters refer to components: always compared.
  comparePaths(comparison, '#/paths');
}

/** Generated clients call the first server, unless told otherwise; the others are a list to choose from. */
function compareServers(comparison, before = [], after = [], place) {
  const url = (servers, index) => servers[index]?.url;
  comparison.value('major', below(place, 0), url(before, 0), url(after, 0), 'the default server');
  const [old, now] = [before, after].map((servers) => Object.fromEntries(servers.map((server) => [server.url, server])));
  comparison.entries(old, now, place, {
    removed: (name, at) => comparison.add('major', at, `the server ${name} was removed`),
    added: (name, at) => comparison.add('minor', at, `the server ${name} was added`),
    both: (one, other, at) => comparison.keys(one, other, at, { description: 'patch', variables: 'major' }),
  });
  if (same(old, now)) comparison.value('patch', place, Object.keys(old), Object.keys(now), 'the order of the servers');
}

/** Components by section. Only schemas and security schemes have names that users write. */
function compareComponents(comparison, before = {}, after = {}, place) {
  const section = (both) => (old, now, at) =>
    comparison.entries(old, now, at, {
      removed: (name, inside) => comparison.add('patch', inside, `${name} was removed or renamed`),
      added: (name, inside) => comparison.add('patch', inside, `${name} was added`),
      both: (one, other, inside) => both(comparison, one, other, inside),
    });
  comparison.keys(before, after, place, {
    schemas: (old, now, at) => compareComponentSchemas(comparison, at),
    parameters: section(compareParameter),
    responses: section(compareResponse),
    examples: 'patch',
    securitySchemes: (old, now, at) =>
      comparison.entries(old, now, at, {
        removed: (name, inside) => comparison.add('major', inside, `${name} was removed or renamed`),
        added: (name, inside) => comparison.add('minor', inside, `${name} was added`),
        both: (one, other, inside) => compareScheme(comparison, one, other, inside),
      }),
  });
}

function compareScheme(comparison, before, after, place) {
  const address = (old, now, at) => comparison.value(old === undefined ? 'minor' : 'major', at, old, now, 'address of the login');
  const flow = (old, now, at) =>
    comparison.keys(old, now, at, {
      authorizationUrl: address,
      tokenUrl: address,
      refreshUrl: address,
      scopes: (one, other, inside) =>
        comparison.entries(one, other, inside, {
          removed: (name, place) => comparison.add('major', place, `the scope ${name} was removed`),
          added: (name, place) => comparison.add('minor', place, `the scope ${name} was added`),
          both: (words, others, place) => comparison.value('patch', place, words, others, 'words changed'),
        }),
    });
  comparison.keys(before, after, place, {
    ...WORDS,
    type: 'major',
    name: 'major',
    in: 'major',
    scheme: 'major',
    bearerFormat: 'patch',
    openIdConnectUrl: 'major',
    flows: (old, now, at) =>
      comparison.entries(old, now, at, {
        removed: (name, inside) => comparison.add('major', inside, `the flow ${name} was removed`),
        added: (name, inside) => comparison.add('minor', inside, `the flow ${name} was added`),
        both: flow,
      }),
  });
}

/** All changes as `{bump, place, words}`; an undefined bump needs a human. */
export function changes(before, after, reviewed = {}) {
  const comparison = new Comparison(before, after);
  compareRoots(comparison);
  return comparison.found.map((change) =>
    change.bump === undefined && reviewed[change.place]
      ? { ...change, bump: reviewed[change.place], words: `${change.words} (rated in openapi/released/reviewed.json)` }
      : change,
  );
}

/** The changes between two files. */
export const changesOfFiles = (...[before, after, reviewed]) =>
  changes(...[before, after].map((file) => parse(readFileSync(file, 'utf8'))), reviewed);

/** The bump from one version to the next; undefined if there is none. */
export function bumpBetween(before, after) {
  const [old, now] = [before, after].map((version) => version.split('.').map(Number));
  for (const [index, bump] of ['major', 'minor', 'patch'].entries()) {
    if (now[index] > old[index]) return bump;
    if (now[index] < old[index]) return undefined;
  }
  return 'none';
}
