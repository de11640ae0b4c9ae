import { join } from 'node:path';
import { execPath } from 'node:process';
import { solid as preset } from 'remerge/presets';
import { flat, sendJson, type Adapter, type Ask, type Json } from '../adapter.ts';
import { binary, home, start } from '../process.ts';

/** Solid, as the Community Solid Server serves a pod from memory, open to all. */
export const solid: Adapter<Json> = {
  name: 'solid',
  title: 'Community Solid Server',
  from: 'npm',
  start({ folder, port }) {
    const url = `http://127.0.0.1:${port}/`;
    return start({
      program: execPath,
      args: [
        '--import',
        join(home, 'launch/loopback.ts'),
        binary('community-solid-server'),
        ...['--config', '@css:config/default.json', '--loggingLevel', 'warn'],
        ...['--port', String(port), '--baseUrl', url],
      ],
      folder,
      url,
    });
  },
  route: () => ({ server: preset() }),
  read: (id) => ({ path: `notes/${id}`, headers: accept }),
  write: (id, state) => put(`notes/${id}`, state),
  create: (id, state) => put(`notes/${id}`, state, { 'if-none-match': '*' }),
  remove: (id) => ({ path: `notes/${id}`, method: 'DELETE', headers: accept }),
  draft: () => ({ title: 'new' }),
  ...flat,
  version: ({ headers }) => headers.get('etag'),
  permanent: {
    what: 'a container that is not empty',
    ask: () => ({ path: 'notes/', method: 'DELETE' }),
  },
  resurrects: true,
};

/** Its tags are of one representation, and this is the one. */
const accept = { accept: 'application/json' };

function put(path: string, state: Json, headers: Readonly<Record<string, string>> = {}): Ask {
  return sendJson('PUT', path, state, { ...accept, ...headers });
}
