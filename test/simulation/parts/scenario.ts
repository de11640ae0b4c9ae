import type { Chance } from '../chance.ts';
import { faults, type Fault, type Scenario as Writers, type ServerHabits } from '../scenario.ts';

/** Everything about one schedule that is drawn before it begins. */
export interface Scenario extends Pick<
  Writers,
  | 'clients'
  | 'writes'
  | 'version'
  | 'hasKeys'
  | 'limit'
  | 'timeout'
  | 'totalTimeout'
  | 'server'
  | 'rates'
  | 'once'
> {
  /**
   * What the clients do: change parts of one document by PATCH, have the server do what adds up, or update what a replica may
   * show as it was before.
   */
  readonly workload: 'patches' | 'actions' | 'lagging';
  /** What writes: a wrapped fetch, the verbs of a client, or handles. */
  readonly by: 'fetch' | 'verbs' | 'handle';
  /** How a PATCH says its change: by a merge patch, as that or as plain JSON, or by the operations of a JSON Patch. */
  readonly format: 'merge patch' | 'plain' | 'operations';
  /** What `null` is to the server. */
  readonly nulls: 'removal' | 'value';
  /** Whether the client says what it is. */
  readonly isTold: boolean;
  /** Whether the server puts an object of a merge patch in the place of the whole one. */
  readonly isShallow: boolean;
  /** Whether the client says of a merge patch only what the server lacks. */
  readonly isSmallest: boolean;
  /** How a refused action is merged: by keeping it, by a function that does the same, or by one that looks whether it is done. */
  readonly merge: 'keepLocal' | 'own' | 'looks';
  /** Whether the server shows of actions just the last one. */
  readonly showsLast: boolean;
  /** Whether the route says that nobody takes an action back, as nobody does here. */
  readonly isKept: boolean;
  /** Whether nothing happens on the way: then every write must come through. */
  readonly isCalm: boolean;
}

/** Draws a schedule's scenario. */
export function drawScenario(chance: Chance): Scenario {
  const workload = chance.pick<Scenario['workload']>(['patches', 'patches', 'patches', 'actions', 'lagging']);
  const format = chance.pick<Scenario['format']>(['merge patch', 'plain', 'operations', 'operations']);
  const isPatches = workload === 'patches';
  // A handle sends merge patches, and has no way to say an action.
  const isHandle = isPatches && format === 'merge patch' && chance.happens(0.5);
  const isShallow = format !== 'operations' && chance.happens(0.6);
  const isCalm = isPatches && chance.happens(0.3);
  const nulls = chance.pick<Scenario['nulls']>(['removal', 'value']);
  return {
    workload,
    by: isHandle ? 'handle' : workload === 'lagging' ? 'verbs' : chance.pick(['fetch', 'verbs']),
    format,
    nulls,
    isTold: isCalm || (nulls === 'value' && !isShallow) || chance.happens(0.6),
    isShallow,
    isSmallest: !isShallow && chance.happens(0.5),
    merge: chance.pick<Scenario['merge']>(['keepLocal', 'own', 'looks']),
    showsLast: chance.happens(0.5),
    isKept: workload === 'actions' && chance.happens(0.5),
    isCalm,
    clients: workload === 'lagging' ? chance.between(1, 2) : chance.between(2, 4),
    writes: chance.between(1, workload === 'lagging' ? 5 : 3),
    version: chance.happens(0.3) ? 'body' : 'header',
    hasKeys: workload === 'actions' && chance.happens(0.25),
    limit: isCalm ? 30 : chance.between(1, 8),
    timeout: isCalm ? 60_000 : chance.between(200, 2_000),
    totalTimeout: isCalm ? 600_000 : chance.between(2_000, 30_000),
    server: {
      answers: chance.pick<ServerHabits['answers']>(['tag', 'tag', 'nothing', 'state']),
      showsState: false,
      isLenient: chance.happens(0.5),
      keeps: 'successes',
      work: chance.pick([0, 0, 5, 200]),
      lag: chance.between(1, 500),
    },
    rates: workload === 'lagging' ? { 'replica lags': 0.5 } : isCalm ? {} : drawRates(chance),
    once: undefined,
  };
}

/** What a proxy repeats, and what is redirected, is for writers of one state. */
const onTheWay = faults.filter((fault) => fault !== 'repeated' && fault !== 'redirect');

function drawRates(chance: Chance): Scenario['rates'] {
  const rates: Partial<Record<Fault, number>> = {};
  const most = chance.pick([0.05, 0.15, 0.3]);
  for (const fault of onTheWay) if (chance.happens(0.35)) rates[fault] = chance.next() * most;
  return rates;
}
