import { execPath } from 'node:process';
import { threeWay } from 'remerge';
import { cosmos as preset } from 'remerge/presets';
import { flat, without, type Adapter, type Ask, type Json } from '../adapter.ts';
import { binary, start } from '../process.ts';

const documents = 'dbs/d/colls/notes/docs';
const headers = {
  'content-type': 'application/json',
  'x-ms-documentdb-partitionkey': '["n"]',
  // Without it, this server has no 404 for a document that isn't there, but a 500.
  'x-ms-documentdb-query-enablecrosspartition': 'true',
};

/** Azure Cosmos DB, as cosmosdb-server plays it. All documents are in one partition, in which no two have the same slot. */
export const cosmos: Adapter<Json> = {
  name: 'cosmos',
  title: 'cosmosdb-server',
  from: 'npm',
  start: ({ folder, port }) =>
    start({
      program: execPath,
      args: [binary('cosmosdb-server'), '--no-ssl', '--host', '127.0.0.1', '--port', String(port)],
      folder,
      url: `http://127.0.0.1:${port}/`,
    }),
  prepare: [
    send('POST', 'dbs', { id: 'd' }),
    send('POST', 'dbs/d/colls', {
      id: 'notes',
      partitionKey: { paths: ['/notebook'] },
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ['/slot'] }] },
    }),
  ],
  route: (id) => ({
    merge: threeWay(),
    methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
    server: {
      ...preset(),
      create: { ...preset().create, find: ({ url }) => new URL(`/${documents}/${id}`, url) },
    },
  }),
  read: (id) => ({ path: `${documents}/${id}`, headers }),
  write: (id, state) => send('PUT', `${documents}/${id}`, state),
  create: (_, state) => send('POST', documents, state),
  remove: (id) => ({ path: `${documents}/${id}`, method: 'DELETE', headers }),
  draft: (id) => ({ id, notebook: 'n', slot: id, title: 'new' }),
  ...flat,
  bare: (state) => without(state, '_etag'),
  version: ({ state }) => String(state._etag),
  permanent: {
    what: 'a unique key that is taken',
    isBased: true,
    before: () => [send('POST', documents, { id: 'other', notebook: 'n', slot: 'taken' })],
    ask: (id, state) => send('PUT', `${documents}/${id}`, { ...state, slot: 'taken' }),
  },
};

function send(method: string, path: string, body: Json): Ask {
  return { path, method, headers, body: JSON.stringify(body) };
}
