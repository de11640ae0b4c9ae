import type { Case, Method, Stage } from './case.ts';
import { each } from './each.ts';
import { abort, abortTooLate, echo, late, readFault, readFaults, writeFault, writeFaults } from './fault.ts';
import {
  adopting,
  joining,
  joiningOwn,
  keyed,
  logged,
  recreating,
  recreatingOwn,
  ruthless,
  safe,
  stamped,
  stampedByHeader,
  united,
  unsafe,
  yielding,
} from './strategy.ts';

const methods: readonly Method[] = ['PUT', 'PATCH', 'POST', 'DELETE'];

/** A write that gets no answer: whether it was made is what the matrix is about. */
const losses = writeFaults.filter(({ meaning }) => meaning === 'lost');
/** One of each kind: connection, time, status. */
const fewLosses = losses.filter(({ name }) => /^(a lost connection|a hang|503)/.test(name));
/** One of each meaning, or a few. */
const fewFaults = [
  ...fewLosses,
  ...writeFaults.filter(({ name }) => /^(429|401|404|304|302|307|a wrong ETag|bad JSON)/.test(name)),
];
/** Those that make a difference if they last. */
const lastingFaults = readFaults.filter(({ meaning }) =>
  ['lost', 'throttled', 'old state', 'false version'].includes(meaning),
);

const onTheWay = writeFault('a lost connection before the commit');
const onTheWayBack = writeFault('a lost connection after the commit');

/** Every fault at the first write. */
export const firstWrites: readonly Case[] = [
  ...each('first write', methods, [safe], writeFaults),
  ...each('first write', methods, [unsafe], losses),
  ...each('first write', methods, [safe, unsafe], fewLosses, { then: 'another writer' }),
  ...proven('first write'),
];

/** Every fault at the read after a refusal, and at all reads from there on. */
export const reReads: readonly Case[] = [
  ...each('re-read', methods, [safe], readFaults),
  ...each('re-read', methods, [safe], lastingFaults, { isLasting: true }),
];

/** Every fault at the merged write. */
export const secondWrites: readonly Case[] = [
  ...each('second write', methods, [safe], writeFaults),
  ...each('second write', methods, [safe], fewLosses, { then: 'another writer' }),
  ...each('second write', ['PUT', 'PATCH', 'POST'], [unsafe], fewLosses),
  ...each('second write', ['PUT', 'PATCH', 'POST'], [unsafe], fewLosses, { then: 'another writer' }),
  ...proven('second write'),
];

/** Every fault at the read after a lost answer, and at all reads from there on. */
export const looks: readonly Case[] = [
  ...each('look', methods, [safe], readFaults, { loss: onTheWayBack }),
  ...each('look', methods, [unsafe], lastingFaults, { loss: onTheWayBack, isLasting: true }),
  ...each('look', ['PUT', 'PATCH'], [unsafe], readFaults, { loss: onTheWay }),
];

const nothings = readFaults.filter(({ meaning }) => meaning === 'missing');
const hang = { isHurried: true };
const changes: readonly Method[] = ['PUT', 'PATCH', 'POST'];
const hangs = losses.filter(({ name }) => name.startsWith('a hang'));

/** A request that arrives late or twice, and a caller who doesn't wait. */
export const oddities: readonly Case[] = [
  ...each('first write', methods, [safe], [late]),
  ...each('first write', changes, [unsafe, united, stamped, stampedByHeader, keyed], [late]),
  ...each('first write', changes, [safe, united, stamped, stampedByHeader, keyed], [echo]),
  ...each('second write', changes, [safe, united, stamped, stampedByHeader, keyed], [echo]),
  ...each('first write', methods, [safe], [abort, abortTooLate]),
  ...each('second write', methods, [safe], [abort, abortTooLate]),
  ...each('resend', methods, [safe], [abort, abortTooLate], { loss: onTheWay }),
  ...each('re-read', methods, [safe], [abort]),
  ...each('look', methods, [safe], [abort], { loss: onTheWayBack }),
  ...each('first write', methods, [safe], hangs, hang),
  ...each('second write', methods, [safe], hangs, hang),
  ...each('re-read', methods, [safe], [readFault('a hang')], hang),
  ...each('look', methods, [safe], [readFault('a hang')], { ...hang, loss: onTheWayBack }),
];

