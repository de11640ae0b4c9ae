import { errorsPage } from '../../src/errors.ts';
import {
  keepLocal,
  recoveryOf,
  withConflictRecovery,
  type RecoveringInit,
  type RecoveryOptions,
} from 'remerge';
import { expect } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { put, reportOf, url } from '../support/write.ts';

/** A write of `{ n: 3 }` under `"v1"`, until it has ended, and how much time it took. */
export async function ended(
  fetch: typeof globalThis.fetch,
  options: RecoveryOptions<Record<string, unknown>> = {},
  init: RecoveringInit = put({ n: 3 }),
  clock = new VirtualClock(),
) {
  const start = clock.now();
  const recovering = withConflictRecovery(fetch, {
    clock,
    ...options,
    defaults: { merge: keepLocal(), ...options.defaults },
  });
  const outcome: unknown = await clock.run(
    recovering(`${url}?token=secret`, init).catch((error: unknown) => error),
  );
  return {
    outcome,
    get report() {
      return reportOf(outcome);
    },
    time: clock.now() - start,
  };
}

/** Expects that a write was refused for one reason, and that its message says all that a person needs. */
export function expectStop(outcome: unknown, code: string, { method = 'PUT', at = url } = {}): void {
  // What wasn't even sent has no report.
  const stop = recoveryOf(outcome) ?? outcome;
  expect(stop).toMatchObject({ code });
  const { message } = stop as { readonly message: string };
  const link = ` ${errorsPage}#${code}`;
  expect(message.endsWith(link)).toBe(true);
  const [line = '', ...advice] = message.slice(0, -link.length).split(`${code}. `);
  expect(line).toMatch(/^[A-Z]+ \S+ failed( \(\d{3}\))?: $/);
  expect(line.startsWith(`${method} ${at} failed`)).toBe(true);
  // The cause, then the action.
  expect(advice.join('')).toMatch(/^\S.{3,}\. \S.{3,}\.$/);
  expect(message.length).toBeLessThan(400);
  expect(message).not.toContain('?');
}
