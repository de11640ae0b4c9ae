import { etag } from '../core/version.ts';
import type { Server } from '../server.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * Azure Table Storage: entities at `/:table(PartitionKey='…',RowKey='…')`. The version is the `ETag`, which is weak and
 * is sent back as it is. A write without a version overwrites (it is an upsert), so give every write a base. `create`
 * sends a POST to the table.
 *
 * Sources: https://learn.microsoft.com/en-us/rest/api/storageservices/update-entity2,
 * https://learn.microsoft.com/en-us/rest/api/storageservices/table-service-error-codes
 */
export function azureTable(): Server {
  return {
    name: 'azureTable',
    version: etag({ weak: 'send' }),
    conflictStatuses: [409, 412],
    classify: (_, body) =>
      verdictOf(textAt(body, '/odata.error/code'), {
        open: ['UpdateConditionNotSatisfied', 'EntityAlreadyExists'],
      }),
    create: { method: 'POST', at: (url) => new URL(url.pathname.replace(/\(.*\)$/, '') + url.search, url) },
    readOnly: ['/odata.etag', '/odata.metadata', '/Timestamp'],
  };
}
