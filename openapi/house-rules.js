// Rules of browse.yaml that Redocly's assertions cannot express.

/** The names that some generator renames, or that clash with a type of its language. */
const RENAMED = new Set(['ApiError', 'Client', 'Error', 'ErrorResponse', 'Object', 'Response']);

/** An inline object gets a made-up name in every language. */
function noInlineObject() {
  return {
    Schema(schema, { report, location }) {
      const named = /^#\/components\/schemas\/[^/]+$/.test(location.pointer);
      if (schema.type === 'object' && !named) {
        report({ message: 'an inline object gets a made-up name in each language: refer to a component' });
      }
    },
  };
}

/** Only an object of which nothing is known says so: TypeScript would read an empty one without it. */
function openObjects() {
  return {
    Schema(schema, { report }) {
      const isUnknown = schema.type === 'object' && schema.properties === undefined;
      if (isUnknown && schema.additionalProperties !== true) {
        report({ message: 'an object without properties is empty in TypeScript: write additionalProperties: true' });
      }
      if (!isUnknown && schema.additionalProperties !== undefined) {
        report({
          message: 'additionalProperties in a response closes it, or takes the checks from TypeScript: leave it out',
        });
      }
    },
  };
}

/** An integer without a format has another size in each language. */
function integersHaveASize() {
  return {
    Schema(schema, { report }) {
      if (schema.type === 'integer' && schema.format === undefined) {
        report({ message: 'an integer without a format has another size in each language: int32 or int64' });
      }
    },
  };
}

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

export default function houseRules() {
  return {
    id: 'house',
    rules: {
      oas3: {
        'no-inline-object': noInlineObject,
        'open-objects': openObjects,
        'integers-have-a-size': integersHaveASize,
        'both-credentials': bothCredentials,
        'names-no-generator-changes': namesNoGeneratorChanges,
        'retry-after-is-ours': retryAfterIsOurs,
        'every-code-has-an-example': everyCodeHasAnExample,
      },
    },
  };
}
