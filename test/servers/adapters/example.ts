import { join } from 'node:path';
import { execPath } from 'node:process';
import { field, query } from 'remerge';
import { flat, sendJson, without, type Adapter, type Json } from '../adapter.ts';
import { home, start } from '../process.ts';

/** The example server of this project. It is no stranger, but shows a refusal that carries the state: that saves a read. */
export const example: Adapter<Json> = {
  name: 'example',
  title: 'our own example server',
  from: 'here',
  start: ({ folder, port }) =>
    start({
      program: execPath,
      args: [join(home, '../../docs/examples/server/main.ts'), '--port', String(port)],
      folder,
      url: `http://127.0.0.1:${port}/`,
    }),
  route: () => ({
    version: { read: field('/version'), write: field('/version'), remove: query('version') },
    server: {
      classify: (_, body) => ({ state: (body as { readonly current?: unknown } | undefined)?.current }),
    },
  }),
  read: (id) => ({ path: `boards/${id}` }),
  write: (id, state) => put(id, state),
  create: (id, state) => put(id, state),
  remove: (id) => ({ path: `boards/${id}`, method: 'DELETE' }),
  draft: () => ({ title: 'new' }),
  ...flat,
  bare: (state) => without(state, 'version'),
  version: ({ state }) => String(state.version),
  requests: 2,
  skips: { permanent: 'its only 409 is stale-version' },
};

function put(id: string, state: Json) {
  return sendJson('PUT', `boards/${id}`, state);
}
