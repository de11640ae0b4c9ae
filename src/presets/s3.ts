import { etag } from '../core/version.ts';
import type { Server } from '../server.ts';
import { verdictOf, xmlCode } from './refusal.ts';

/**
 * Amazon S3, and servers with the same API: objects at `/:key`. The version is the `ETag`, which is checked on PUT and
 * DELETE; older imitations ignore it. 412 is a stale version. 409 `ConditionalRequestConflict` says that another write
 * was under way at that moment: the same request is sent again, and if the other write was made, the answer is then
 * 412.
 *
 * Each request has to be signed anew, by the `fetch` that you wrap or by a `headers` function.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function s3(): Server {
  return {
    name: 's3',
    version: etag(),
    conflictStatuses: [409, 412],
    classify: (_, body) =>
      verdictOf(xmlCode(body), {
        open: ['PreconditionFailed'],
        busy: ['ConditionalRequestConflict', 'OperationAborted'],
      }),
  };
}
