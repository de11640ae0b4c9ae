import type { Chance } from '../chance.ts';
import type { Fault, ServerHabits } from '../scenario.ts';
import { drawVisits } from './draw.ts';
import { isExact, type Versions } from './versions.ts';
import type { Visit } from './visit.ts';

/** Everything about one schedule that is drawn before it begins: one client, and the users who call through it. */
export interface Scenario {
  /** Whether it is about one burst of many updates, without any fault, and what they cost. */
  readonly isCrowd: boolean;
  /**
   * Where a request gets its credentials: static headers, a `headers` function, a `beforeRequest` hook, or a fetch of the
   * user's own.
   */
  readonly teller: 'static' | 'headers' | 'hook' | 'fetch';
  /** On a page one user is signed in at a time; a server has many at once, each in a context of its own. */
  readonly place: 'page' | 'server';
  /** The header that says who is asking. */
  readonly credential: 'authorization' | 'x-user';
  /** Whether the client is told by `scope` what to go by, so that a renewed token is nobody new. */
  readonly hasScope: boolean;
  /** Whether the client is given a fetch, or goes by the platform's. */
  readonly isOwnFetch: boolean;
  /** How long the `headers` function takes, in milliseconds. */
  readonly headersDelay: number;
  /** How a hook sends a request again whose token was refused: by the client, by ky, or by asking ky for a retry. */
  readonly refresh: 'never' | 'client' | 'ky' | 'retry';
  /** When tokens run out, in milliseconds from the start. */
  readonly expiries: readonly number[];
  readonly versions: Versions;
  /** Whether the route's merge gives up, and leaves it to a person. */
  readonly defers: boolean;
  readonly isIdempotent: boolean;
  readonly onExists: 'fail' | 'merge';
  readonly onStaleDelete: 'fail' | 'delete';
  readonly limit: number;
  readonly timeout: number;
  readonly totalTimeout: number;
  readonly server: ServerHabits & Refusals;
  readonly rates: Readonly<Partial<Record<Fault, number>>>;
  readonly once: undefined;
  /** When somebody writes who has nothing to do with the client, in milliseconds from the start. */
  readonly others: readonly number[];
  readonly visits: readonly Visit[];
}

/** What a server refuses, and where it sends readers. */
interface Refusals {
  /** The status for a change that it never takes, whoever's changes travel with it. */
  readonly poisoned: 400 | 409 | 413 | 422;
  /** How many writes somebody else overtakes; the status of their refusal. */
  readonly overtakes: number;
  readonly stale: 409 | 412;
  /** Whether a read of `notes/1` is sent on to `notes/2`. */
  readonly redirects: boolean;
}

/** Whether nothing stands in the way of a call that is well in itself: then it has to succeed. */
export function isCalm({
  rates,
  others,
  expiries,
  server,
  place,
  visits,
  versions,
  ...route
}: Scenario): boolean {
  const isUndisturbed = Object.keys(rates).length === 0 && others.length === 0 && expiries.length === 0;
  const isOpen = server.overtakes === 0 && !server.redirects && versions !== 'none' && versions !== 'weak';
  const isRoomy = route.limit >= 20 && route.totalTimeout >= 8_000 && !route.defers && versions !== 'date';
  return isUndisturbed && isOpen && isRoomy && (place === 'server' || visits.length === 1);
}

/** How users are told apart, for the kind of a flaw. */
export function toldOf({ teller, place, credential }: Scenario): string {
  return `${teller} on a ${place}${credential === 'x-user' ? ', X-User' : ''}`;
}

/** How a change may come into a document of this name, if it isn't for that. */
export function wayOf(scenario: Scenario, name: string): string {
  return scenario.server.redirects && name === 'notes/1' ? 'by a redirect' : toldOf(scenario);
}

const mild: readonly Fault[] = ['unreachable', 'error before', 'throttled', 'slow'];
const all: readonly Fault[] = [
  ...mild,
  'duplicated',
  'late',
  'error after commit',
  'lost before',
  'lost after',
  'hangs before',
  'hangs after',
  'torn',
];

