import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createClient } from 'remerge';
import { couchdb } from 'remerge/presets';
import { withId, type Note } from '../note.ts';
import type { Peer } from './peer.ts';

interface Database {
  upsert(id: string, change: (doc: Partial<Note>) => Note): Promise<unknown>;
}
type Pouch = (new (url: string, options: { readonly skip_setup: boolean }) => Database) & {
  plugin(plugin: unknown): void;
};

/** The project that PouchDB is installed in, with the servers: nothing of it is a dependency of this one. */
const project = join(import.meta.dirname, '../../servers/package.json');

let pouch: Pouch | undefined;

/** PouchDB with pouchdb-upsert, which tries again for ever, and at once (https://github.com/pouchdb/upsert#readme). */
export const pouchdbUpsert: Peer = (origin) => {
  if (!pouch) {
    const load = createRequire(project);
    pouch = load('pouchdb') as Pouch;
    pouch.plugin(load('pouchdb-upsert'));
  }
  const database = new pouch(`${origin}/notes`, { skip_setup: true });
  return (note, id) => database.upsert(note, (doc) => withId({ ids: [], ...doc }, id));
};

/** The same update by remerge, at the same server. */
export const pouchdbRemerge: Peer = (origin) => {
  const api = createClient<{ 'notes/:id': { ids: string[] } }>({
    baseUrl: origin,
    headers: { accept: 'application/json' },
    routes: { 'notes/:id': { server: couchdb() } },
  });
  return (note, id) =>
    api.resource('notes/:id', { id: note }).update((draft) => {
      draft.ids.push(id);
    });
};
