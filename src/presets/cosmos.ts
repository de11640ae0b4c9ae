import { field, header } from '../core/version.ts';
import type { Server } from '../server.ts';

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
export function cosmos(): Server {
  return {
    name: 'cosmos',
    version: { read: field('/_etag'), write: header('If-Match') },
    conflictStatuses: [409, 412, 449],
    classify: ({ status }) => (status === 449 ? 'in-progress' : undefined),
    create: { method: 'POST', at: (url) => new URL(url.pathname.replace(/\/[^/]*$/, '') + url.search, url) },
    readOnly: ['/_etag', '/_ts', '/_rid', '/_self', '/_attachments'],
  };
}
