import { execPath } from 'node:process';
import { join } from 'node:path';
import { couchdb as preset } from 'remerge/presets';
import { flat, sendJson, without, type Adapter, type Json } from '../adapter.ts';
import { home, start } from '../process.ts';

const accept = { accept: 'application/json' };

/** The CouchDB API, as express-pouchdb serves it. */
export const couchdb: Adapter<Json> = {
  name: 'couchdb',
  title: 'express-pouchdb (CouchDB API)',
  from: 'npm',
  start: ({ folder, port }) =>
    start({
      program: execPath,
      args: [join(home, 'launch/couchdb.ts'), String(port)],
      folder,
      url: `http://127.0.0.1:${port}/`,
    }),
  prepare: [{ path: 'notes', method: 'PUT' }],
  // A delete has no body, so its revision stands in the query. Where both are there, they have to agree.
  route: () => ({ server: preset() }),
  // Without the header it calls its JSON plain text.
  read: (id) => ({ path: `notes/${id}`, headers: accept }),
  write: (id, state) => json('PUT', id, state),
  create: (id, state) => json('PUT', id, state),
  remove: (id) => ({ path: `notes/${id}`, method: 'DELETE', headers: accept }),
  draft: (id) => ({ _id: id, title: 'new' }),
  ...flat,
  bare: (state) => without(state, '_rev'),
  version: ({ state }) => String(state._rev),
  // Express' hash of the answer's own bytes.
  decoy: ({ headers }) => headers.get('etag'),
  permanent: {
    what: 'a database that exists',
    ask: () => ({ path: 'notes', method: 'PUT' }),
  },
};

function json(method: string, id: string, state: Json) {
  return sendJson(method, `notes/${id}`, state, accept);
}
