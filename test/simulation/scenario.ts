import type { Chance } from './chance.ts';

/**
 * What may happen to a request on its way. `duplicated`: a copy arrives later. `repeated`: a proxy loses the answer, sends
 * the request again by itself, and hands on the second answer. `late`: it arrives when nobody waits any more. `redirect`:
 * it is made, and its answer leads to a host that is down.
 */
export const faults = [
  'duplicated',
  'repeated',
  'late',
  'redirect',
  'error after commit',
  'replica lags',
  'unreachable',
  'lost before',
  'lost after',
  'hangs before',
  'hangs after',
  'slow',
  'error before',
  'throttled',
  'torn',
] as const;
export type Fault = (typeof faults)[number];

/**
 * What the writers do: append to a list, count, set a value, compete without any fault, or create one and the same thing,
 * which only one of them can.
 */
export type Workload = 'list' | 'counter' | 'register' | 'contest' | 'lock';

/**
 * What somebody who takes back others' writes makes of the log of writes: `restores` leaves it as it is, `stamps` goes on
 * with it, `drops` knows nothing of it, and `undoes` puts back the state before, its log included.
 */
export type Taker = 'restores' | 'stamps' | 'drops' | 'undoes';

/** Everything about one schedule that is drawn before it begins. */
export interface Scenario {
  readonly workload: Workload;
  /** Whether the writes are PUTs by `withConflictRecovery`, or updates by a handle of `createClient`. */
  readonly by: 'fetch' | 'update';
  readonly clients: number;
  /** How many writes each client makes. */
  readonly writes: number;
  /** Whether it makes them at the same time, or one after another. */
  readonly isTogether: boolean;
  /** How a fetch writes: the whole state, or a merge patch. */
  readonly method: 'PUT' | 'PATCH';
  /**
   * How an update, or the PUT of a fetch, says a difference: by PATCH, or as the part of the state that changes. Default: as
   * a whole state.
   */
  readonly difference?: 'PATCH' | 'part';
  /** Whether there is nothing at first, so that the first writes create it. */
  readonly isNew: boolean;
  /** Where the version is. */
  readonly version: 'header' | 'body';
  /** Whether the merge is a strategy of remerge's, which knows of itself whether it comes to the same a second time. */
  readonly isReady: boolean;
  /** Whether merging a second time comes to the same. */
  readonly isIdempotent: boolean;
  /** Whether the writes name the state that they were made of, but not its version: then they begin with a read. */
  readonly isBlind: boolean;
  readonly writeId: 'none' | 'body' | 'header' | 'log';
  /** How many ids a log of writes holds. */
  readonly keep: number;
  /** Whether each client keeps another number of them. */
  readonly isMixed: boolean;
  /** Whether there is such a log at first. */
  readonly hasLog: boolean;
  readonly hasKeys: boolean;
  readonly limit: number;
  readonly timeout: number;
  readonly totalTimeout: number;
  readonly server: ServerHabits;
  /** How likely each fault is for a request that it is for. */
  readonly rates: Readonly<Partial<Record<Fault, number>>>;
  /** The one fault of the schedule, at the so-manyth request that it is for: then every write must succeed. */
  readonly once: { readonly fault: Fault; readonly at: number } | undefined;
  /** How likely a client is to crash, and a write to be aborted by its caller. */
  readonly crashes: number;
  readonly aborts: number;
  /** Who takes back what others have written; `undefined` for nobody. */
  readonly taker: Taker | undefined;
  /** Whether the writers say that somebody may. */
  readonly reverts: boolean;
}

/** What servers do one way or the other. */
export interface ServerHabits {
  /** What a PUT is answered with: a tag, nothing at all, or the whole state. */
  readonly answers: 'tag' | 'nothing' | 'state';
  /** Whether a refusal holds the newest state. */
  readonly showsState: boolean;
  /** Whether it takes a write without a precondition, as many do. */
  readonly isLenient: boolean;
  /** Which answers it gives again under the same key: those of what it has done, or refusals as well. */
  readonly keeps: 'successes' | 'all';
  /** The longest time that it works on a write, in milliseconds. */
  readonly work: number;
  /** How far a replica may lag, in milliseconds. */
  readonly lag: number;
  /** The operations as which it takes writes on, by 202, one after another and round again. Default: it makes them at once. */
  readonly operations?: readonly OperationHabit[];
  /** Whether it knows an operation again by its `Operation-Id`. */
  readonly knowsOperations?: boolean;
}

/** What becomes of an operation, and how long it takes, in milliseconds. `'forgotten'`: it is made, and has no monitor. */
export interface OperationHabit {
  readonly end: 'made' | 'failed' | 'forgotten';
  readonly takes: number;
}

/**
 * Has the server of some schedules take writes on. Without ids a copy of a request begins an operation of its own, and
 * nothing tells that an operation failed because of it: then no request is copied.
 *
 * @param chance One of its own, so that all else is drawn as it is without.
 */
export function withOperations(scenario: Scenario, chance: Chance): Scenario {
  const { workload, once, hasKeys, rates } = scenario;
  const isCopied = rates.repeated !== undefined || rates.duplicated !== undefined;
  const knowsOperations = chance.happens(0.4);
  const isAble = workload !== 'contest' && !once && !hasKeys && (knowsOperations || !isCopied);
  if (!isAble || !chance.happens(0.2)) return scenario;
  const operations = Array.from({ length: 6 }, () => ({
    end: chance.pick<OperationHabit['end']>(['made', 'made', 'made', 'failed', 'forgotten']),
    takes: chance.pick([0, 20, 500, 8_000]),
  }));
  return { ...scenario, server: { ...scenario.server, operations, knowsOperations } };
}

