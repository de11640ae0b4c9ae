import type { Chance } from '../chance.ts';
import type { Scenario } from './scenario.ts';
import { isExact } from './versions.ts';
import { manners, type Burst, type Call, type Visit } from './visit.ts';

type Kind = Pick<Scenario, 'isCrowd' | 'teller' | 'place' | 'versions' | 'totalTimeout'>;

const users = ['ann', 'ben', 'cy'];

/** Draws what all users of a schedule do. */
export function drawVisits(chance: Chance, kind: Kind): readonly Visit[] {
  if (kind.isCrowd) return [drawCrowd(chance)];
  const isAlone = kind.teller === 'static' || chance.happens(0.15);
  const count = isAlone ? 1 : chance.between(2, 3);
  // What nobody has versions of can be neither created nor deleted safely.
  const isWide = isExact(kind) && chance.happens(0.5);
  const traits: Traits = {
    aborts: chance.happens(0.5) ? 0.4 : 0,
    odd: chance.happens(0.5) ? chance.pick([0.2, 0.5]) : 0,
    slow: chance.happens(0.3) ? 0.5 : 0,
    poison: chance.happens(0.25) ? 0.3 : 0,
    alone: chance.happens(0.2) ? 0.3 : 0,
    // Without versions only an update begins with a read.
    writes: isExact(kind) && chance.happens(0.5) ? 0.4 : 0,
    paths: ['me/settings', 'notes/1', ...(isWide ? ['notes/2', 'fresh/1'] : [])],
  };
  return Array.from({ length: count }, (_, index) => ({
    user: users[kind.place === 'page' && index === 2 ? 0 : index] ?? 'ann',
    at: kind.place === 'page' ? chance.pick([0, 0, 10, 100]) : chance.between(0, 60),
    stay: isAlone || kind.place === 'server' ? Infinity : chance.between(20, 1_200),
    bursts: drawBursts(chance, traits, kind, isAlone),
  }));
}

/** How likely each thing is within one schedule. */
interface Traits {
  readonly aborts: number;
  readonly odd: number;
  readonly slow: number;
  readonly poison: number;
  readonly alone: number;
  readonly writes: number;
  readonly paths: readonly string[];
}

function drawBursts(chance: Chance, traits: Traits, kind: Kind, isAlone: boolean): readonly Burst[] {
  // What is kept of one write shows in the next one of the same document.
  const same = isExact(kind) && chance.happens(0.7) ? undefined : chance.pick(traits.paths);
  const most = isAlone || !isExact(kind) ? 3 : 2;
  return Array.from({ length: chance.between(same === undefined ? 1 : 2, most) }, () =>
    drawBurst(chance, traits, kind, same ?? chance.pick(traits.paths)),
  );
}

function drawBurst(chance: Chance, traits: Traits, kind: Kind, path: string): Burst {
  const size = chance.between(1, 3);
  return {
    pause: chance.happens(0.5) ? 0 : chance.between(0, 900),
    other: chance.happens(0.4) ? chance.next() : undefined,
    calls: Array.from({ length: size }, () => drawCall(chance, traits, kind, path)),
    isAwaited: chance.happens(0.7),
  };
}

function drawCall(chance: Chance, traits: Traits, { totalTimeout, versions }: Kind, path: string): Call {
  const drawn = drawVerb(chance, traits, path);
  // A DELETE has no body that a version could be in.
  const verb = drawn === 'remove' && versions === 'field' ? 'update' : drawn;
  const plain = chance.happens(traits.slow)
    ? 'waits'
    : chance.pick(['appends', 'appends', 'returns'] as const);
  const manner = chance.happens(traits.odd) ? chance.pick(manners) : plain;
  return {
    verb,
    path,
    manner,
    takes: manner === 'waits' || manner === 'throws later' ? chance.between(1, 400) : 0,
    isPoison: chance.happens(traits.poison),
    abort: chance.happens(traits.aborts)
      ? { after: chance.between(0, Math.min(600, totalTimeout)), by: chance.pick(['own', 'shared']) }
      : undefined,
    isTogether: !chance.happens(traits.alone),
    isIdempotent: chance.happens(0.2),
    base: chance.pick(['snapshot', 'value', 'copy', 'result']),
    after: chance.happens(0.5) ? 0 : chance.between(0, 150),
    answers: chance.happens(0.8) ? chance.between(0, 1_000) : undefined,
  };
}

function drawVerb(chance: Chance, { writes }: Traits, path: string): Call['verb'] {
  if (path === 'fresh/1') return chance.pick(['create', 'create', 'remove', 'update', 'replace']);
  return chance.happens(writes) ? chance.pick(['replace', 'patch', 'put', 'put']) : 'update';
}

/** One user, and many updates in the same breath. */
function drawCrowd(chance: Chance): Visit {
  const size = chance.between(4, 12);
  const poisoned = chance.happens(0.5) ? chance.between(1, 3) : 0;
  // Where the poison is makes a difference to how a batch is split.
  const places = Array.from({ length: poisoned }, () => chance.between(0, size - 1));
  const plain = { path: 'notes/1', verb: 'update', manner: 'appends', takes: 0, abort: undefined } as const;
  const more = {
    isTogether: true,
    isIdempotent: false,
    base: 'snapshot',
    after: 0,
    answers: undefined,
  } as const;
  const calls = Array.from({ length: size }, (_, index): Call => {
    return { ...plain, ...more, isPoison: places.includes(index) };
  });
  const bursts = [{ pause: 0, other: undefined, calls, isAwaited: true }];
  return { user: 'ann', at: 0, stay: Infinity, bursts };
}
