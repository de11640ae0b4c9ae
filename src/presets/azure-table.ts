import { etag } from '../core/version.ts';
import { serverFields, type ServerFields } from './fields.ts';
import type { Preset } from './preset.ts';
import { textAt, verdictOf } from './refusal.ts';

/**
 * Azure Table Storage: entities at `/:table(PartitionKey='…',RowKey='…')`. The version is the `ETag`, which is weak and
 * is sent back as it is. A write without a version overwrites (it is an upsert), so give every write a base. `create`
 * sends a POST to the table.
 *
 * Sources: https://learn.microsoft.com/en-us/rest/api/storageservices/update-entity2,
 * https://learn.microsoft.com/en-us/rest/api/storageservices/table-service-error-codes
 */
export function azureTable(): Preset {
  return {
    version: etag({ weak: 'send' }),
    statusCodes: [409, 412],
    conflict: (_, body) =>
      verdictOf(textAt(body, '/odata.error/code'), {
        open: ['UpdateConditionNotSatisfied', 'EntityAlreadyExists'],
      }),
    createBy: 'POST',
    createAt: (url) => new URL(url.pathname.replace(/\(.*\)$/, '') + url.search, url),
  };
}

/** Fields that Azure Table Storage manages: rules for `threeWay`. */
export function azureTableFields(): ServerFields<'/odata.etag' | '/odata.metadata' | '/Timestamp'> {
  return serverFields('/odata.etag', '/odata.metadata', '/Timestamp');
}
