// Rules of browse.yaml that Redocly's assertions cannot express. What the Rust generator cannot handle is
// checked by `cargo xtask lint`.

/** The names that some generator renames, or that clash with a type of its language. */
const RENAMED = new Set(['ApiError', 'Client', 'Error', 'ErrorResponse', 'Object', 'Response']);

/** Each operation asks for the profile and for a token with a scope, both at once. */
function bothCredentials() {
  let common;
  return {
    Root(root) {
      common = root.security;
    },
    Operation(operation, { report }) {
      const security = operation.security ?? common ?? [];
      const [both] = security;
      const complete = security.length === 1 && both?.SecurityProfile && both?.LoginWithAmazon?.length === 1;
      if (!complete) {
        report({ message: 'an operation needs one item with SecurityProfile and LoginWithAmazon and its scope' });
      }
    },
  };
}

/** A schema keeps its name in every language. */
function namesNoGeneratorChanges() {
  return {
    NamedSchemas(schemas, { report, location }) {
      for (const name of Object.keys(schemas)) {
        if (RENAMED.has(name) || !/^[A-Z][A-Za-z0-9]*$/.test(name)) {
          report({
            message: `generators rename ${name}: write another name in UpperCamelCase, such as ErrorDetail`,
            location: location.child([name]).key(),
          });
        }
      }
    },
  };
}

/** The documentation says nothing of Retry-After, so the document must say that it does not. */
function retryAfterIsOurs() {
  return {
    Header(header, { report, key }) {
      if (key === 'Retry-After' && !header.description?.includes('Not documented by Amazon')) {
        report({ message: 'Retry-After is common practice only: write "Not documented by Amazon"' });
      }
    },
  };
}

/** Each known error code can be seen in an example. */
function everyCodeHasAnExample() {
  return {
    Root(root, { report, location }) {
      const codes = root.components?.schemas?.ErrorCode?.['x-extensible-enum'] ?? [];
      const shown = Object.values(root.components?.examples ?? {}).map(({ value }) => value?.error?.code);
      for (const code of codes.filter((code) => !shown.includes(code))) {
        report({
          message: `no example shows the error code ${code}: add one to components.examples`,
          location: location.child(['components', 'examples']).key(),
        });
      }
    },
  };
}

const isObject = (value) => typeof value === 'object' && value !== null;

/** The target of a local reference, or the value itself. */
function resolve(root, value) {
  const steps = value?.$ref?.startsWith('#/') ? value.$ref.slice(2).split('/') : undefined;
  const unescaped = (step) => step.replaceAll('~1', '/').replaceAll('~0', '~');
  return steps ? steps.reduce((tree, step) => tree?.[unescaped(step)], root) : value;
}

/** All operations, each with its keys from the root. */
function operationsOf(root) {
  return Object.entries(root.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation?.responses)
      .map(([verb, operation]) => ({ keys: ['paths', path, verb], item, operation })),
  );
}

/** Names that differ in case or in separators are one name in some language: `title` and `Title` in Go. */
function namesDifferInMoreThanCase() {
  const check = (names, report, location) => {
    const seen = new Map();
    for (const name of names) {
      const common = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
      const message = `${seen.get(common)} and ${name} are one name in some languages: choose another`;
      if (seen.has(common)) report({ message, location: location.child([name]).key() });
      seen.set(common, name);
    }
  };
  return {
    SchemaProperties: (properties, { report, location }) => check(Object.keys(properties), report, location),
    NamedSchemas: (schemas, { report, location }) => check(Object.keys(schemas), report, location),
    Root(root, { report, location }) {
      const paths = location.child(['paths']);
      check(operationsOf(root).map(({ operation }) => operation.operationId ?? ''), report, { child: () => paths });
    },
  };
}

