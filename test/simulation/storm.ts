import { createClient, type RouteOptions } from 'remerge';
import { printTable } from '../bench/table.ts';
import { Chance } from './chance.ts';
import { clockOf, origin } from './party.ts';
import { documentOf, initial, type Document } from './document.ts';
import { ModelServer } from './model-server.ts';
import { Network } from './network.ts';
import type { ServerHabits } from './scenario.ts';
import { Timeline } from './timeline.ts';

/** What a storm has come to: everybody changes one resource, once, at the same time. */
export interface Storm {
  readonly requests: number;
  /** How many changes the resource has in the end. */
  readonly applied: number;
  readonly seconds: number;
}

/** One client's way to make its update. */
export type Update = (fetch: typeof globalThis.fetch, id: string, world: StormWorld) => Promise<unknown>;

interface StormWorld {
  readonly timeline: Timeline;
  readonly chance: Chance;
}

const server: ServerHabits = {
  answers: 'tag',
  showsState: false,
  isLenient: false,
  keeps: 'all',
  work: 0,
  lag: 0,
};
const sizes = [50, 100, 250, 500];
/** As in the model of AWS' article on backoff and jitter: 10 ms in each direction, more or less. */
const latencies = [8, 12] as const;
/** For a loop by hand, where the way takes the same time for all. Nothing else keeps them from going in step. */
const even = [10, 10] as const;

/** Runs a storm. */
export async function runStorm(
  clients: number,
  seed: string,
  update: Update,
  way: readonly [least: number, most: number] = latencies,
): Promise<Storm> {
  const chance = new Chance(seed);
  const timeline = new Timeline();
  const scenario = { version: 'header', server, rates: {}, once: undefined } as const;
  const resource = new ModelServer(scenario, timeline, initial);
  const network = new Network(scenario, timeline, chance, () => undefined, way);
  let last = 0;
  for (let index = 0; index < clients; index += 1) {
    const fetch = network.fetchFor({ name: `c${index}`, isGone: false }, resource);
    update(fetch, `c${index}`, { timeline, chance }).then(
      () => (last = timeline.now),
      // What failed isn't applied, and is seen by that.
      () => undefined,
    );
  }
  await timeline.run();
  const { items } = documentOf(resource.newest.text);
  return { requests: network.requests, applied: new Set(items).size, seconds: last / 1_000 };
}

/** An update by a handle of a client of its own. */
export function byRemerge(options: RouteOptions = {}): Update {
  return (fetch, id, { timeline, chance }) => {
    const clock = clockOf(timeline, chance);
    const routes = { 'notes/:id': options };
    const api = createClient({ baseUrl: origin, fetch, clock, timeout: false, retry: 0, routes });
    const note = api.resource('notes/:id', { id: '42' });
    return note.update((draft) => {
      (draft as Document).items.push(id);
    });
  };
}

/** A loop as one writes it by hand: read, change, write, and on a 412 wait as long as everybody else does. */
export function byHand(delay: (retry: number) => number): Update {
  return async (fetch, id, { timeline }) => {
    for (let retry = 1; ; retry += 1) {
      const response = await fetch(`${origin}notes/42`);
      const document = (await response.json()) as Document;
      document.items.push(id);
      const headers = { 'content-type': 'application/json', 'if-match': response.headers.get('etag') ?? '' };
      const init = { method: 'PUT', headers, body: JSON.stringify(document) };
      const { ok } = await fetch(`${origin}notes/42`, init);
      if (ok) return;
      await timeline.pass(delay(retry));
    }
  };
}

/** Measures storms, and says whether each one's changes are all there. */
export async function storm(seed: string): Promise<boolean> {
  const ways = [
    { what: 'remerge', update: byRemerge(), way: latencies },
    { what: 'by hand, 100 ms', update: byHand(() => 100), way: latencies },
    { what: 'by hand, 100 ms, in step', update: byHand(() => 100), way: even },
  ];
  let isWell = true;
  const rows: (readonly string[])[] = [];
  for (const { what, update, way } of ways)
    for (const clients of sizes) {
      const { requests, applied, seconds } = await runStorm(clients, seed, update, way);
      isWell &&= applied === clients;
      const figures = [clients, applied, requests, (requests / clients).toFixed(1)];
      const ratios = [requests / (clients * Math.log2(clients)), requests / clients ** 2];
      rows.push([
        what,
        ...figures.map(String),
        ...ratios.map((ratio) => ratio.toFixed(2)),
        seconds.toFixed(1),
      ]);
    }
  printTable(
    'A storm: clients that each update the same resource once, at the same time',
    ['way', 'clients', 'applied', 'requests', 'each', '/ N log2 N', '/ N²', 'seconds'],
    rows,
  );
  return isWell;
}
