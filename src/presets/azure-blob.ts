import { etag } from '../core/version.ts';
import type { Server } from '../server.ts';
import { verdictOf, xmlCode } from './refusal.ts';

/**
 * Azure Blob Storage: blobs at `/:container/:blob`. The version is the `ETag`. `x-ms-error-code` says what a refusal
 * means: leases, snapshots, tiers and policies answer 409 and 412, too, and none of them is a stale version.
 *
 * A write needs `x-ms-blob-type` and `x-ms-version` among its headers; your code sets those.
 *
 * Sources:
 * https://learn.microsoft.com/en-us/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations,
 * https://learn.microsoft.com/en-us/rest/api/storageservices/blob-service-error-codes
 */
export function azureBlob(): Server {
  return {
    name: 'azureBlob',
    version: etag(),
    conflictStatuses: [409, 412],
    classify: (response, body) =>
      // A page can't read this header unless the account exposes it. The body has the same code.
      verdictOf(response.headers.get('x-ms-error-code') ?? xmlCode(body), {
        open: ['ConditionNotMet', 'TargetConditionNotMet', 'BlobAlreadyExists'],
      }),
  };
}
