import { etag } from '../core/version.ts';
import type { Server } from '../server.ts';

/**
 * OData v4: SAP, Dataverse, Microsoft Graph. The version is the `ETag`, which is mostly weak and is sent back in
 * `If-Match` as it is. 412 is a stale version. 428 is a write that has no version and needs one (OData §11.4.1.1).
 *
 * 409 is about the data (a key that exists, a rule that is broken), and never about versions.
 *
 * A PATCH of OData is called `application/json`: `patch(change, { base, headers: { 'content-type': 'application/json' }
 * })`.
 *
 * Sources: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html,
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/perform-conditional-operations-using-web-api,
 * https://learn.microsoft.com/en-us/graph/errors
 */
export function odata(): Server {
  return {
    version: etag({ weak: 'send' }),
    conflictStatuses: [412, 428],
    readOnly: ['/@odata.etag', '/@odata.context'],
  };
}
