import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../server/store.ts';
import type { ClientName } from './clients.ts';
import { hireCrew, type Crew } from './crew.ts';
import { addresses, type Kind } from './documents.ts';
import { editsOf, seed } from './edits.ts';
import { narrate } from './narrator.ts';
import { startOrigin, type Origin } from './origin.ts';
import { tally, type Tally } from './proof.ts';
import type { Settings } from './settings.ts';
import type { Terminal } from './terminal.ts';

export type Tallies = ReadonlyMap<ClientName, Tally>;

/** Things to be undone in the end, however it comes. */
export type Undo = (undo: () => unknown) => void;

/** Lets each client do the same work, and counts what became of it. */
export async function run(settings: Settings, terminal: Terminal, later: Undo): Promise<Tallies> {
  // Made and registered in one step: a signal can't come in between and leave it behind.
  const folder = mkdtempSync(join(tmpdir(), 'remerge-contention-'));
  later(() => rmSync(folder, { recursive: true, force: true }));
  const database = join(folder, 'documents.sqlite');
  prepare(database, settings);

  const origin = await startOrigin(database);
  later(() => origin.stop());
  const crew = hireCrew(settings.writers);
  later(() => crew.dismiss());

  const acknowledged = new Map<ClientName, readonly string[]>();
  for (const client of settings.clients) {
    acknowledged.set(client, await work(client, settings, crew, origin, terminal));
  }
  crew.dismiss();
  return count(settings, database, acknowledged, await origin.stop());
}

/** Each client gets documents of its own, which are there before the server is: so its log has the writers only. */
function prepare(database: string, settings: Settings): void {
  const store = openStore(database);
  for (const client of settings.clients) {
    for (const [kind, document] of Object.entries(seed(allEdits(settings)))) {
      store.create(addresses[kind as Kind], client, { ...document });
    }
  }
  store.close();
}

const allEdits = ({ writers, edits }: Settings) =>
  Array.from({ length: writers }, (_, index) => editsOf(index + 1, edits)).flat();

/** Returns the marks of the edits that were acknowledged. */
async function work(client: ClientName, settings: Settings, crew: Crew, origin: Origin, terminal: Terminal) {
  const { writers, edits } = settings;
  const acknowledged: string[] = [];
  const narrator = narrate(client, writers * edits, terminal);
  const urls = {
    note: `${origin.url}/${addresses.note}/${client}`,
    board: `${origin.url}/${addresses.board}/${client}`,
  };
  await crew.work({ client, edits, urls }, (edited) => {
    if (edited.acknowledged) acknowledged.push(edited.mark);
    narrator.edited(edited);
  });
  narrator.finished();
  return acknowledged;
}

/** The documents are read from the file, when the server is gone: what counts is what was stored. */
function count(
  settings: Settings,
  database: string,
  acknowledged: ReadonlyMap<ClientName, readonly string[]>,
  log: readonly string[],
): Tallies {
  const store = openStore(database);
  const asked = allEdits(settings).map(({ mark }) => mark);
  const collections = Object.values(addresses);
  const tallies = new Map(
    Array.from(acknowledged, ([client, marks]) => {
      const documents = collections.map((collection) => store.read(collection, client)?.body);
      const own = log.filter((line) =>
        collections.some((collection) => line.startsWith(`/${collection}/${client} `)),
      );
      return [client, tally({ asked, acknowledged: marks, documents, log: own })];
    }),
  );
  store.close();
  return tallies;
}
