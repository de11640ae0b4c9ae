// PouchDB Server's documents, from memory, behind the same count and the same wait as the notes of the other server.
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Note } from '../note.ts';
import { listen, type Conditions, type Order, type Seen } from './serve.ts';

interface Database {
  get(id: string): Promise<Note>;
  put(note: Note & { readonly _id: string }): Promise<unknown>;
}
interface Pouch {
  new (name: string): Database;
  plugin(adapter: unknown): void;
  defaults(options: { readonly adapter: string }): Pouch;
}

const load = createRequire(join(import.meta.dirname, '../../servers/package.json'));
const express = load('express') as () => RequestListener & { use(path: string, handler: unknown): void };
const PouchDB = load('pouchdb') as Pouch;
PouchDB.plugin(load('pouchdb-adapter-memory'));
const pouch = PouchDB.defaults({ adapter: 'memory' });
const app = express();
app.use(
  '/',
  (load('express-pouchdb') as (pouch: Pouch, options: object) => unknown)(pouch, {
    mode: 'minimumForPouchDB',
    inMemoryConfig: true,
  }),
);
const database = new pouch('notes');

let conditions: Conditions = { latency: 0, loss: 0, seed: 1 };
const counts = new Map<string, { requests: number; refused: number }>();

const server = createServer((request, response) => {
  const path = (request.url ?? '').replace(/\?.*/, '');
  const count = counts.get(path) ?? { requests: 0, refused: 0 };
  counts.set(path, count);
  count.requests++;
  response.on('finish', () => {
    if (response.statusCode === 409) count.refused++;
  });
  setTimeout(() => {
    const [, id] = /^\/notes\/([^/]+)$/.exec(path) ?? [];
    void Promise.resolve(id === undefined ? undefined : made(id)).then(() => app(request, response));
  }, conditions.latency);
});

const notes = new Map<string, Promise<unknown>>();

/** A note is there, and empty, from the first time that somebody asks for it. */
function made(id: string): Promise<unknown> {
  const note = notes.get(id) ?? database.put({ _id: id, ids: [] });
  notes.set(id, note);
  return note;
}

async function look(path: string): Promise<Seen> {
  const { ids } = await database.get(path.replace('/notes/', ''));
  return { ids, ...(counts.get(path) ?? { requests: 0, refused: 0 }), unanswered: 0 };
}

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  if (order.kind === 'look') {
    void look(order.path).then((seen) => process.send?.(seen));
    return;
  }
  ({ conditions } = order);
  process.send?.('set');
});
process.send?.(await listen(server));
