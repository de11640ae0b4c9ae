import { keepLocal, withConflictRecovery, type RecoveringInit, type RecoveryOptions } from 'remerge';
import { VirtualClock } from './clock.ts';
import type { Origin } from './origin.ts';

/** A wrapped fetch, and the time that it lives in. */
export function recovering(
  origin: Origin,
  options: RecoveryOptions<Record<string, unknown>> = {},
  clock = new VirtualClock(),
) {
  const fetch = withConflictRecovery(origin.fetch, { merge: keepLocal(), clock, ...options });
  return (address: string, init: RecoveringInit) => clock.run(fetch(address, init));
}
