import { field, header } from '../core/version.ts';
import { serverFields, type ServerFields } from './fields.ts';
import type { Preset } from './preset.ts';

/**
 * Azure Cosmos DB (NoSQL): documents at `/dbs/:db/colls/:coll/docs/:id`. The version is read from the document's
 * `_etag`, which is there even if the header is hidden or has lost its quotes, and is written to `If-Match`. `create`
 * sends a POST to the collection.
 *
 * 449 asks for the same request again. A 409 to a replace (a unique key) stands if the re-read shows the same version.
 *
 * Sources: https://learn.microsoft.com/en-us/rest/api/cosmos-db/replace-a-document,
 * https://learn.microsoft.com/en-us/rest/api/cosmos-db/http-status-codes-for-cosmosdb
 */
export function cosmos(): Preset {
  return {
    version: { read: field('/_etag'), write: header('If-Match') },
    statusCodes: [409, 412, 449],
    conflict: ({ status }) => (status === 449 ? 'in-progress' : undefined),
    createBy: 'POST',
    createAt: (url) => new URL(url.pathname.replace(/\/[^/]*$/, '') + url.search, url),
  };
}

/** Fields that Cosmos DB manages: rules for `threeWay`. */
export function cosmosFields(): ServerFields<'/_etag' | '/_ts' | '/_rid' | '/_self' | '/_attachments'> {
  return serverFields('/_etag', '/_ts', '/_rid', '/_self', '/_attachments');
}
