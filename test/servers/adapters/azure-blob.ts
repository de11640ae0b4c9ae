import { azureBlob as preset } from 'remerge/presets';
import { flat, sendJson, type Adapter, type Json } from '../adapter.ts';
import { signature, startAzurite } from './azurite.ts';

const path = (id: string, more = ''): string => `notes/${id}?${more}${signature()}`;
const lease = '11111111-2222-3333-4444-555555555555';

/** Azure Blob Storage, as Azurite plays it. */
export const azureBlob: Adapter<Json> = {
  name: 'azure-blob',
  title: 'Azurite blob',
  from: 'npm',
  start: (place) => startAzurite(place, 'blob'),
  prepare: [{ path: `notes?restype=container&${signature()}`, method: 'PUT' }],
  route: () => ({ server: preset() }),
  read: (id) => ({ path: path(id) }),
  write: (id, state) => put(id, state),
  create: (id, state) => put(id, state, { 'if-none-match': '*' }),
  remove: (id) => ({ path: path(id), method: 'DELETE' }),
  draft: () => ({ title: 'new' }),
  ...flat,
  version: ({ headers }) => headers.get('etag'),
  permanent: {
    what: 'a blob that somebody has leased',
    isBased: true,
    before: (id) => [
      {
        path: path(id, 'comp=lease&'),
        method: 'PUT',
        headers: {
          'x-ms-lease-action': 'acquire',
          'x-ms-lease-duration': '-1',
          'x-ms-proposed-lease-id': lease,
        },
        body: '',
      },
    ],
    ask: (id, state) => put(id, { ...state, title: 'Food' }),
  },
};

function put(id: string, state: Json, headers: Readonly<Record<string, string>> = {}) {
  return sendJson('PUT', path(id), state, { 'x-ms-blob-type': 'BlockBlob', ...headers });
}
