import { createClient, field, isRecoveryError } from 'remerge';
import { printTable } from '../bench/table.ts';
import { Chance } from './chance.ts';
import { documentOf, initial, type Document } from './document.ts';
import { ModelServer } from './model-server.ts';
import { Network } from './network.ts';
import { clockOf, origin } from './party.ts';
import { Timeline } from './timeline.ts';

const clients = 8;
const scenario = {
  version: 'header',
  server: { answers: 'tag', showsState: false, isLenient: false, keeps: 'all', work: 0, lag: 0 },
  rates: { 'lost after': 0.2 },
  once: undefined,
} as const;

/** What updates have come to, each client's on a resource of its own. */
export interface Losses {
  readonly requests: number;
  readonly lost: number;
  readonly doubled: number;
  readonly unknown: number;
  readonly answersLost: number;
}

/** Makes updates one after another, with a fifth of all answers lost after the server has done what was asked. */
export async function runLosses(updates: number, seed: string): Promise<Losses> {
  const chance = new Chance(seed);
  const timeline = new Timeline();
  const network = new Network(scenario, timeline, chance, () => undefined);
  let unknown = 0;
  const work = async (server: ModelServer, name: string): Promise<void> => {
    const fetch = network.fetchFor({ name, isGone: false }, server);
    const routes = { 'notes/:id': { writeId: field('/lastWrite'), timeout: 1_000 } };
    const kys = { timeout: false, retry: 0 } as const;
    const clock = clockOf(timeline, chance);
    // Behind a fetch of one's own nobody knows who asks, and nothing is kept from one update for the next.
    const scope = (): string => name;
    const api = createClient({ baseUrl: origin, fetch, clock, scope, ...kys, routes });
    const note = api.resource('notes/:id', { id: name });
    for (let index = 0; index < updates;) {
      try {
        await note.update((draft) => {
          (draft as Document).items.push(String(index));
        });
        index += 1;
      } catch (error) {
        // The read before a write is ky's, and ky's retries go by real time, so here it is made again by hand.
        if (isRecoveryError(error) && error.code === 'read-error') continue;
        unknown += 1;
        index += 1;
      }
    }
  };
  const servers = Array.from({ length: clients }, () => new ModelServer(scenario, timeline, initial));
  for (const [index, server] of servers.entries()) void work(server, `c${index}`);
  await timeline.run();

  const counts = servers.flatMap(({ newest }) => {
    const { items } = documentOf(newest.text);
    return Array.from(
      { length: updates },
      (_, index) => items.filter((item) => item === String(index)).length,
    );
  });
  return {
    requests: network.requests,
    lost: counts.filter((count) => count === 0).length,
    doubled: counts.filter((count) => count > 1).length,
    unknown,
    answersLost: network.faults['lost after'] ?? 0,
  };
}

/** Measures what lost answers cost, and says whether each update was made exactly once. */
export async function lost(seed: string): Promise<boolean> {
  const each = 250;
  const { requests, answersLost, lost, doubled, unknown } = await runLosses(each, seed);
  const updates = clients * each;
  printTable(
    `Updates by ${clients} clients, each on a resource of its own, with 20 % of all answers lost after commit`,
    ['updates', 'requests', 'answers lost', 'each', 'lost', 'doubled', 'unknown'],
    [[updates, requests, answersLost, (requests / updates).toFixed(2), lost, doubled, unknown].map(String)],
  );
  return lost + doubled + unknown === 0;
}
