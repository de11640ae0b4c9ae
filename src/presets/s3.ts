import { etag } from '../core/version.ts';
import type { Preset } from './preset.ts';
import { verdictOf, xmlCode } from './refusal.ts';

/**
 * Amazon S3, and what speaks its language: objects at `/:key`. The version is the `ETag`, looked at on PUT and DELETE; older
 * imitations ignore it. 412 is a stale version. 409 `ConditionalRequestConflict` says that another write was under way at
 * that moment: the same goes out again, and where the other one has been made, the answer is 412 then.
 *
 * Each request has to be signed anew: let the `fetch` that you wrap, or a `headers` function, do it.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function s3(): Preset {
  return {
    version: etag(),
    statusCodes: [409, 412],
    conflict: (_, body) =>
      verdictOf(xmlCode(body), {
        open: ['PreconditionFailed'],
        busy: ['ConditionalRequestConflict', 'OperationAborted'],
      }),
  };
}