/** Draws a schedule's scenario. */
export function drawScenario(chance: Chance): Scenario {
  const isCrowd = chance.happens(0.12);
  const teller = isCrowd
    ? 'static'
    : chance.pick(['static', 'headers', 'headers', 'hook', 'hook', 'fetch'] as const);
  const place =
    teller === 'fetch' ? 'server' : teller === 'static' ? 'page' : chance.pick(['page', 'server'] as const);
  const versions = isCrowd ? 'etag' : drawVersions(chance);
  const mayRenew = !isCrowd && (teller === 'hook' || (place === 'server' && teller === 'headers'));
  const credential = mayRenew || chance.happens(0.75) ? 'authorization' : 'x-user';
  const refresh = mayRenew && chance.happens(0.4) ? chance.pick(['client', 'ky', 'retry'] as const) : 'never';
  const isRenewed =
    refresh !== 'never' || (teller === 'headers' && credential === 'authorization' && chance.happens(0.2));
  const isPlain = isCrowd || chance.happens(0.35);
  const limit = isCrowd ? chance.between(0, 4) : chance.happens(0.5) ? 100 : chance.between(2, 8);
  const totalTimeout = isCrowd ? 60_000 : chance.pick([2_000, 8_000, 15_000, 30_000]);
  const visits = drawVisits(chance, { isCrowd, teller, place, versions, totalTimeout });
  const rates = isPlain ? {} : drawRates(chance, faultsFor({ versions, refresh, visits }));
  // A token that takes the place of a refused one may be the next user's as well: that only a scope can tell.
  const isAmbiguous = refresh !== 'never' && place === 'page' && visits.length > 1;
  const isContested = isCrowd && chance.happens(0.5);
  return {
    isCrowd,
    teller,
    place,
    credential,
    hasScope: teller !== 'fetch' && (isAmbiguous || chance.happens(0.5)),
    isOwnFetch: teller === 'fetch' || chance.happens(0.3),
    headersDelay: teller === 'headers' && chance.happens(0.3) ? chance.between(1, 20) : 0,
    refresh,
    expiries: isRenewed ? [chance.between(0, 600), chance.between(200, 1_500)] : [],
    versions,
    defers: !isCrowd && chance.happens(0.25),
    isIdempotent: chance.happens(0.4),
    onExists: chance.pick(['fail', 'merge']),
    onStaleDelete: chance.pick(['fail', 'delete']),
    limit,
    timeout: chance.between(500, 2_000),
    totalTimeout,
    server: {
      answers: chance.pick(['tag', 'tag', 'nothing', 'state']),
      showsState: false,
      isLenient: chance.happens(0.5),
      keeps: 'successes',
      work: chance.pick([0, 0, 5, 200]),
      lag: 0,
      poisoned: chance.pick([400, 409, 413, 422]),
      overtakes: isContested
        ? chance.pick([2, 5, 1_000])
        : !isPlain && chance.happens(0.3)
          ? chance.between(1, 3)
          : 0,
      stale: versions === 'field' ? 409 : chance.pick([409, 412, 412]),
      redirects: !isCrowd && chance.happens(0.06),
    },
    rates,
    once: undefined,
    others: isPlain ? [] : Array.from({ length: chance.between(0, 4) }, () => chance.between(0, 2_500)),
    visits,
  };
}

/** Which faults leave it possible to know what became of a write. */
function faultsFor({
  versions,
  refresh,
  visits,
}: Pick<Scenario, 'versions' | 'refresh' | 'visits'>): readonly Fault[] {
  if (!isExact({ versions })) return mild.slice(0, 3);
  // A hook that sends a request again by itself doesn't look what became of it.
  if (refresh !== 'never') return mild;
  const mayCreate = visits.some(({ bursts }) =>
    bursts.some(({ calls }) => calls.some(({ path }) => path.startsWith('fresh/'))),
  );
  // A copy that creates something is as good as new once that was deleted.
  return mayCreate ? all.filter((fault) => fault !== 'duplicated' && fault !== 'late') : all;
}

/** Some kinds of faults, each more or less often. */
function drawRates(chance: Chance, faults: readonly Fault[]): Scenario['rates'] {
  const rates: Partial<Record<Fault, number>> = {};
  const most = chance.pick([0.05, 0.15, 0.3]);
  for (const fault of faults) if (chance.happens(0.35)) rates[fault] = chance.next() * most;
  return rates;
}

function drawVersions(chance: Chance): Versions {
  if (chance.happens(0.8)) return chance.happens(0.8) ? 'etag' : 'field';
  return chance.pick(['weak', 'date', 'none', 'none']);
}
