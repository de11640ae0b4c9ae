import type { ConflictReason } from '../core/conflict.ts';
import { equal } from '../core/equal.ts';
import type { FieldSides, Walk } from './rule.ts';

/** Says that no trivial merge applies: both sides changed the value, and differently. */
export const contested: unique symbol = Symbol('contested');

/**
 * Merges a value that needs no rule (git calls it a trivial merge): a change on one side wins, equal changes agree.
 * Otherwise returns `contested`. Prefers the remote's own object where both sides are equal, so that an unchanged
 * document comes back as the same object.
 */
export function trivial({ base, local, remote }: FieldSides): unknown {
  // An unknown base equals no value.
  if (equal(local, base)) return remote;
  if (equal(remote, base)) return local;
  return equal(local, remote) ? remote : contested;
}

/** Says why a rule can't merge a contested value, for a reason other than that both sides changed it differently. */
export class Refused {
  readonly reason: ConflictReason;
  constructor(reason: ConflictReason) {
    this.reason = reason;
  }
}

/** The reason for a value that would take too long to merge. */
export const tooLarge = /* @__PURE__ */ new Refused('too-large');

/**
 * Makes a rule's merge from a function that decides only contested values. If the function returns `contested` or a
 * `Refused`, the merge has a conflict.
 */
export function whereContested(
  decide: (sides: FieldSides, walk: Walk) => unknown,
): (sides: FieldSides, walk: Walk) => unknown {
  return (sides, walk) => {
    const plain = trivial(sides);
    if (plain !== contested) return plain;
    const decided = decide(sides, walk);
    if (decided instanceof Refused) return walk.clash(sides, decided.reason);
    return decided === contested ? walk.clash(sides) : decided;
  };
}
