import {
  etag,
  field,
  header,
  idempotencyKey,
  keepRemote,
  lastModified,
  mergePatch,
  none,
  query,
  writeLog,
} from 'remerge';
import { jsonPatch } from 'remerge/json-patch';

const versions =
  "Expected etag(), lastModified(), field('/version'), header('X-Version'), several of them, { read, write } or none().";
const whole = 'Expected a whole number, 0 or more.';
const milliseconds = 'Expected milliseconds, 0 or more.';
const callback = 'Expected a function.';
const flag = 'Expected true or false.';
const writeIds =
  "Expected field('/lastWrite'), header('X-Last-Write'), writeLog('/lastWrites'), idempotencyKey(), or one of them and a key.";
const budget = 'Expected false, or tokens, conflictCost, failureCost and successIncrement, each 0 or more.';
const pointers = "Expected JSON Pointers such as '/updatedAt', in a list.";
const conflicts = 'Expected { edited, gone, exists, changed }.';
const facts = 'Expected the facts about a server, such as couchdb() or { conflictStatuses: [409] }.';
const retries = 'Expected a number of retries, or { limit, delay, backoffLimit, jitter, maxRetryAfter }.';
const statuses = 'Expected a list of status codes.';

/** One option, by its path: a value it can't have, what is told of that, and a value it can have. */
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
  [
    'server.patches',
    [{}],
    'Expected mergePatch(), jsonPatch() or both, in a list.',
    [mergePatch(), jsonPatch()],
  ],
  ['onConflict.changed', 'merge', "Expected 'fail', 'delete' or a function.", () => 'delete'],
  ['schema', { parse: JSON.parse }, 'Expected a Standard Schema.', { '~standard': { version: 1 } }],
  ['server.conflictStatuses', 409, statuses, [409]],
  ['server.conflictStatuses', [99], statuses, [100, 599]],
  ['server.conflictStatuses', ['409'], statuses, []],
  ['server.classify', 'stale', callback, () => 'stale'],
  ['server.readFrom', '/latest', callback, (url: URL) => url],
  ['onConflict', 'fail', conflicts, { edited: undefined }],
  ['onConflict', null, conflicts, {}],
  ['onConflict.edited', 'merge', "Expected 'fail' or a function.", 'fail'],
  ['onConflict.edited', 'defer', "Expected 'fail' or a function.", () => keepRemote()],
  ['onConflict.gone', true, "Expected 'fail', 'recreate' or a function.", 'recreate'],
  ['onConflict.gone', 'create', "Expected 'fail', 'recreate' or a function.", () => 'fail'],
  ['onConflict.exists', 'overwrite', "Expected 'fail', 'adopt', 'merge' or a function.", 'adopt'],
  ['onConflict.exists', 1, "Expected 'fail', 'adopt', 'merge' or a function.", () => 'merge'],
  ['server.create.find', '/notes/1', callback, () => '/notes/1'],
  ['writeId', '/lastWrite', writeIds, field('/lastWrite')],
  ['writeId', query('write'), writeIds, header('X-Last-Write')],
  [
    'writeId',
    [field('/lastWrite'), writeLog('/lastWrites')],
    writeIds,
    [field('/lastWrite'), idempotencyKey()],
  ],
  ['writeId', [idempotencyKey(), idempotencyKey()], writeIds, idempotencyKey()],
  ['writeId', true, writeIds, [writeLog('/lastWrites')]],
  ['writeId', null, writeIds, writeLog('/lastWrites', { keep: 10 })],
  ['server.create.method', 'PATCH', "Expected 'PUT' or 'POST'.", 'POST'],
  ['server.create.at', '/notes', callback, (url: URL) => url],
  ['server.goneStatuses', [99], 'Expected a list of status codes.', [404, 406]],
  ['server.create.version', true, 'Expected a text, a number or null.', 0],
  ['server.replace', 'DELETE', "Expected 'PUT' or 'POST' or 'PATCH'.", 'PATCH'],
  ['server.unwrap', '/_source', callback, (body: unknown) => body],
  ['readOnly', '/updatedAt', pointers, ['/updatedAt', '/items/*/id']],
  ['readOnly', ['updatedAt'], pointers, []],
  ['server.readOnly', [''], pointers, ['/_rev']],
  ['server.writeOnly', [1], pointers, ['/message']],
  ['server', 'couchdb', facts, {}],
  ['server', null, facts, { version: etag(), methods: ['POST'], writeId: idempotencyKey() }],
  ['server.version', 'etag', versions, none()],
  ['server.writeId', '/lastWrite', writeIds, field('/lastWrite')],
  ['server.formats', { 'application/xml': {} }, "Expected { 'application/xml': { parse, stringify } }.", {}],
  ['server.writes', 'application/xml', 'Expected JSON, or one of formats.', 'application/vnd.a+json'],
  ['server.writes', true, 'Expected a content type.', 'application/json'],
  ['server.means', 'all', "Expected 'state' or 'part' or 'actions'.", 'part'],
  ['server.reverts', 'never', flag, false],
  ['server.create', 'POST', 'Expected { method, at, version, find }.', {}],
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
  ['retry', '5', retries, 5],
  ['retry', null, retries, {}],
  ['retry.limit', -1, whole, 0],
  ['retry.limit', 1.5, whole, 1],
  ['retry.limit', Infinity, whole, 1_000],
  ['retry.limit', '5', whole, 5],
  ['totalTimeout', -1, 'Expected milliseconds, 0 or more, or false.', 0],
  ['totalTimeout', true, 'Expected milliseconds, 0 or more, or false.', false],
  ['totalTimeout', NaN, 'Expected milliseconds, 0 or more, or false.', Infinity],
  ['retry.delay', 100, callback, () => 100],
  ['retry.backoffLimit', '2s', milliseconds, 0],
  ['retry.jitter', 0.5, 'Expected true, false or a function.', false],
  ['retry.jitter', 'full', 'Expected true, false or a function.', (delay: number) => delay],
  ['retry.maxRetryAfter', -1, milliseconds, Infinity],
  ['maxBytes', '10 MB', 'Expected bytes, 0 or more.', 1e7],
  ['server.parseJson', {}, callback, JSON.parse],
  ['server.stringifyJson', null, callback, JSON.stringify],
];

