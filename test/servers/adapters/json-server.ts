import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { etag } from 'remerge';
import { flat, sendJson, type Adapter, type Json } from '../adapter.ts';
import { binary, start } from '../process.ts';

/** json-server, which writes whatever comes. Its tags are Express' hashes of each answer, for caches. */
export const jsonServer: Adapter<Json> = {
  name: 'json-server',
  title: 'json-server',
  from: 'npm',
  async start({ folder, port }) {
    const file = join(folder, 'database.json');
    await writeFile(file, JSON.stringify({ notes: [] }));
    return start({
      program: execPath,
      args: [binary('json-server'), '--quiet', '--host', '127.0.0.1', '--port', String(port), file],
      folder,
      url: `http://127.0.0.1:${port}/`,
    });
  },
  // What somebody says who takes the weak tag for a version.
  route: () => ({ version: etag({ weak: 'send' }) }),
  read: (id) => ({ path: `notes/${id}` }),
  write: (id, state) => sendJson('PUT', `notes/${id}`, state),
  create: (_, state) => sendJson('POST', 'notes', state),
  remove: (id) => ({ path: `notes/${id}`, method: 'DELETE' }),
  draft: (id) => ({ id, title: 'new' }),
  ...flat,
  version: ({ headers }) => headers.get('etag'),
  unsafe: 'it looks at no precondition',
};
