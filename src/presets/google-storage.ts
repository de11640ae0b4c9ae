import { field, header, query } from '../core/version.ts';
import type { Server } from '../server.ts';

/**
 * Google Cloud Storage. `'content'`, the default, is for objects by the XML API at `/:bucket/:object`: the version is
 * the generation, shown by `x-goog-generation` and written to `x-goog-if-generation-match`. `'metadata'` is for the
 * metadata of an object or a bucket by the JSON API at `/storage/v1/b/…`: the version is the `metageneration`, written
 * to `?ifMetagenerationMatch=`.
 *
 * This server takes `If-Match` and `If-None-Match` for reads only. So `create` throws: write with the header
 * `x-goog-if-generation-match: 0` instead, which requires that no object exists.
 *
 * Sources: https://cloud.google.com/storage/docs/request-preconditions,
 * https://cloud.google.com/storage/docs/xml-api/reference-headers
 *
 * @param options.of The kind of state to write. Default: `'content'`.
 */
export function googleStorage({ of = 'content' }: { readonly of?: 'content' | 'metadata' } = {}): Server {
  const version =
    of === 'content'
      ? { read: header('x-goog-generation'), write: header('x-goog-if-generation-match') }
      : { read: field('/metageneration'), write: query('ifMetagenerationMatch') };
  // 409 is about buckets and holds, and a retry doesn't change it.
  return { name: 'googleStorage', version, conflictStatuses: [412], create: { at: createAt } };
}

function createAt(): never {
  throw new TypeError(
    'Google Cloud Storage creates what has generation 0: put it with x-goog-if-generation-match: 0.',
  );
}
