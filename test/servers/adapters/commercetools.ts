import { join } from 'node:path';
import { execPath } from 'node:process';
import { commercetools as preset } from 'remerge/presets';
import { flat, sendJson, without, type Adapter, type Json } from '../adapter.ts';
import { home, start } from '../process.ts';

/** The custom objects of commercetools, as its mock serves them. */
export const commercetools: Adapter<Json> = {
  name: 'commercetools',
  title: 'commercetools-mock',
  from: 'npm',
  start: ({ folder, port }) =>
    start({
      program: execPath,
      args: [
        '--import',
        join(home, 'launch/loopback.ts'),
        join(home, 'launch/commercetools.ts'),
        String(port),
      ],
      folder,
      url: `http://127.0.0.1:${port}/`,
    }),
  // All objects are written at one address, which says nothing of where each is read.
  route: (id) => ({
    server: {
      ...preset(),
      // A custom object is written as the whole that it is to be.
      means: 'state',
      readFrom: () => `/p/custom-objects/notes/${id}`,
    },
  }),
  read: (id) => ({ path: `p/custom-objects/notes/${id}` }),
  write: (_, state) => post(state),
  create: (_, state) => post(state),
  remove: (id) => ({ path: `p/custom-objects/notes/${id}`, method: 'DELETE' }),
  draft: (key) => ({ container: 'notes', key, value: { title: 'new' } }),
  edit: (state, name, value) => ({ ...state, value: flat.edit(state.value as Json, name, value) }),
  edits: (state) => flat.edits(state.value as Json),
  bare: (state) => without(state, 'version'),
  version: ({ state }) => String(state.version),
  decoy: ({ headers }) => headers.get('etag') ?? headers.get('x-correlation-id'),
  skips: {
    create: 'a POST of a key that exists updates it, and that is all the API has',
    delete: 'the mock deletes without a look at the version',
    permanent: 'its other refusals are 400, no conflicts by their status',
  },
};

function post(state: Json) {
  return sendJson('POST', 'p/custom-objects', state);
}