/** What is gone, and may be made anew. */
export const deletions: readonly Case[] = [
  ...each('first write', methods, [safe], fewLosses, { then: 'a deletion' }),
  ...each('first write', ['PUT', 'PATCH'], [recreating, recreatingOwn], fewLosses, { then: 'a deletion' }),
  ...each('re-read', ['PUT', 'PATCH'], [recreating, recreatingOwn], nothings),
  ...each('look', ['PUT', 'PATCH'], [recreating, recreatingOwn], nothings, { loss: onTheWay }),
  ...each('look', ['PUT', 'PATCH'], [recreating, recreatingOwn], nothings, { loss: onTheWayBack }),
];

/** What was to be created, and exists. */
export const creations: readonly Case[] = [undefined, 'another writer' as const].flatMap((then) =>
  (['first write', 'second write'] as const).flatMap((stage) =>
    each(stage, ['PUT', 'POST'], [adopting, joining, joiningOwn], fewLosses, {
      condition: 'nothing yet',
      then,
    }),
  ),
);

export const yieldings: readonly Case[] = [
  ...each('first write', changes, [yielding], fewLosses),
  ...each('first write', changes, [yielding], fewLosses, { then: 'another writer' }),
];

/** Faults at the write that goes out once more, and at all writes. */
export const resends: readonly Case[] = [
  ...each('resend', methods, [safe], fewFaults, { loss: onTheWay }),
  ...each('resend', methods, [safe, unsafe], fewLosses, { loss: onTheWay, then: 'another writer' }),
  ...each('every write', methods, [safe, unsafe], [...fewLosses, writeFault('429 with Retry-After')]),
];

/** Faults at a write that creates, and at one that names no version. */
export const bareWrites: readonly Case[] = [
  ...each('first write', ['PUT', 'POST'], [safe], fewFaults, { condition: 'nothing yet' }),
  ...each('first write', ['PUT', 'POST'], [safe], fewLosses, {
    condition: 'nothing yet',
    then: 'another writer',
  }),
  ...each('first write', methods, [safe], fewFaults, { condition: 'none' }),
  ...each('first write', methods, [safe, stamped], fewLosses, { condition: 'none', then: 'another writer' }),
  ...each('first write', methods, [stamped, keyed], fewLosses, { condition: 'none' }),
];

const handle = { maker: 'handle' } as const;
const update = { maker: 'update' } as const;

/** The same through the handles of a client. */
export const clients: readonly Case[] = [
  ...each('first write', ['PUT', 'PATCH', 'DELETE'], [safe], fewFaults, handle),
  ...each('re-read', ['PUT'], [safe], readFaults, handle),
  ...each('second write', ['PUT'], [safe], fewLosses, handle),
  ...each('first write', ['PUT'], [united], writeFaults, update),
  ...each('first write', ['PUT'], [unsafe, stamped, keyed], losses, update),
  ...each('first write', ['PUT'], [united, unsafe, stamped, keyed], fewLosses, {
    ...update,
    then: 'another writer',
  }),
  ...each('re-read', ['PUT'], [united], readFaults, update),
  ...each('second write', ['PUT'], [united, unsafe, stamped, keyed], fewLosses, update),
];

/** The other ways to know what became of a write, where it makes a difference. */
function proven(stage: Stage): readonly Case[] {
  const strategies = [ruthless, united, stamped, stampedByHeader, logged, keyed];
  return ([undefined, 'another writer'] as const).flatMap((then) =>
    each(stage, ['PUT', 'PATCH'], strategies, fewLosses, { then }),
  );
}
