import { contentful, cosmos, couchdb } from 'remerge/presets';
import { elasticsearch, kubernetes, nodeRed, placement } from 'remerge/presets';
import { empty, json, type Wire } from './wire.ts';

/** Servers whose version stands in a document. */
export const documents: readonly Wire[] = [
  {
    family: 'couchdb',
    documented: 'https://docs.couchdb.org/en/stable/api/document/common.html',
    preset: couchdb(),
    path: '/db/note',
    version: (count) => `${count}-967a00dff5e02add41819138abb3284d`,
    frame: (version) => ({ _id: 'note', _rev: version }),
    // Express' hash of the bytes, of no use for a write.
    headers: () => ({ etag: 'W/"9c-1f0d"' }),
    named: ({ url }, body) => new URL(url).searchParams.get('rev') ?? body._rev,
    wrote: (_, version) => json(201, { ok: true, id: 'note', rev: version }, { etag: `"${version}"` }),
    stale: () => json(409, { error: 'conflict', reason: 'Document update conflict.' }),
    lasting: {
      'a database that exists': () => json(412, { error: 'file_exists', reason: 'It exists.' }),
    },
  },
  {
    family: 'kubernetes',
    documented: 'https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#Status',
    preset: kubernetes(),
    path: '/api/v1/namespaces/default/configmaps/note',
    inside: 'data',
    version: (count) => String(1000 + count),
    frame: (version) => ({
      kind: 'ConfigMap',
      metadata: { name: 'note', uid: 'f1', resourceVersion: version, managedFields: [{ time: version }] },
    }),
    named: (_, { metadata }) => (metadata as { resourceVersion?: string }).resourceVersion,
    deleted: (_, { preconditions }) =>
      (preconditions as { resourceVersion?: string } | undefined)?.resourceVersion,
    wrote: (document) => json(200, document),
    stale: () => status('Conflict'),
    lasting: {
      'a field that another manager owns': () =>
        status('Conflict', { causes: [{ reason: 'FieldManagerConflict', field: '.data' }] }),
      'a reason of another kind': () => status('Expired'),
    },
  },
  {
    family: 'cosmos',
    documented: 'https://learn.microsoft.com/en-us/rest/api/cosmos-db/http-status-codes-for-cosmosdb',
    preset: cosmos(),
    path: '/dbs/d/colls/c/docs/note',
    version: (count) => `"0000d${count}-0000-0000"`,
    frame: (version) => ({ id: 'note', _etag: version, _ts: Number(version.slice(6, 7)), _rid: 'x==' }),
    // As an emulator has it: without its quotes.
    headers: (version) => ({ etag: version.replaceAll('"', '') }),
    named: ({ headers }) => headers.get('if-match'),
    wrote: (document) => json(200, document),
    stale: () => json(412, { code: 'PreconditionFailed' }),
    lasting: {},
    busy: { 'a write that wants to be made again': () => json(449, { code: 'RetryWith' }) },
  },
  {
    family: 'elasticsearch',
    documented:
      'https://www.elastic.co/docs/reference/elasticsearch/rest-apis/optimistic-concurrency-control',
    preset: elasticsearch(),
    path: '/notes/_doc/1',
    version: (count) => `${count} 7`,
    frame: () => ({}),
    wrap: (document, version) => ({
      _index: 'notes',
      _id: '1',
      _version: 3,
      _seq_no: Number(version.split(' ')[0]),
      _primary_term: 7,
      found: true,
      _source: document,
    }),
    named: ({ url }) => {
      const { searchParams } = new URL(url);
      return `${searchParams.get('if_seq_no') ?? ''} ${searchParams.get('if_primary_term') ?? ''}`;
    },
    wrote: (_, version) =>
      json(200, { _id: '1', result: 'updated', _seq_no: Number(version.split(' ')[0]), _primary_term: 7 }),
    stale: () => json(409, { error: { type: 'version_conflict_engine_exception' }, status: 409 }),
    lasting: {
      'an index that is closed': () => json(409, { error: { type: 'index_closed_exception' } }),
    },
  },
  {
    family: 'contentful',
    documented: 'https://www.contentful.com/developers/docs/references/errors/',
    preset: contentful(),
    path: '/spaces/s/environments/master/entries/note',
    inside: 'fields',
    version: String,
    frame: (version) => ({ sys: { id: 'note', version: Number(version) } }),
    named: ({ headers }) => headers.get('x-contentful-version'),
    wrote: (document) => json(200, document),
    stale: () => json(409, { sys: { type: 'Error', id: 'VersionMismatch' } }),
    lasting: { 'an entry that is published': () => json(409, { sys: { type: 'Error', id: 'Conflict' } }) },
  },
  {
    family: 'placement',
    documented: 'https://docs.openstack.org/api-ref/placement/#errors',
    preset: placement(),
    path: '/resource_providers/7d2590ae/inventories',
    inside: 'inventories',
    version: String,
    frame: (version) => ({ resource_provider_generation: Number(version) }),
    named: (_, body) => body.resource_provider_generation,
    deleted: 'never',
    wrote: (document) => json(200, document),
    stale: () => json(409, { errors: [{ status: 409, code: 'placement.concurrent_update' }] }),
    lasting: {
      'a name that is taken': () =>
        json(409, { errors: [{ status: 409, code: 'placement.duplicate_name' }] }),
      'an inventory in use': () =>
        json(409, { errors: [{ status: 409, code: 'placement.inventory.inuse' }] }),
    },
  },
  {
    family: 'nodeRed',
    documented: 'https://nodered.org/docs/api/admin/methods/post/flows/',
    preset: nodeRed(),
    path: '/flows',
    inside: 'flows',
    method: 'POST',
    version: (count) => `rev${count}`,
    frame: (version) => ({ rev: version }),
    headers: () => ({ etag: 'W/"5d-9a"' }),
    named: (_, body) => body.rev,
    deleted: 'never',
    wrote: (_, version) => json(200, { rev: version }),
    stale: () => json(409, { code: 'version_mismatch' }),
    lasting: { 'a refusal of another kind': () => json(409, { code: 'settings_unavailable' }) },
  },
  {
    family: 'kubernetes, whose answer a gateway gave',
    documented: 'https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#Status',
    preset: kubernetes(),
    path: '/api/v1/namespaces/default/configmaps/note',
    version: (count) => String(1000 + count),
    frame: (version) => ({ metadata: { resourceVersion: version } }),
    named: (_, { metadata }) => (metadata as { resourceVersion?: string }).resourceVersion,
    deleted: 'never',
    wrote: () => empty(200),
    stale: () => new Response('Conflict', { status: 409 }),
    lasting: {},
  },
];

function status(reason: string, details?: unknown): Response {
  return json(409, { kind: 'Status', status: 'Failure', reason, details, code: 409 });
}
