import type { Case, Method, Stage } from './case.ts';
import { each } from './each.ts';
import { readFaults, writeFault, writeFaults } from './fault.ts';
import { fewFaults, fewLosses, lastingFaults, losses, oneLoss, onTheWay, onTheWayBack } from './selection.ts';
import { keyed, logged, ruthless, safe, stamped, stampedByHeader, united, unsafe } from './strategy.ts';

const methods: readonly Method[] = ['PUT', 'PATCH', 'POST', 'DELETE'];
const changes: readonly Method[] = ['PUT', 'PATCH', 'POST'];

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
  ...each('second write', changes, [unsafe], fewLosses),
  ...each('second write', changes, [unsafe], fewLosses, { then: 'another writer' }),
  ...proven('second write'),
];

/** Every fault at the read after a lost answer, and at all reads from there on. */
export const looks: readonly Case[] = [
  ...each('look', methods, [safe], readFaults, { loss: onTheWayBack }),
  ...each('look', methods, [unsafe], lastingFaults, { loss: onTheWayBack, isLasting: true }),
  ...each('look', ['PUT', 'PATCH'], [unsafe], readFaults, { loss: onTheWay }),
];

/** Faults at the write that goes out once more, and at all writes. */
export const resends: readonly Case[] = [
  ...each('resend', methods, [safe], fewFaults, { loss: onTheWay }),
  ...each('resend', methods, [safe, unsafe], fewLosses, { loss: onTheWay, then: 'another writer' }),
  ...each('every write', methods, [safe, unsafe], [...fewLosses, writeFault('429 with Retry-After')]),
];

const handle = { maker: 'handle' } as const;
const update = { maker: 'update' } as const;

/** The same through the handles of a client. */
export const clients: readonly Case[] = [
  ...each('first write', ['PUT', 'PATCH', 'DELETE'], [safe], fewFaults, handle),
  ...each('re-read', ['PUT'], [safe], readFaults, handle),
  ...each('second write', ['PUT'], [safe], fewLosses, handle),
  ...each('first write', ['PUT'], [united], fewFaults, update),
  ...each('first write', ['PUT'], [unsafe, stamped, keyed], fewLosses, update),
  ...each('first write', ['PUT'], [united, unsafe, stamped, keyed], oneLoss, {
    ...update,
    then: 'another writer',
  }),
  ...each('re-read', ['PUT'], [united], readFaults, update),
  ...each('second write', ['PUT'], [united, unsafe, stamped, keyed], oneLoss, update),
];

/** The other ways to know what became of a write, where it makes a difference. */
function proven(stage: Stage): readonly Case[] {
  const strategies = [ruthless, united, stamped, stampedByHeader, logged, keyed];
  return ([undefined, 'another writer'] as const).flatMap((then) =>
    each(stage, ['PUT', 'PATCH'], strategies, oneLoss, { then }),
  );
}
