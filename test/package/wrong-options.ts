import { etag, field, header, keepRemote, lastModified, mergePatch, none, query, writeLog } from 'remerge';
import { jsonPatch } from 'remerge/json-patch';

const versions =
  "Expected etag(), lastModified(), field('/version'), header('X-Version'), several of them, { read, write } or none().";
const whole = 'Expected a whole number, 0 or more.';
const milliseconds = 'Expected milliseconds, 0 or more.';
const callback = 'Expected a function.';
const flag = 'Expected true or false.';
const writeIds = "Expected field('/lastWrite'), header('X-Last-Write') or writeLog('/lastWrites').";
const budget = 'Expected false, or tokens, conflict, failure and success, each 0 or more.';
const statuses = 'Expected a list of status codes.';

/** One option: a value it can't have, what is told of that, and a value it can have. */
type Row = readonly [option: string, wrong: unknown, expected: string, right: unknown];

/** What can be told to a route, or to all of them. */
export const ofRoutes: readonly Row[] = [
  ['merge', 'keepLocal', 'Expected a function of { base, local, remote }.', keepRemote()],
  ['merge', null, 'Expected a function of { base, local, remote }.', () => ({})],
  ['version', 'etag', versions, etag({ weak: 'send' })],
  ['version', query('rev'), versions, { read: field('/_rev'), write: query('rev') }],
  [
    'version',
    { read: query('rev'), write: query('rev') },
    versions,
    { read: etag(), write: [etag(), query('rev')] },
  ],
  [
    'version',
    { read: [field('/a'), field('/b')], write: [query('a')] },
    versions,
    { read: [field('/a'), field('/b')], write: [query('a'), query('b')] },
  ],
  ['version', { read: etag(), write: [] }, versions, [field('/a'), field('/b')]],
  ['version', [query('rev')], versions, none()],
  ['version', {}, versions, header('X-Version')],
  ['version', 1, versions, lastModified()],
  ['methods', 'PUT', "Expected a list of 'PUT', 'PATCH', 'DELETE' and 'POST'.", ['PUT']],
  ['methods', ['HEAD'], "Expected a list of 'PUT', 'PATCH', 'DELETE' and 'POST'.", ['POST']],
  ['patches', [{}], 'Expected mergePatch(), jsonPatch() or both, in a list.', [mergePatch(), jsonPatch()]],
  ['onStaleDelete', 'merge', "Expected 'fail', 'delete' or a function.", () => 'delete'],
  [
    'origin',
    'https://a.example/api',
    "Expected an origin such as 'https://api.example.com'.",
    'https://a.example',
  ],
  ['schema', { parse: JSON.parse }, 'Expected a Standard Schema.', { '~standard': { version: 1 } }],
  ['statusCodes', 409, statuses, [409]],
  ['statusCodes', [99], statuses, [100, 599]],
  ['statusCodes', ['409'], statuses, []],
  ['conflict', 'stale', callback, () => 'stale'],
  ['remoteInConflict', true, callback, () => undefined],
  ['readFrom', '/latest', callback, (url: URL) => url],
  ['onConflict', 'merge', "Expected 'fail', 'defer' or a function.", 'defer'],
  ['onConflict', null, "Expected 'fail', 'defer' or a function.", () => keepRemote()],
  ['onGone', true, "Expected 'fail', 'recreate' or a function.", 'recreate'],
  ['onGone', 'create', "Expected 'fail', 'recreate' or a function.", () => 'fail'],
  ['onExists', 'overwrite', "Expected 'fail', 'adopt', 'merge' or a function.", 'adopt'],
  ['onExists', 1, "Expected 'fail', 'adopt', 'merge' or a function.", () => 'merge'],
  ['locate', '/notes/1', callback, () => '/notes/1'],
  ['idempotent', 'yes', flag, true],
  ['idempotent', 1, flag, false],
  ['writeId', '/lastWrite', writeIds, field('/lastWrite')],
  ['writeId', query('write'), writeIds, header('X-Last-Write')],
  ['writeId', [field('/lastWrite')], writeIds, writeLog('/lastWrites')],
  ['writeId', null, writeIds, writeLog('/lastWrites', { keep: 10 })],
  ['idempotencyKey', 'Idempotency-Key', flag, true],
  ['createBy', 'PATCH', "Expected 'PUT' or 'POST'.", 'POST'],
  ['createAt', '/notes', callback, (url: URL) => url],
  ['writeBy', 'PATCH', "Expected 'PUT' or 'POST'.", 'POST'],
  ['stateIn', '/_source', callback, (body: unknown) => body],
  ['compared', '/source', callback, (state: unknown) => state],
  ['token', 'X-Session: 1', 'Expected the name of a header.', 'X-Session-Id'],
  ['token', true, 'Expected the name of a header.', 'x_session'],
  [
    'version',
    { read: field('/_rev'), write: field('/_rev'), absent: 'overwrites' },
    versions,
    { read: field('/_rev'), write: field('/_rev'), absent: 'creates' },
  ],
  [
    'version',
    { read: etag(), write: etag(), remove: [] },
    versions,
    { read: field('/version'), write: field('/version'), remove: query('version') },
  ],
  ['timeout', -1, 'Expected milliseconds, 0 or more, or false.', false],
  ['limit', -1, whole, 0],
  ['limit', 1.5, whole, 1],
  ['limit', Infinity, whole, 1_000],
  ['limit', '5', whole, 5],
  ['totalTimeout', -1, 'Expected milliseconds, 0 or more, or false.', 0],
  ['totalTimeout', true, 'Expected milliseconds, 0 or more, or false.', false],
  ['totalTimeout', NaN, 'Expected milliseconds, 0 or more, or false.', Infinity],
  ['delay', 100, callback, () => 100],
  ['backoffLimit', '2s', milliseconds, 0],
  ['jitter', 0.5, 'Expected true, false or a function.', false],
  ['jitter', 'full', 'Expected true, false or a function.', (delay: number) => delay],
  ['maxRetryAfter', -1, milliseconds, Infinity],
  ['maxBytes', '10 MB', 'Expected bytes, 0 or more.', 1e7],
  ['parseJson', {}, callback, JSON.parse],
  ['stringifyJson', null, callback, JSON.stringify],
];

/** What can be told to a whole client only. */
export const ofClients: readonly Row[] = [
  ['memory', '4 MB', 'Expected bytes, 0 or more.', 0],
  ['scope', 'me', callback, () => 'me'],
  ['budget', true, budget, false],
  ['budget', 500, budget, { tokens: 500 }],
  ['budget', null, budget, {}],
  ['budget', { tokens: -1 }, budget, { tokens: 0, conflict: 0, failure: 0, success: 0 }],
  ['budget', { conflict: '1' }, budget, { conflict: 0.5, success: undefined }],
  ['budget', { retries: 5 }, budget, { tokens: Infinity }],
  ['onEvent', console, callback, () => undefined],
  [
    'clock',
    0,
    'Expected a Clock.',
    { now: () => 0, random: () => 0, id: () => '', after: () => () => undefined },
  ],
  ['routes', 'notes', 'Expected routes by path pattern, or a list of them.', {}],
  ['routes', null, 'Expected routes by path pattern, or a list of them.', []],
];
