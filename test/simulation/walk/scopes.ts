import { faults, type Fault, type Scenario } from '../scenario.ts';

/** A scope that is small enough to walk through every schedule of it. */
export interface Scope {
  readonly name: string;
  readonly scenario: Scenario;
  /** What may happen, each once in a schedule. */
  readonly faults: readonly Fault[];
  /** How many faults of different kinds there are in a schedule at most. Somebody who takes back isn't counted. */
  readonly most: number;
}

const plain: Scenario = {
  workload: 'list',
  by: 'fetch',
  clients: 2,
  writes: 2,
  isTogether: false,
  method: 'PUT',
  isNew: false,
  version: 'header',
  isReady: false,
  isIdempotent: false,
  isBlind: false,
  writeId: 'none',
  keep: 100,
  hasLog: true,
  isMixed: false,
  hasKeys: false,
  limit: 2,
  timeout: 1_000,
  totalTimeout: 600_000,
  server: { answers: 'tag', showsState: false, isLenient: true, keeps: 'successes', work: 0, lag: 1 },
  rates: {},
  once: undefined,
  crashes: 0,
  aborts: 0,
  taker: undefined,
  reverts: true,
};

/** A proxy that repeats what was made is told from a conflict only where something shows whose write it was. */
const told = faults.filter((fault) => fault !== 'slow');
const untold = told.filter((fault) => fault !== 'repeated');

/** What the writers do: by an own merge that adds up, by a strategy, with and without a log, and with who takes back. */
const kinds: readonly (readonly [string, Partial<Scenario>, readonly Fault[]])[] = [
  ['create one lock', { workload: 'lock', isNew: true }, untold],
  ['append', {}, untold],
  ['append by patches', { method: 'PATCH' }, untold],
  ['append to what is new', { isNew: true }, untold],
  ['append with a log', { writeId: 'log' }, told],
  ['set', { isReady: true, isIdempotent: true }, told],
  ['append, taken back', { taker: 'restores' }, untold],
  ['set, taken back', { isReady: true, isIdempotent: true, taker: 'restores' }, untold],
  ['append with a log, taken back', { writeId: 'log', taker: 'restores' }, untold],
  ['append with a log, taken back with it', { writeId: 'log', taker: 'stamps' }, untold],
  // Where another one goes on from a log that was put back, nothing tells what had been in it.
  ['append with a log, put back with it', { clients: 1, writeId: 'log', taker: 'undoes' }, untold],
  ['append with a new log, which is lost', { writeId: 'log', hasLog: false, taker: 'drops' }, untold],
  [
    'set with a log, taken back',
    { isReady: true, isIdempotent: true, writeId: 'log', taker: 'drops' },
    untold,
  ],
];

function scopesWith(
  most: number,
  moreOf: (scenario: Partial<Scenario>) => Partial<Scenario>,
): readonly Scope[] {
  return kinds.map(([name, what, which]) => {
    return { name, scenario: { ...plain, ...what, ...moreOf(what) }, faults: which, most };
  });
}

export const scopes = {
  /** One write of each client, and one fault: a few seconds. */
  small: scopesWith(1, () => ({ writes: 1 })),
  /** Two writes of each client, and one fault: minutes. */
  'one-fault': scopesWith(1, () => ({})),
  /** Two faults of different kinds, and one write of each client where somebody takes back: many minutes. */
  'two-faults': scopesWith(2, ({ taker }) => (taker ? { writes: 1, limit: 3 } : {})),
} as const;
export type Size = keyof typeof scopes;