/**
 * Has the server of some schedules take differences. The log of a difference proves that it was made, but not that it
 * wasn't.
 *
 * @param chance One of its own, so that all else is drawn as it is without.
 */
export function withDifferences(scenario: Scenario, chance: Chance): Scenario {
  const { by, method, workload, once, isIdempotent } = scenario;
  const isAble = method === 'PUT' && workload !== 'lock' && (isIdempotent || !once);
  if (!isAble || !chance.happens(by === 'update' ? 0.6 : 0.15)) return scenario;
  return { ...scenario, difference: by === 'update' ? chance.pick(['PATCH', 'part'] as const) : 'part' };
}

/** What a write is redirected to is another address, and what came of it there isn't for us to say. */
const curable = faults.filter((fault) => fault !== 'redirect');

/** Draws a schedule's scenario. */
export function drawScenario(chance: Chance): Scenario {
  const workload = chance.pick<Workload>([
    ...(['list', 'list', 'list', 'counter', 'counter', 'register', 'register', 'contest', 'lock'] as const),
  ]);
  const isContest = workload === 'contest';
  const isLock = workload === 'lock';
  const mayUpdate = workload === 'list' || workload === 'counter';
  const by = mayUpdate && chance.happens(0.12) ? 'update' : 'fetch';
  const isReady = by === 'fetch' && chance.happens(0.3);
  const clients = chance.happens(0.05) ? chance.between(5, 8) : chance.between(isContest ? 2 : 1, 4);
  // A count never can be made twice; every strategy of remerge's for the others can.
  const isIdempotent = workload !== 'counter' && workload !== 'lock' && (isReady || chance.happens(0.4));
  const writeId = chance.pick<Scenario['writeId']>(['none', 'none', 'none', 'body', 'header', 'log']);
  const keep = chance.pick([2, 4, 100]);
  const isMixed = writeId === 'log' && chance.happens(0.3);
  const hasLog = chance.happens(0.8);
  const hasKeys = chance.happens(0.25);
  // A refusal that a proxy has brought about looks like any other. Where nothing tells them apart, nobody can.
  const isTogether = chance.happens(by === 'update' ? 0.6 : 0.15);
  const isAlone = clients === 1 && !isTogether;
  const isTraced =
    writeId !== 'none' && (isAlone || (writeId === 'log' && keep === 100 && hasLog && !isMixed));
  const canTell = isIdempotent || hasKeys || isTraced;
  const keeps = chance.pick<ServerHabits['keeps']>(['successes', 'all']);
  // A key alone leaves a repeated request that is refused in doubt. And a server that gives its refusals again under the
  // same key refuses the same bytes under whatever version.
  const method = by === 'fetch' && !isLock && chance.happens(0.15) ? 'PATCH' : 'PUT';
  const isNew = isLock || (by === 'fetch' && !isReady && !isContest && chance.happens(0.1));
  // The log of a patch proves that it was made, but not that it wasn't. A replica may lag behind the creation.
  const isSure = isIdempotent || (isTraced && method === 'PUT');
  const isAble = by === 'fetch' && !isContest && !isNew && !(hasKeys && keeps === 'all');
  const isOnce = isSure && isAble && chance.happens(0.3);
  const scenario: Omit<Scenario, 'taker' | 'reverts'> = {
    workload,
    by,
    clients,
    writes: isContest || isLock || clients > 4 ? 1 : chance.between(1, workload === 'register' ? 2 : 3),
    isTogether,
    method,
    isNew,
    version: chance.happens(0.2) ? 'body' : 'header',
    isReady,
    isIdempotent,
    isBlind: !isContest && chance.happens(0.07),
    writeId,
    keep,
    isMixed,
    hasLog,
    hasKeys,
    limit: isContest ? chance.between(0, 6) : isOnce ? 30 : chance.between(1, 8),
    timeout: isContest ? 60_000 : chance.between(isOnce ? 400 : 200, 2_000),
    totalTimeout: isContest || isOnce ? 600_000 : chance.between(2_000, 30_000),
    server: {
      answers: chance.pick(['tag', 'tag', 'nothing', 'state']),
      showsState: chance.happens(0.15),
      isLenient: chance.happens(0.5),
      keeps,
      work: chance.pick([0, 0, 5, 200]),
      lag: chance.between(1, 500),
    },
    rates: isContest || isOnce ? {} : drawRates(chance, canTell),
    once: isOnce ? { fault: chance.pick(curable), at: chance.between(1, 4) } : undefined,
    crashes: isContest || isOnce || chance.happens(0.7) ? 0 : 0.3,
    aborts: isContest || isOnce || chance.happens(0.8) ? 0 : 0.2,
  };
  // What a proxy has repeated is refused for certain, and nothing tells that it was made.
  const isCertain = scenario.rates.repeated === undefined && !isOnce && !isNew;
  const mayTake = workload === 'list' && isCertain && chance.happens(0.3);
  const takers: readonly Taker[] = ['restores', 'stamps', 'drops'];
  // Where another one goes on from a log that was put back, nothing tells what had been in it.
  const mayUndo = isAlone || writeId !== 'log';
  const taker = mayTake ? chance.pick(mayUndo ? [...takers, 'undoes' as const] : takers) : undefined;
  return { ...scenario, taker, reverts: mayTake || !(isOnce || chance.happens(0.5)) };
}

/** Some kinds of faults, each more or less often: a network that does everything at once hides what one of them does. */
function drawRates(chance: Chance, canTell: boolean): Scenario['rates'] {
  const rates: Partial<Record<Fault, number>> = {};
  const most = chance.pick([0.05, 0.15, 0.3]);
  for (const fault of faults)
    if (chance.happens(0.35) && (fault !== 'repeated' || canTell)) rates[fault] = chance.next() * most;
  return rates;
}