/** What can be told to a whole client only. */
export const ofClients: readonly Row[] = [
  ['memory', '4 MB', 'Expected bytes, 0 or more.', 0],
  ['scope', 'me', callback, () => 'me'],
  ['budget', true, budget, false],
  ['budget', 500, budget, { tokens: 500 }],
  ['budget', null, budget, {}],
  ['budget', { tokens: -1 }, budget, { tokens: 0, conflictCost: 0, failureCost: 0, successIncrement: 0 }],
  ['budget', { conflictCost: '1' }, budget, { conflictCost: 0.5, successIncrement: undefined }],
  ['budget', { conflict: 1 }, budget, {}],
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

/** Where an option is now that was somewhere else, or had another name. */
export const moved: readonly (readonly [option: string, place: string])[] = [
  ['onGone', 'onConflict: { gone }'],
  ['onExists', 'onConflict: { exists }'],
  ['onStaleDelete', 'onConflict: { changed }'],
  ['limit', 'retry: { limit }'],
  ['delay', 'retry: { delay }'],
  ['backoffLimit', 'retry: { backoffLimit }'],
  ['jitter', 'retry: { jitter }'],
  ['maxRetryAfter', 'retry: { maxRetryAfter }'],
  ['idempotent', 'merge: defineMerge(merge, { repeatable })'],
  ['idempotencyKey', 'writeId: idempotencyKey()'],
  ['statusCodes', 'server: { conflictStatuses }'],
  ['conflict', 'server: { classify }'],
  ['remoteInConflict', 'server: { classify: () => ({ state }) }'],
  ['token', "server: { classify: () => ({ kind: 'resend', header }) }"],
  ['stateIn', 'server: { unwrap }'],
  ['compared', 'server: { readOnly, writeOnly }'],
  ['writeBy', 'server: { replace }'],
  ['createBy', 'server: { create: { method } }'],
  ['createAt', 'server: { create: { at } }'],
  ['locate', 'server: { create: { find } }'],
  ['readFrom', 'server: { readFrom }'],
  ['patches', 'server: { patches }'],
  ['means', 'server: { means }'],
  ['reverts', 'server: { reverts }'],
];
