import {
  defineMerge,
  idempotencyKey,
  createClient,
  withConflictRecovery,
  type Clock,
  type Merge,
  type RecoveringFetch,
  type Resource,
  type RouteOptions,
} from 'remerge';
import { poll } from 'remerge/poll';
import type { Chance } from './chance.ts';
import type { ModelServer, Reply } from './model-server.ts';
import type { Sender } from './network.ts';
import type { Scenario } from './scenario.ts';
import type { Timeline } from './timeline.ts';
import { versionOf, writeIdOf } from './document.ts';

export const origin = 'https://api.test/';
export const address = `${origin}notes/42`;

/** One client with a remerge of its own, on a machine that may crash. */
export class Party implements Sender {
  readonly name: string;
  isGone = false;
  readonly clock: Clock;
  readonly #fetch: typeof fetch;
  readonly #route: RouteOptions;

  constructor(name: string, scenario: Scenario, merge: Merge, world: World) {
    const { timeline, chance, network, server } = world;
    this.name = name;
    this.#fetch = network.fetchFor(this, server);
    this.clock = clockOf(timeline, chance, () => this.isGone);
    this.#route = routeOf(scenario, merge, 'abcdefgh'.indexOf(name));
  }

  /** A `fetch` that recovers. */
  recovering(): RecoveringFetch {
    return withConflictRecovery(this.#fetch, { clock: this.clock, memory: 0, defaults: this.#route });
  }

  /** A handle on the resource, of a client that nobody else has. */
  handle(): Resource {
    // What ky does by itself it does in real time.
    const kys = { baseUrl: origin, fetch: this.#fetch, clock: this.clock, timeout: false, retry: 0 } as const;
    const api = createClient({ ...kys, routes: { 'notes/:id': this.#route } });
    return api.resource('notes/:id', { id: '42' });
  }

  /** Waits, and never comes back if the machine crashes meanwhile. */
  pause(delay: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(delay, resolve);
    });
  }
}

/**
 * A clock of a client's, by virtual time and the chance of a seed.
 *
 * @param isGone Whether the machine has crashed, so that nothing more happens on it.
 */
export function clockOf(timeline: Timeline, chance: Chance, isGone = (): boolean => false): Clock {
  return {
    now: () => timeline.now,
    random: chance.next,
    id: () => chance.uuid(),
    after: (delay, callback) =>
      timeline.after(delay, () => {
        if (!isGone()) callback();
      }),
  };
}

/** What clients reach a server by. */
export interface Link {
  /** A `fetch` of one client's. */
  fetchFor(sender: Sender, server: ModelServer): typeof fetch;
  /** Gives what the newest state is, and never fails. */
  ask(server: ModelServer): Promise<Reply>;
}

/** What all clients of a schedule share. */
export interface World {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly network: Link;
  readonly server: ModelServer;
}

function routeOf(scenario: Scenario, merge: Merge, nth: number): RouteOptions {
  const { limit, timeout, totalTimeout, hasKeys, isIdempotent, isReady, reverts, difference, server } =
    scenario;
  const writeId = writeIdOf(scenario, nth);
  const showsState = server.showsState && scenario.version === 'header';
  return {
    ...(scenario.workload !== 'lock' && { onConflict: { exists: 'merge' as const } }),
    server: {
      ...(showsState && { classify: (_response, body) => ({ state: body }) }),
      ...(!reverts && { reverts }),
      ...(difference === 'PATCH' && { replace: difference }),
      ...(difference === 'part' && { means: difference }),
      ...(server.operations && { accepted: poll({ operationId: server.knowsOperations === true }) }),
    },
    // An own merge that adds up has to say so: else a state that is equal to its own passes for its own.
    merge:
      isReady || (!isIdempotent && scenario.workload !== 'counter')
        ? merge
        : defineMerge(merge, { repeatable: isIdempotent, additive: !isIdempotent }),
    timeout,
    totalTimeout,
    version: versionOf(scenario),
    retry: limit,
    writeId: [...(writeId ? [writeId] : []), ...(hasKeys ? [idempotencyKey()] : [])],
  };
}
