import { field, query } from '../core/version.ts';
import type { Server } from '../server.ts';

/**
 * CouchDB, PouchDB Server, Cloudant: documents at `/db/:id`. The version is `_rev`: a PUT has it in its body, a DELETE
 * in `?rev=`, and if a request has both they must agree. Some of these servers (Express) send an `ETag` that is a
 * decoy.
 *
 * If a document exists, the server answers a PUT without `_rev` like a stale one. So a PUT without `_rev` creates, and
 * `onConflict.exists` decides.
 *
 * Source: https://docs.couchdb.org/en/stable/api/document/common.html
 */
export function couchdb(): Server {
  return {
    name: 'couchdb',
    version: { read: field('/_rev'), write: [field('/_rev'), query('rev')], absent: 'creates' },
    // 409: `_rev` is missing, or is not the latest. 412 is for a database that exists already, and leaves nothing to
    // merge.
    conflictStatuses: [409],
    readOnly: ['/_id', '/_rev'],
  };
}
