import { createClient, type Clock, type RouteOptions } from 'remerge';
import { Chance } from './chance.ts';
import { initial, type Document } from './document.ts';
import { ModelServer } from './model-server.ts';
import { Network } from './network.ts';
import type { ServerHabits } from './scenario.ts';
import { Timeline } from './timeline.ts';

const origin = 'https://api.test/';
const server: ServerHabits = {
  answers: 'tag',
  showsState: false,
  isLenient: false,
  keeps: 'all',
  work: 0,
  lag: 0,
};

/** What a storm has come to: everybody changes one resource, once, at the same time. */
export interface Storm {
  readonly requests: number;
  /** How many changes the resource has in the end. */
  readonly applied: number;
  readonly failed: number;
  readonly seconds: number;
}

/** One client's way to make its update. */
export type Update = (fetch: typeof globalThis.fetch, id: string, world: StormWorld) => Promise<unknown>;

interface StormWorld {
  readonly timeline: Timeline;
  readonly clock: Clock;
}

/** Runs a storm. */
export async function runStorm(clients: number, seed: string, update: Update, latencies: readonly [number, number] = [8, 12]): Promise<Storm> {
  const chance = new Chance(seed);
  const timeline = new Timeline();
  const scenario = { version: 'header', server, rates: {} } as const;
  const origin = new ModelServer(scenario, timeline, initial);
  const network = new Network(scenario, timeline, chance, () => undefined, latencies);
  const clock: Clock = {
    now: () => timeline.now,
    random: chance.next,
    id: () => chance.uuid(),
    after: (delay, callback) => timeline.after(delay, callback),
  };
  let failed = 0;
  let last = 0;
  for (let index = 0; index < clients; index += 1) {
    const fetch = network.fetchFor({ name: `c${index}`, isGone: false }, origin);
    update(fetch, `c${index}`, { timeline, clock }).then(
      () => (last = timeline.now),
      () => (failed += 1),
    );
  }
  await timeline.run();
  const { items } = JSON.parse(origin.newest.text) as Document;
  return { requests: network.requests, applied: new Set(items).size, failed, seconds: last / 1_000 };
}

/** An update by a handle of a client of its own. */
export function byRemerge(options: RouteOptions = {}): Update {
  return (fetch, id, { clock }) => {
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
