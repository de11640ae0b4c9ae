import { azureTable as preset } from 'remerge/presets';
import { flat, sendJson, type Adapter, type Json } from '../adapter.ts';
import { signature, startAzurite } from './azurite.ts';

// What it adds to an entity otherwise, and would take for members of the next write, stays out of the answer.
const accept = { accept: 'application/json;odata=nometadata' };

const path = (id: string): string => `notes(PartitionKey='p',RowKey='${id}')?${signature()}`;

/** Azure Table Storage, as Azurite plays it. */
export const azureTable: Adapter<Json> = {
  name: 'azure-table',
  title: 'Azurite table',
  from: 'npm',
  start: (place) => startAzurite(place, 'table'),
  prepare: [send('POST', `Tables?${signature()}`, { TableName: 'notes' })],
  // Its tags are weak, and it means them.
  route: (id) => ({
    methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
    server: { ...preset(), create: { ...preset().create, find: ({ url }) => new URL(path(id), url) } },
  }),
  read: (id) => ({ path: path(id), headers: accept }),
  write: (id, state) => send('PUT', path(id), state),
  create: (_, state) => send('POST', `notes?${signature()}`, state),
  remove: (id) => ({ path: path(id), method: 'DELETE', headers: accept }),
  draft: (id) => ({ PartitionKey: 'p', RowKey: id, title: 'new' }),
  ...flat,
  version: ({ headers }) => headers.get('etag'),
  permanent: {
    what: 'a table that exists',
    ask: () => send('POST', `Tables?${signature()}`, { TableName: 'notes' }),
  },
};

function send(method: string, path: string, state: Json) {
  return sendJson(method, path, state, accept);
}
