import type { ConflictReason } from '../core/conflict.ts';
import { equal } from '../core/equal.ts';
import type { FieldSides, Walk } from './rule.ts';

/** Says that nothing trivial applies: both sides changed, and differently. */
export const contested: unique symbol = Symbol('contested');

/**
 * What needs no rule (git calls it a trivial merge): a change on one side wins, equal changes agree.
 * Prefers the remote's own object where both are equal, so that an unchanged document comes back as it was.
 */
export function trivial({ base, local, remote }: FieldSides): unknown {
  // A base that isn't known equals nothing.
  if (equal(local, base)) return remote;
  if (equal(remote, base)) return local;
  return equal(local, remote) ? remote : contested;
}

/** Says why a rule can't merge what is contested, where it isn't that both sides changed it, and differently. */
export class Refused {
  readonly reason: ConflictReason;
  constructor(reason: ConflictReason) {
    this.reason = reason;
  }
}

/** What can't be looked into, as it would take too long. */
export const tooLarge = /* @__PURE__ */ new Refused('too-large');

/** A rule's merge that looks only at what is contested. `contested` as its answer makes a conflict, and so does `Refused`. */
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
