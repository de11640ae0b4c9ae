import { defineMerge, etag, field, lastModified, query, type RouteOptions } from 'remerge';
import { merge } from 'remerge/merge';
import { contentful, elasticsearch, github, googleStorage, kubernetes, s3, webdav } from 'remerge/presets';
import { createOrigin, listen, type OriginOptions } from 'remerge/testing';
import { describe, expect, it } from 'vitest';
import { flat, sendJson, without, type Adapter, type Json } from '../servers/adapter.ts';
import { azureBlob } from '../servers/adapters/azure-blob.ts';
import { azureTable } from '../servers/adapters/azure-table.ts';
import { cap } from '../servers/adapters/cap.ts';
import { cosmos } from '../servers/adapters/cosmos.ts';
import { couchdb } from '../servers/adapters/couchdb.ts';
import { fhir } from '../servers/adapters/fhir.ts';
import { nodeRed } from '../servers/adapters/node-red.ts';
import { solid } from '../servers/adapters/solid.ts';
import { runContract } from '../servers/contract.ts';

const permanent = 'an origin refuses for no reason but versions';

/** An adapter of the real servers' contract, without the refusals that have another reason than a version. */
function asOrigin<State>(adapter: Adapter<State>): Adapter {
  return { ...(adapter as unknown as Adapter), skips: { ...adapter.skips, permanent } };
}

/** Documents of a server for which the contract has no adapter. */
function documents(name: string, route: RouteOptions, more: Partial<Adapter<Json>> = {}): Adapter {
  const adapter: Adapter<Json> = {
    name,
    title: name,
    from: 'here',
    start: () => Promise.reject(new Error('An origin needs no process.')),
    route: () => route,
    read: (id) => ({ path: `notes/${id}` }),
    write: (id, state) => sendJson('PUT', `notes/${id}`, state),
    create: (id, state) => sendJson('PUT', `notes/${id}`, state, { 'if-none-match': '*' }),
    remove: (id) => ({ path: `notes/${id}`, method: 'DELETE' }),
    draft: () => ({ title: 'new' }),
    ...flat,
    version: ({ headers }) => headers.get('etag'),
    skips: { permanent },
    ...more,
  };
  return adapter;
}

const versionAt =
  (...path: readonly string[]) =>
  ({ state }: { readonly state: Json }): string =>
    String(path.reduce<unknown>((at, name) => (at as Json)[name], state));

const kubernetesNotes = documents(
  'kubernetes',
  { server: kubernetes(), methods: ['POST', 'PUT', 'PATCH', 'DELETE'] },
  {
    create: (_, state) => sendJson('POST', 'notes', state),
    remove: (id) => ({ path: `notes/${id}`, method: 'DELETE' }),
    draft: (id) => ({ title: 'new', metadata: { name: id } }),
    version: versionAt('metadata', 'resourceVersion'),
  },
);

/** The document in what Elasticsearch shows of it. */
const sourceOf = (state: Json): Json => (isJson(state._source) ? state._source : state);
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const searchNotes = documents(
  'elasticsearch',
  { server: elasticsearch() },
  {
    read: (id) => ({ path: `notes/_doc/${id}` }),
    write: (id, state) => sendJson('PUT', `notes/_doc/${id}`, sourceOf(state)),
    create: (id, state) => sendJson('PUT', `notes/_create/${id}`, state),
    remove: (id) => ({ path: `notes/_doc/${id}`, method: 'DELETE' }),
    edit: (state, name, value) => ({ ...sourceOf(state), [name]: value }),
    edits: (state) => flat.edits(sourceOf(state)),
    bare: sourceOf,
    version: ({ state }) => `${String(state._seq_no)} ${String(state._primary_term)}`,
  },
);

const encoded = (note: unknown): string => btoa(JSON.stringify(note));
const decoded = ({ content }: Json): Json => JSON.parse(atob(String(content))) as Json;
const filePath = (id: string): string => `repos/o/r/contents/${id}`;
const files = documents(
  'github',
  {
    server: github(),
    merge: defineMerge(
      ({ base, local, remote }) => {
        const [from, mine, theirs] = [base, local, remote].map((file) => decoded(file as Json));
        return { content: encoded(merge<unknown>({ base: from, local: mine, remote: theirs }).value) };
      },
      { repeatable: true },
    ),
  },
  {
    read: (id) => ({ path: filePath(id) }),
    write: (id, { content, sha }) => sendJson('PUT', filePath(id), { content, sha, message: 'Save' }),
    create: (id, { content }) => sendJson('PUT', filePath(id), { content, message: 'Create' }),
    remove: (id) => sendJson('DELETE', filePath(id), { message: 'Delete' }),
    draft: () => ({ content: encoded({ title: 'new' }) }),
    edit: (state, name, value) => ({ ...state, content: encoded({ ...decoded(state), [name]: value }) }),
    edits: (state) => flat.edits(decoded(state)),
    bare: ({ content }) => ({ content }),
    version: versionAt('sha'),
    skips: { permanent, overtaken: 'a file is one text, in which the other edit hides this one: unchanged' },
  },
);

const adapters: readonly (readonly [Adapter, OriginOptions?])[] = [
  [documents('plain HTTP', { version: etag() })],
  [documents('plain HTTP, with a silent 204', { version: etag() }), { answers: 'nothing' }],
  [
    documents(
      'dates',
      { version: lastModified() },
      { version: ({ headers }) => headers.get('last-modified') },
    ),
  ],
  [
    documents(
      'a member of the body',
      { version: { read: field('/version'), write: field('/version'), remove: query('version') } },
      { version: versionAt('version') },
    ),
  ],
  [documents('s3', { server: s3() })],
  [documents('webdav', { server: webdav() })],
  [
    documents(
      'contentful',
      { server: contentful() },
      {
        create: (id, state) => sendJson('PUT', `notes/${id}`, state),
        bare: (state) => without(state, 'sys'),
        version: versionAt('sys', 'version'),
      },
    ),
  ],
  [
    documents(
      'google-storage',
      { server: googleStorage() },
      {
        create: (id, state) => sendJson('PUT', `notes/${id}`, state, { 'x-goog-if-generation-match': '0' }),
        version: ({ headers }) => headers.get('x-goog-generation'),
      },
    ),
  ],
  [files],
  [kubernetesNotes],
  [searchNotes],
  [asOrigin(couchdb)],
  [asOrigin(cosmos)],
  [asOrigin(cap)],
  [asOrigin(azureBlob)],
  [asOrigin(azureTable)],
  [asOrigin(solid)],
  [asOrigin(fhir)],
  [asOrigin(nodeRed)],
];

describe('the contract of the real servers, with an origin', () => {
  it.each(adapters.map(([adapter, more]) => [adapter.name, adapter, more] as const))(
    'is kept in the shape of %s',
    async (_, adapter, more) => {
      const { server, version } = adapter.route('doc');
      const origin = createOrigin(
        {},
        { ...(server && { preset: server }), ...(version && { version }), ...more },
      );
      const { url, close } = await listen(origin);
      try {
        const results = await runContract(adapter, new URL(url), () => undefined);
        const broken = results.flatMap((result) =>
          result.kind === 'broken' ? [`${result.name}: ${String(result.error)}`] : [],
        );
        expect(broken).toEqual([]);
        expect(results.filter(({ kind }) => kind === 'kept').length).toBeGreaterThan(8);
      } finally {
        await close();
      }
    },
  );
});
