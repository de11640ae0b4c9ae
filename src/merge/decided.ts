import { unknownBase } from '../core/conflict.ts';
import { isResolution, isStrategy, settle } from '../core/resolution.ts';
import type { FieldSides } from './rule.ts';
import { contested } from './trivial.ts';

/**
 * Turns what a user's function returned into a value, `absent`, or `contested` where the function gave up.
 *
 * @throws {TypeError} when the function returned nothing, or a promise.
 */
export function decided(decision: unknown, { base, local, remote }: FieldSides, path: string): unknown {
  const known = base === unknownBase ? undefined : base;
  const settled = settle(decision, { base: known, local, remote });
  if ((settled === undefined && !isStrategy(decision)) || settled instanceof Promise) {
    const problem = settled ? 'is async' : 'returned undefined (a forgotten return?)';
    throw new TypeError(`The merge function for ${JSON.stringify(path)} ${problem}.`);
  }
  if (!isResolution(settled)) return settled;
  return settled.kind === 'keep-remote' ? remote : contested;
}
