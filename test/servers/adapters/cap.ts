import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { odata } from 'remerge/presets';
import { flat, sendJson, writers, type Adapter, type Json } from '../adapter.ts';
import { binary, home, start } from '../process.ts';

const ids = new Map<string, number>();

/** Its keys are numbers. */
function path(id: string): string {
  const key = ids.get(id) ?? ids.size + 1;
  ids.set(id, key);
  return `odata/v4/notes/Notes(${key})`;
}

const model = `
using { managed } from '@sap/cds/common';
service NotesService @(path: '/odata/v4/notes') {
  entity Notes : managed { key ID : Integer; title : String; ${writers.map((name) => `${name} : String;`).join(' ')} }
}
annotate NotesService.Notes with { modifiedAt @odata.etag };
`;

/** A rule of the business, with the status of a conflict. */
const handlers = `
const cds = require('@sap/cds');
module.exports = class extends cds.ApplicationService {
  init() {
    this.before('UPDATE', 'Notes', (req) => req.data.title === 'locked' && req.reject(409, 'This note is locked.'));
    return super.init();
  }
};
`;

/** OData v4, as SAP CAP serves an entity from SQLite in memory. */
export const cap: Adapter<Json> = {
  name: 'cap',
  title: 'SAP CAP (OData v4)',
  from: 'npm',
  async start({ folder, port }) {
    await mkdir(join(folder, 'srv'));
    await writeFile(join(folder, 'srv/notes.cds'), model);
    await writeFile(join(folder, 'srv/notes.js'), handlers);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'notes', private: true }));
    await symlink(join(home, 'node_modules'), join(folder, 'node_modules'), 'dir');
    return start({
      program: execPath,
      args: [
        '--import',
        join(home, 'launch/loopback.ts'),
        binary('cds-serve'),
        ...['all', '--in-memory', '--port', String(port)],
      ],
      folder,
      url: `http://127.0.0.1:${port}/`,
    });
  },
  // OData's tags are weak by the book, and sent back as they are.
  route: () => ({ server: odata() }),
  read: (id) => ({ path: path(id) }),
  write: (id, state) => put(id, state),
  create: (id, state) => put(id, state, { 'if-none-match': '*' }),
  remove: (id) => ({ path: path(id), method: 'DELETE' }),
  draft: () => ({ title: 'new' }),
  ...flat,
  version: ({ headers }) => headers.get('etag'),
  permanent: {
    what: 'a rule of the business',
    isBased: true,
    ask: (id, state) => put(id, { ...state, title: 'locked' }),
  },
};

function put(id: string, state: Json, headers: Readonly<Record<string, string>> = {}) {
  return sendJson('PUT', path(id), state, headers);
}
