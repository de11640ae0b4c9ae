// Serves the CouchDB API on a port of 127.0.0.1, from memory.
import { createRequire } from 'node:module';
import { argv } from 'node:process';

interface Pouch {
  plugin(adapter: unknown): void;
  defaults(options: { readonly adapter: string }): unknown;
}
interface App {
  use(path: string, handler: unknown): void;
  listen(port: number, host: string): void;
}
const load = createRequire(import.meta.url);
const express = load('express') as () => App;
const PouchDB = load('pouchdb') as Pouch;
PouchDB.plugin(load('pouchdb-adapter-memory'));
const serve = load('express-pouchdb') as (pouch: unknown, options: object) => unknown;

const app = express();
const memory = PouchDB.defaults({ adapter: 'memory' });
app.use('/', serve(memory, { mode: 'minimumForPouchDB', inMemoryConfig: true }));
app.listen(Number(argv[2]), '127.0.0.1');
