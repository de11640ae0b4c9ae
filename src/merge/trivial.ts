import { unknownBase } from '../core/conflict.ts';
import { equal } from '../core/equal.ts';
import type { FieldSides, Walk } from './rule.ts';

/** Says that nothing trivial applies: both sides changed, and differently. */
export const contested: unique symbol = Symbol('contested');

/**
 * What needs no rule (git calls it a trivial merge): a change on one side wins, equal changes agree.
 * Prefers the remote's own object where both are equal, so that an unchanged document comes back as it was.
 */
export function trivial({ base, local, remote }: FieldSides): unknown {
  if (base !== unknownBase) {
    if (equal(local, base)) return remote;
    if (equal(remote, base)) return local;
  }
  return equal(local, remote) ? remote : contested;
}

/** A rule's merge that looks only at what is contested. `contested` as its answer makes a conflict. */
export function whereContested(
  decide: (sides: FieldSides, walk: Walk) => unknown,
): (sides: FieldSides, walk: Walk) => unknown {
  return (sides, walk) => {
    const plain = trivial(sides);
    if (plain !== contested) return plain;
    const decided = decide(sides, walk);
    return decided === contested ? walk.clash(sides) : decided;
  };
}
