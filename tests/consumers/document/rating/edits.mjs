// Edits of the spec, each with the bump that it requires; undefined: a human must decide.
//
// An edit changes a parsed copy of openapi/browse.yaml. It must not depend on more of the spec than it names.

/** Puts an entry into an object at an index, and keeps the order of the others. */
function insert(object, index, key, value) {
  const entries = Object.entries(object);
  entries.splice(index, 0, [key, value]);
  replace(object, entries);
}

/** Gives an entry another key in the same place. */
function rename(object, from, to) {
  if (!(from in object)) throw new Error(`${from} is not there`);
  replace(object, Object.entries(object).map(([key, value]) => [key === from ? to : key, value]));
}

function replace(object, entries) {
  for (const key of Object.keys(object)) delete object[key];
  for (const [key, value] of entries) object[key] = value;
}

/** Removes a field that is there. */
function remove(object, key) {
  if (!(key in object)) throw new Error(`${key} is not there`);
  delete object[key];
}

/** Redirects every reference to one target. */
function redirect(tree, from, to) {
  if (typeof tree !== 'object' || tree === null) return;
  if (tree.$ref === from) tree.$ref = to;
  for (const inner of Object.values(tree)) redirect(inner, from, to);
}

const PARAMETERS = '#/components/parameters/';
const SCHEMAS = '#/components/schemas/';
const top = (spec) => spec.paths['/browse/tracks/top'].get;
const albums = (spec) => spec.paths['/browse/categories/{id}/albums'].get;
const schema = (spec, name) => spec.components.schemas[name];
const field = (spec, name, property) => schema(spec, name).properties[property];
const media = (operation) => operation.responses['200'].content['application/json'];
const scheme = (spec) => spec.components.securitySchemes;
const flow = (spec) => scheme(spec).LoginWithAmazon.flows.authorizationCode;

