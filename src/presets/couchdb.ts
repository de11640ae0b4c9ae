import { field, query } from '../core/version.ts';
import { serverFields, type ServerFields } from './fields.ts';
import type { Preset } from './preset.ts';

/**
 * CouchDB, PouchDB Server, Cloudant: documents at `/db/:id`. The version is `_rev`: a PUT has it in its body, a DELETE
 * in `?rev=`, and if a request has both they must agree. Some of these servers (Express) send an `ETag` that is a
 * decoy.
 *
 * If a document exists, the server answers a PUT without `_rev` like a stale one. So a PUT without `_rev` creates, and
 * `onExists` decides.
 *
 * Source: https://docs.couchdb.org/en/stable/api/document/common.html
 */
export function couchdb(): Preset {
  return {
    version: { read: field('/_rev'), write: [field('/_rev'), query('rev')], absent: 'creates' },
    // 409: `_rev` is missing, or is not the latest. 412 is for a database that exists already, and leaves nothing to
    // merge.
    statusCodes: [409],
  };
}

/** Fields that CouchDB manages: rules for `threeWay`. */
export function couchdbFields(): ServerFields<'/_id' | '/_rev'> {
  return serverFields('/_id', '/_rev');
}
