import { field, header, query } from '../core/version.ts';
import type { Server } from '../server.ts';

/**
 * Google Cloud Storage. `'content'`, the default, is for objects by the XML API at `/:bucket/:object`: the version is
 * the generation, shown by `x-goog-generation` and written to `x-goog-if-generation-match`. `'metadata'` is for the
 * metadata of an object by the JSON API at `/storage/v1/b/…`: the version is the `generation` and the `metageneration`,
 * written to `?ifGenerationMatch=` and `?ifMetagenerationMatch=`. Both are needed: a new upload begins at metageneration 1
 * again. `'bucket'` is for the metadata of a bucket, which has a `metageneration` only.
 *
 * This server takes `If-Match` and `If-None-Match` for reads only. So `create` carries generation 0, which requires that
 * no object exists; the others throw.
 *
 * Sources: https://cloud.google.com/storage/docs/request-preconditions,
 * https://cloud.google.com/storage/docs/xml-api/reference-headers
 *
 * @param options.of The kind of state to write. Default: `'content'`.
 */
export function googleStorage({
  of = 'content',
}: { readonly of?: 'content' | 'metadata' | 'bucket' } = {}): Server {
  // 409 is about buckets and holds, and a retry doesn't change it.
  return {
    name: 'googleStorage',
    version: versions[of](),
    conflictStatuses: [412],
    create: of === 'content' ? { version: 0 } : { at: createAt },
  };
}

const versions = {
  content: () => ({ read: header('x-goog-generation'), write: header('x-goog-if-generation-match') }),
  metadata: () => ({
    read: [field('/generation'), field('/metageneration')],
    write: [query('ifGenerationMatch'), query('ifMetagenerationMatch')],
  }),
  bucket: () => ({ read: field('/metageneration'), write: query('ifMetagenerationMatch') }),
};

function createAt(): never {
  throw new TypeError('Google Cloud Storage creates an object by its content, and a bucket by a POST.');
}
