import { etag } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt } from './refusal.ts';

/**
 * OData v4: SAP, Dataverse, Microsoft Graph. The version is the `ETag`, which is mostly weak and is sent back in
 * `If-Match` as it is. 412 is a stale version. 428 is a write that has no version and needs one (OData §11.4.1.1).
 *
 * 409 is mostly about the data (a key that exists, a rule that is broken), and then stands. Planner, in Microsoft Graph,
 * also says by it that a change conflicts with a newer version.
 *
 * A PATCH of OData is called `application/json`: `patch(change, { base, headers: { 'content-type': 'application/json' }
 * })`.
 *
 * Sources: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html,
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/perform-conditional-operations-using-web-api,
 * https://learn.microsoft.com/en-us/graph/errors,
 * https://learn.microsoft.com/en-us/graph/api/resources/planner-overview#planner-resource-versioning
 */
export function odata(): Server {
  return {
    name: 'odata',
    version: etag({ weak: 'send' }),
    conflictStatuses: [409, 412, 428],
    // Of a 409 only the text says that it is about a version.
    classify: ({ status }, body) =>
      status !== 409 || /newer version/i.test(textAt(body, '/error/message') ?? '') ? undefined : 'final',
    readOnly: ['/@odata.etag', '/@odata.context'],
  };
}
