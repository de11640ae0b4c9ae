import ky from 'ky';
import { createClient, withConflictRecovery } from 'remerge';
import { entriesOf, type Entry } from '../figures.ts';
import { inTurns, type Batch } from '../rounds.ts';
import type { NoteServer } from '../server/start.ts';
import { fetchInTime, put, route, text, type Call } from './calls.ts';

/** What is measured of a client: ky, or what claims to be one. */
interface Client {
  get(path: string): PromiseLike<Response>;
  put(path: string, options: typeof json): PromiseLike<Response>;
}

const json = { json: JSON.parse(text) as object, headers: { 'if-match': '"v1"' } };

/** The server takes every write on this path, whatever version it names. */
const path = 'open/1';

async function checked(answer: PromiseLike<Response>): Promise<void> {
  const response = await answer;
  if (!response.ok) throw new Error(`The server answered ${String(response.status)}.`);
  await response.arrayBuffer();
}

/** What remerge adds to a call at a real server, whose time doesn't count as the caller's. */
export async function onWire(server: NoteServer, rounds: number, calls: number): Promise<readonly Entry[]> {
  const { origin } = server;
  const url = `${origin}/${path}`;
  const routes = { 'open/:id': route };
  const batch = (call: () => Promise<unknown>): Batch => ({ calls, prepare: () => call });
  const fetches = {
    fetch,
    // How far two of the same are apart is what the machine adds by itself.
    'fetch again': ((input, init) => fetch(input, init)) satisfies typeof fetch,
    'fetch, in time': fetchInTime,
    'remerge, wrapped': withConflictRecovery(fetch, { routes }),
  };
  const clients: Readonly<Record<string, Client>> = {
    ky: ky.create({ baseUrl: origin }),
    'ky again': ky.create({ baseUrl: origin }),
    'remerge, client': createClient({ baseUrl: origin, routes }),
  };
  const through = (call: Call) =>
    new Map(Object.entries(fetches).map(([way, own]) => [way, batch(() => call(own))] as const));
  const by = (call: (client: Client) => Promise<unknown>) =>
    new Map(Object.entries(clients).map(([way, own]) => [way, batch(() => call(own))] as const));
  const cases = [
    { name: 'GET, at a server', to: 'fetch', batches: through((fetch) => checked(fetch(url))) },
    { name: 'PUT, at a server', to: 'fetch', batches: through((fetch) => checked(fetch(url, put))) },
    { name: 'GET by a client, at a server', to: 'ky', batches: by((client) => checked(client.get(path))) },
    {
      name: 'PUT by a client, at a server',
      to: 'ky',
      batches: by((client) => checked(client.put(path, json))),
    },
  ];
  const entries: Entry[] = [];
  for (const { name, to, batches } of cases) {
    entries.push(...entriesOf(name, await inTurns(batches, rounds), { ratios: ['µs'], to }));
  }
  return entries;
}
