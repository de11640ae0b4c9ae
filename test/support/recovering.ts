import { keepLocal, withConflictRecovery, type RecoveringInit, type RecoveryOptions } from 'remerge';
import { VirtualClock } from './clock.ts';
import type { Origin } from './origin.ts';
import { byCredentials } from './users.ts';

/** A wrapped fetch, and the time that it lives in. */
export function recovering(
  origin: Origin,
  options: RecoveryOptions<Record<string, unknown>> = {},
  clock = new VirtualClock(),
) {
  const shared = { merge: keepLocal(), clock, scope: byCredentials };
  const fetch = withConflictRecovery(origin.fetch, { ...shared, ...options });
  return (address: string, init: RecoveringInit) => clock.run(fetch(address, init));
}