/** Generated clients enforce these on responses: a longer list or a null would fail the whole page. */
function noLimitsOnResponses() {
  const LIMITS = ['nullable', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'];
  return {
    Schema(schema, { report, location }) {
      for (const keyword of LIMITS.filter((keyword) => keyword in schema)) {
        report({ message: `clients enforce ${keyword} on responses: leave it out`, location: location.child([keyword]).key() });
      }
    },
  };
}

/** An example of an error carries the status that it stands under. */
function errorsUnderTheirStatus() {
  return {
    Root(root, { report, location }) {
      for (const { keys, operation } of operationsOf(root)) {
        for (const [status, response] of Object.entries(operation.responses)) {
          const { examples } = resolve(root, response)?.content?.['application/json'] ?? {};
          for (const [name, example] of Object.entries(examples ?? {})) {
            const { error } = resolve(root, example)?.value ?? {};
            const right = status === '200' ? error === undefined : error?.status === status;
            if (!right) {
              const message = `the example ${name} is an error with status ${error?.status ?? 'none'}, under ${status}`;
              report({ message, location: location.child([...keys, 'responses', status]).key() });
            }
          }
        }
      }
    },
  };
}

/** The hosts of the service, its documentation and this spec. */
const HOSTS = new Set([
  'api.amazon.com',
  'api.music.amazon.dev',
  'developer.amazon.com',
  'm.media-amazon.com',
  'music.amazon.com',
  'www.amazon.com',
  'spdx.org',
]);

/** Copies of the documentation hold the host of a proxy in their URLs, and none of the hosts needs plain http. */
function knownHosts() {
  const visit = (value, location, report) => {
    if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) visit(inner, location.child([key]), report);
    } else if (typeof value === 'string') {
      for (const [, scheme, host] of value.matchAll(/\b(https?):\/\/([^\s/:?#<>)\]'"`]+)/gi)) {
        const sandbox = host === '127.0.0.1';
        if (!sandbox && scheme.toLowerCase() !== 'https') report({ message: `http://${host}: write https`, location });
        if (!sandbox && !HOSTS.has(host)) {
          report({ message: `${host} is no host of the service: is it that of a proxy? Else add it to house-rules.js`, location });
        }
      }
    }
  };
  return { Root: (root, { report, location }) => visit(root, location, report) };
}

const isCommand = (value) => Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');

/** The extensions of this spec: the fields of those that are objects, and the form of others. */
const EXTENSIONS = {
  'x-pagination': ['connection', 'item', 'table', 'personal'],
  'x-entity': ['path', 'item'],
  'x-command': (value) => isCommand(value) || (Array.isArray(value) && value.every(isCommand)) || 'a list of words, or of such lists',
  'x-column': (value) => typeof value === 'boolean' || '`false`, or left out',
  'x-extensible-enum': undefined,
};

/** A misspelt extension is accepted by every tool, and does nothing. */
function knownExtensions() {
  // Below these keys the names are the service's own.
  const NAMED = new Set(['properties', 'headers', 'schemas', 'examples', 'parameters', 'responses', 'securitySchemes']);
  const VALUES = new Set(['example', 'value', 'default']);
  const visit = (value, location, report, named) => {
    if (!isObject(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const at = location.child([key]);
      if (!named && /^x[-_]/i.test(key)) {
        if (!(key in EXTENSIONS)) {
          report({ message: `${key} is no extension of this spec: one of ${Object.keys(EXTENSIONS).join(', ')}`, location: at.key() });
        }
        const form = EXTENSIONS[key];
        const wanted = typeof form === 'function' ? form(inner) : true;
        if (wanted !== true) report({ message: `${key} is ${wanted}`, location: at });
        const fields = typeof form === 'function' ? undefined : form;
        for (const field of fields ? Object.keys(inner).filter((field) => !fields.includes(field)) : []) {
          report({ message: `${key} has no field ${field}: one of ${fields.join(', ')}`, location: at.child([field]).key() });
        }
      } else if (named || !VALUES.has(key)) {
        visit(inner, at, report, !named && NAMED.has(key) && !Array.isArray(inner));
      }
    }
  };
  return { Root: (root, { report, location }) => visit(root, location, report, false) };
}

/** The headers of every operation, and what a list takes in addition. */
const COMMON = ['Accept-Language', 'amzn-image-style', 'X-Amzn-Device-Id'];
const OF_LISTS = ['limit', 'cursor'];

function commonParameters() {
  return {
    Root(root, { report, location }) {
      for (const { keys, item, operation } of operationsOf(root)) {
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
        const names = parameters.map((parameter) => resolve(root, parameter)?.name);
        const needed = operation['x-pagination'] ? [...OF_LISTS, ...COMMON] : COMMON;
        for (const name of needed.filter((name) => !names.includes(name))) {
          const place = location.child(keys).key();
          report({ message: `the parameter ${name} is missing: ${OF_LISTS.includes(name) ? 'a list' : 'every operation'} takes it`, location: place });
        }
      }
    },
  };
}

/** Clients retry every operation, which is safe for reads only. */
function readsOnly() {
  return {
    PathItem(item, { report, location }) {
      for (const verb of ['put', 'post', 'delete', 'options', 'head', 'patch', 'trace'].filter((verb) => verb in item)) {
        const message = `${verb} needs a review: retries, the sandbox and this rule assume that operations only read`;
        report({ message, location: location.child([verb]).key() });
      }
    },
  };
}

/** Generated clients call the first server unless they are told otherwise. */
function liveServerFirst() {
  return {
    Root(root, { report, location }) {
      if (root.servers?.[0]?.url !== 'https://api.music.amazon.dev/v1') {
        report({ message: 'the first server is the live service: clients call it by default', location: location.child(['servers']).key() });
      }
    },
  };
}

export default function houseRules() {
  return {
    id: 'house',
    rules: {
      oas3: {
        'both-credentials': bothCredentials,
        'names-no-generator-changes': namesNoGeneratorChanges,
        'retry-after-is-ours': retryAfterIsOurs,
        'every-code-has-an-example': everyCodeHasAnExample,
        'names-differ-in-more-than-case': namesDifferInMoreThanCase,
        'no-limits-on-responses': noLimitsOnResponses,
        'errors-under-their-status': errorsUnderTheirStatus,
        'known-hosts': knownHosts,
        'known-extensions': knownExtensions,
        'common-parameters': commonParameters,
        'reads-only': readsOnly,
        'live-server-first': liveServerFirst,
      },
    },
  };
}
