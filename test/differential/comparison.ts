import { isDeepStrictEqual } from 'node:util';
import type { Observation } from './observation.ts';

/** Something that one side did, and the other one did otherwise. */
export interface Difference {
  /** Which comparison shows it. */
  readonly kind: string;
  readonly usual: unknown;
  readonly ours: unknown;
}

/** All in which two sides differ. */
export function compare(usual: Observation, ours: Observation): readonly Difference[] {
  const kinds = new Set([...Object.keys(usual.seen), ...Object.keys(ours.seen)]);
  return [...kinds]
    .map((kind) => ({ kind, usual: usual.seen[kind], ours: ours.seen[kind] }))
    .filter(({ usual, ours }) => !isDeepStrictEqual(usual, ours));
}