export const EDITS = [
  // The first list: edits of every day.
  ['nothing', 'none', () => {}],
  ['a version alone', 'none', (spec) => (spec.info.version = '9.9.9')],
  ['a description', 'patch', (spec) => (field(spec, 'Album', 'title').description = 'The title of it.')],
  ['an example', 'patch', (spec) => (field(spec, 'Album', 'title').example = 'Lickety Split')],
  ['a new optional field', 'minor', (spec) => insert(schema(spec, 'Track').properties, 1, 'mood', { type: 'string', description: 'The mood.' })],
  ['a new known value', 'minor', (spec) => schema(spec, 'CategoryType')['x-extensible-enum'].push('MOOD')],
  ['a known value less', 'major', (spec) => schema(spec, 'ErrorCode')['x-extensible-enum'].pop()],
  ['a smaller largest page', 'major', (spec) => (schema(spec, 'LimitUpTo20').maximum = 10)],
  ['another default', 'major', (spec) => (schema(spec, 'LimitUpTo100').default = 50)],
  ['a renamed operation', 'major', (spec) => (top(spec).operationId = 'getBestTracks')],
  ['a renamed schema', 'major', (spec) => {
    rename(spec.components.schemas, 'PageInfo', 'Paging');
    redirect(spec, `${SCHEMAS}PageInfo`, `${SCHEMAS}Paging`);
  }],
  ['a renamed path', 'major', (spec) => rename(spec.paths, '/browse/tracks/top', '/browse/tracks/best')],
  ['a parameter that becomes required', 'major', (spec) => (spec.components.parameters.LimitUpTo20.required = true)],
  ['another type', 'major', (spec) => (field(spec, 'PageInfo', 'hasNextPage').type = 'string')],
  ['another place of the list', 'major', (spec) => (top(spec)['x-pagination'].connection = 'data.tracks')],
  ['a removed error', 'major', (spec) => remove(top(spec).responses, '422')],
  ['another scope', 'major', (spec) => (spec.security[0].LoginWithAmazon = ['music::library'])],
  ['an extension nobody knows', undefined, (spec) => (top(spec)['x-cache'] = 60)],

  // The second list: once rated wrongly.
  ['a new operation', 'minor', (spec) => {
    spec.paths['/browse/albums/new'] = { get: { ...structuredClone(top(spec)), operationId: 'getNewAlbums' } };
  }],
  ['a new optional parameter with a default', 'minor', (spec) => {
    top(spec).parameters.push({ name: 'order', in: 'query', description: 'The order.', schema: { type: 'string', default: 'name' } });
  }],
  ['parameters in another order', 'major', (spec) => top(spec).parameters.reverse()],
  ['a title of a schema', 'major', (spec) => (schema(spec, 'Track').title = 'Song')],
  ['a response of another schema of the same shape', 'major', (spec) => {
    spec.components.schemas.SameResponse = structuredClone(schema(spec, 'TopTracksResponse'));
    media(top(spec)).schema.$ref = `${SCHEMAS}SameResponse`;
  }],
  ['a requirement of security less', 'minor', (spec) => remove(spec.security[0], 'SecurityProfile')],
  ['a limit swapped for the larger one', 'major', (spec) => (top(spec).parameters[0].$ref = `${PARAMETERS}LimitUpTo100`)],
  ['a limit swapped for the smaller one', 'major', (spec) => (albums(spec).parameters[1].$ref = `${PARAMETERS}LimitUpTo20`)],

  // The third list: parameters and requests.
  ['a removed optional parameter', 'major', (spec) => top(spec).parameters.pop()],
  ['a new required parameter', 'major', (spec) => {
    top(spec).parameters.push({ name: 'market', in: 'query', required: true, schema: { type: 'string' } });
  }],
  ['a new optional parameter before the others', 'major', (spec) => {
    top(spec).parameters.unshift({ name: 'market', in: 'query', schema: { type: 'string' } });
  }],
  ['a renamed parameter', 'major', (spec) => (spec.components.parameters.Cursor.name = 'token')],
  ['a parameter in another place', 'major', (spec) => (spec.components.parameters.Cursor.in = 'header')],
  ['a renamed path parameter', 'major', (spec) => {
    rename(spec.paths, '/browse/categories/{id}', '/browse/categories/{key}');
    spec.paths['/browse/categories/{key}'].get.parameters[0] = { ...structuredClone(spec.components.parameters.CategoryId), name: 'key' };
  }],
  ['a larger largest page', 'minor', (spec) => (schema(spec, 'LimitUpTo20').maximum = 50)],
  ['a larger smallest page', 'major', (spec) => (schema(spec, 'LimitUpTo20').minimum = 2)],
  ['no smallest page', 'minor', (spec) => remove(schema(spec, 'LimitUpTo20'), 'minimum')],
  ['a longest id', 'major', (spec) => (schema(spec, 'CategoryId').maxLength = 128)],
  ['another pattern of ids', undefined, (spec) => (schema(spec, 'CategoryId').pattern = '^[A-Za-z0-9]+$')],
  ['no pattern of ids', 'minor', (spec) => remove(schema(spec, 'CategoryId'), 'pattern')],
  ['a default less', 'major', (spec) => remove(schema(spec, 'LimitUpTo20'), 'default')],
  ['another style of a parameter', 'major', (spec) => (spec.components.parameters.Cursor.explode = false)],
  ['a parameter of an inline type that gets a component', 'major', (spec) => {
    spec.components.schemas.Language = structuredClone(spec.components.parameters.AcceptLanguage.schema);
    spec.components.parameters.AcceptLanguage.schema = { $ref: `${SCHEMAS}Language` };
  }],
  ['a renamed component of a parameter', 'patch', (spec) => {
    rename(spec.components.parameters, 'Cursor', 'Position');
    redirect(spec, `${PARAMETERS}Cursor`, `${PARAMETERS}Position`);
  }],
  ['an optional body', 'minor', (spec) => (top(spec).requestBody = { content: { 'application/json': { schema: { type: 'object' } } } })],
  ['a required body', 'major', (spec) => {
    top(spec).requestBody = { required: true, content: { 'application/json': { schema: { type: 'object' } } } };
  }],
  ['another verb', 'major', (spec) => rename(spec.paths['/browse/tracks/top'], 'get', 'post')],
  ['a removed operation', 'major', (spec) => remove(spec.paths, '/browse/tracks/top')],
  ['a deprecated operation', 'minor', (spec) => (top(spec).deprecated = true)],
  ['another tag', 'major', (spec) => {
    spec.tags[0].name = 'Catalog';
    for (const item of Object.values(spec.paths)) item.get.tags = ['Catalog'];
  }],

  // The third list: responses.
  ['a removed field', 'major', (spec) => remove(schema(spec, 'Album').properties, 'label')],
  ['a renamed field', 'major', (spec) => rename(schema(spec, 'Album').properties, 'label', 'recordLabel')],
  ['a field that becomes required', 'major', (spec) => schema(spec, 'Album').required.push('title')],
  ['a field that becomes optional', 'major', (spec) => remove(schema(spec, 'Album'), 'required')],
  ['a new required field', 'minor', (spec) => {
    schema(spec, 'Album').properties.mood = { type: 'string', description: 'The mood.' };
    schema(spec, 'Album').required.push('mood');
  }],
  ['fields in another order', 'none', (spec) => {
    const { properties } = schema(spec, 'Album');
    replace(properties, Object.entries(properties).reverse());
  }],
  ['another format of a number', 'major', (spec) => (field(spec, 'Image', 'height').format = 'int32')],
  ['a format of a URL', 'major', (spec) => (field(spec, 'Track', 'url').format = 'uri')],
  ['a whole number that becomes a number', 'major', (spec) => (field(spec, 'TrackConnection', 'edgeCount').type = 'number')],
  ['a field that may be null', 'major', (spec) => (field(spec, 'Album', 'title').nullable = true)],
  ['a largest number of edges', 'major', (spec) => (field(spec, 'TrackConnection', 'edges').maxItems = 20)],
  ['an open enum that is closed', 'major', (spec) => rename(schema(spec, 'CategoryType'), 'x-extensible-enum', 'enum')],
  ['items of another schema', 'major', (spec) => (field(spec, 'Album', 'tracks').items.$ref = `${SCHEMAS}Track`)],
  ['no other fields', 'major', (spec) => (schema(spec, 'Release').additionalProperties = false)],
  ['a field whose component is written out', 'major', (spec) => {
    schema(spec, 'Image').properties.imageType = structuredClone(schema(spec, 'ImageType'));
  }],
  ['another media type', 'major', (spec) => rename(top(spec).responses['200'].content, 'application/json', 'application/hal+json')],
  ['a second media type', 'minor', (spec) => (top(spec).responses['200'].content['application/hal+json'] = structuredClone(media(top(spec))))],
  ['a new error', 'minor', (spec) => (top(spec).responses['503'] = { $ref: '#/components/responses/InternalServerError' })],
  ['a new success', 'major', (spec) => (top(spec).responses['202'] = structuredClone(top(spec).responses['200']))],
  ['an error that refers to another one with the same type', 'patch', (spec) => {
    top(spec).responses['400'].$ref = '#/components/responses/NotFound';
  }],
  ['a header less', 'major', (spec) => remove(spec.components.responses.TooManyRequests.headers, 'Retry-After')],
  ['a header more', 'minor', (spec) => (spec.components.responses.NotFound.headers = { 'x-request-id': { schema: { type: 'string' } } })],
  ['another type of the payload', 'major', (spec) => (top(spec)['x-pagination'].item = 'Album')],
  ['a name of the documentation', 'patch', (spec) => (top(spec)['x-pagination'].table = 'tracks')],
  ['a list that is chosen for the user', 'patch', (spec) => remove(top(spec)['x-pagination'], 'personal')],
  ['other words of a command', 'patch', (spec) => (top(spec)['x-command'] = ['featured', 'tracks'])],
  ['a field that is no column', 'patch', (spec) => (field(spec, 'Track', 'title')['x-column'] = false)],
  ['no place of the payload', 'major', (spec) => remove(top(spec), 'x-pagination')],
  ['a known value of a request less', 'major', (spec) => schema(spec, 'ImageStyle')['x-extensible-enum'].pop()],
  ['known values in another order', 'none', (spec) => schema(spec, 'ErrorCode')['x-extensible-enum'].reverse()],
  ['a keyword nobody knows', undefined, (spec) => (field(spec, 'Album', 'title').minLenght = 1)],

  // The third list: the rest of the spec.
  ['another title of the spec', 'major', (spec) => (spec.info.title = 'Browse')],
  ['another contact', 'patch', (spec) => (spec.info.contact.name = 'Somebody')],
  ['another license', 'patch', (spec) => (spec.info.license = { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' })],
  ['another default server', 'major', (spec) => spec.servers.unshift({ url: 'http://127.0.0.1:1/v1', description: 'A test.' })],
  ['a second server', 'minor', (spec) => spec.servers.push({ url: 'http://127.0.0.1:1/v1', description: 'A test.' })],
  ['a description of a server', 'patch', (spec) => (spec.servers[0].description = 'The service.')],
  ['a newer OpenAPI', 'major', (spec) => (spec.openapi = '3.1.0')],
  ['a corrected OpenAPI', 'patch', (spec) => (spec.openapi = '3.0.4')],
  ['another requirement of one operation', 'major', (spec) => (top(spec).security = [{ SecurityProfile: [], LoginWithAmazon: ['music::library'] }])],
  ['the common requirement, repeated for one operation', 'none', (spec) => (top(spec).security = structuredClone(spec.security))],
  ['one more alternative of security', 'minor', (spec) => spec.security.push({ SecurityProfile: [] })],
  ['no security', 'minor', (spec) => remove(spec, 'security')],
  ['another header of a credential', 'major', (spec) => (scheme(spec).SecurityProfile.name = 'x-amzn-key')],
  ['a renamed security scheme', 'major', (spec) => {
    rename(scheme(spec), 'SecurityProfile', 'Profile');
    spec.security = [{ Profile: [], LoginWithAmazon: ['music::catalog'] }];
  }],
  ['another address of the login', 'major', (spec) => (flow(spec).tokenUrl = 'https://api.amazon.co.uk/auth/o2/token')],
  ['a scope more', 'minor', (spec) => (flow(spec).scopes['music::library'] = 'Read the library.')],
  ['a renamed example', 'patch', (spec) => {
    rename(spec.components.examples, 'TopTracks', 'SomeTracks');
    redirect(spec, '#/components/examples/TopTracks', '#/components/examples/SomeTracks');
  }],
  ['an extension of the spec nobody knows', undefined, (spec) => (spec['x-owner'] = 'nobody')],
];
