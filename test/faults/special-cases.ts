import type { Case, Method } from './case.ts';
import { each } from './each.ts';
import { abort, abortTooLate, echo, keyFaults, late, readFault } from './fault.ts';
import { fewFaults, fewLosses, hangs, nothings, oneLoss, onTheWay, onTheWayBack } from './selection.ts';
import {
  adopting,
  joining,
  joiningOwn,
  keyed,
  recreating,
  recreatingOwn,
  safe,
  safeByField,
  stamped,
  stampedByHeader,
  united,
  unsafe,
  unsafeByField,
  yielding,
} from './strategy.ts';

const methods: readonly Method[] = ['PUT', 'PATCH', 'POST', 'DELETE'];
const changes: readonly Method[] = ['PUT', 'PATCH', 'POST'];

/** Faults at a write that creates, and at one that names no version. */
export const bareWrites: readonly Case[] = [
  ...each('first write', ['PUT', 'POST'], [safe], fewFaults, { condition: 'nothing yet' }),
  ...each('first write', ['PUT', 'POST'], [safe], fewLosses, {
    condition: 'nothing yet',
    then: 'another writer',
  }),
  ...each('first write', methods, [safe], fewFaults, { condition: 'none' }),
  ...each('first write', methods, [safe, stamped], oneLoss, { condition: 'none', then: 'another writer' }),
  ...each('first write', methods, [stamped, keyed], oneLoss, { condition: 'none' }),
];

const hang = { lacks: 'time' } as const;
const broke = { lacks: 'budget' } as const;

/** A request that arrives late or twice, and a caller or a client who doesn't wait. */
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
  ...each('first write', methods, [safe], fewLosses, broke),
  ...each('second write', methods, [safe], fewLosses, broke),
  ...each('re-read', methods, [safe], [readFault('504')], broke),
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
    each(stage, ['PUT', 'POST'], [adopting, joining, joiningOwn], oneLoss, {
      condition: 'nothing yet',
      then,
    }),
  ),
);

/** What a server says of a key. */
export const keyAnswers: readonly Case[] = [
  ...each('first write', changes, [keyed], keyFaults),
  ...each('second write', changes, [keyed], keyFaults),
  ...each(
    'every write',
    changes,
    [keyed],
    keyFaults.filter(({ meaning }) => meaning === 'key in use'),
  ),
];

/** A server that shows and wants its version in the body. */
export const versionsInBodies: readonly Case[] = (['first write', 'second write'] as const).flatMap(
  (stage) => [
    ...each(stage, changes, [safeByField, unsafeByField], oneLoss),
    ...each(stage, changes, [safeByField, unsafeByField], oneLoss, { then: 'another writer' }),
  ],
);

/** A merge that leaves it at what others have made. */
export const yieldings: readonly Case[] = [
  ...each('first write', changes, [yielding], fewLosses),
  ...each('first write', changes, [yielding], fewLosses, { then: 'another writer' }),
];
