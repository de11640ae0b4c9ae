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
  const defaults = { merge: keepLocal(), ...options.defaults };
  const fetch = withConflictRecovery(origin.fetch, { clock, scope: byCredentials, ...options, defaults });
  return (address: string, init: RecoveringInit) => clock.run(fetch(address, init));
}
