import type { Meter } from '../core/bounds.ts';
import { unknownBase, type Conflict } from '../core/conflict.ts';
import { absent } from '../core/pointer.ts';
import { decided } from './decided.ts';
import { bySide, movesIn, placeOf, sideNames, valuesOf, type Moved, type Sides } from './moved.ts';
import { Plan } from './relocation.ts';
import type { Join, Places } from './rule.ts';
import { below } from './rules.ts';
import { shelvesOf, type Shelf, type Shelves } from './shelves.ts';
import { contested } from './trivial.ts';
import { walk } from './walk.ts';

/**
 * Follows the items that moved between lists. If one side moved an item, the item is put into that list on all sides,
 * so that the other side's edits are merged there. If both sides moved the item to different lists, or one side moved
 * it and the other removed it, there is a conflict, and the item stands in one list only.
 */
export const joinMoves: Join = (sides, places, resolve, meter) => {
  const nothing = { sides, conflicts: () => [] };
  if (sides.base === unknownBase || !(listsIn(places) > 1)) return nothing;
  const found = bySide((side) => shelvesOf(sides[side], places, resolve, meter.spend));
  const moves = isWhole(found) ? movesIn(found, meter.spend) : undefined;
  if (moves?.length === 0) return nothing;
  if (!isWhole(found) || !moves) {
    const conflict: Conflict = { path: '', ...sides, reason: 'too-large' };
    return { sides, conflicts: () => [conflict] };
  }
  const joint = new Joint(found, meter);
  for (const moved of moves) joint.follow(moved);
  return {
    sides: bySide((side) => joint.plans[side].carriedOut(sides[side], places, found[side])),
    conflicts: (merged) => joint.conflicts(shelvesOf(merged, places, resolve, () => true)),
  };
};

/** The number of lists that the rules are for; `*` counts as several. */
function listsIn(places: Places): number {
  return places.reduce((lists, { rule, members, any }) => {
    const inside = listsIn([...members.values()]) + 2 * listsIn(any ? [any] : []);
    return lists + inside + (rule?.identity ? 1 : 0);
  }, 0);
}

function isWhole(found: Sides<Shelves | undefined>): found is Sides<Shelves> {
  return sideNames.every((side) => found[side] !== undefined);
}

/** Decides for each item that moved: fills a plan for each side, and collects the conflicts. */
class Joint {
  readonly plans: Sides<Plan> = bySide(() => new Plan());
  readonly #found: Sides<Shelves>;
  readonly #meter: Meter;
  readonly #conflicts: { readonly moved: Moved; readonly conflict: Conflict }[] = [];

  constructor(found: Sides<Shelves>, meter: Meter) {
    this.#found = found;
    this.#meter = meter;
  }

  follow(moved: Moved): void {
    const { base, local, remote } = moved.at;
    const isMoved = (side: Shelf | undefined): boolean => side !== undefined && side.name !== base?.name;
    if (isMoved(local) && isMoved(remote)) {
      // As the local side has the item: in a second merge the remote side is the result of this one, so its order came
      // from the local side.
      if (local?.name === remote?.name) this.#bring(moved, 'local');
      else this.#contest(moved);
      return;
    }
    const mover = isMoved(local) ? 'local' : 'remote';
    const other = mover === 'local' ? 'remote' : 'local';
    const shelf = moved.at[mover]?.name ?? '';
    // A side that removed the list to which the item moved has removed the item as well.
    const isGone = !this.#found[other].lists.has(shelf) && this.#found.base.lists.has(shelf);
    if (!moved.at[other] || isGone) this.#contest(moved);
    else this.#bring(moved, mover);
  }

  /** The conflicts, at the places where the items are in the merged value. */
  conflicts(merged: Shelves | undefined): readonly Conflict[] {
    return this.#conflicts.map(({ moved: { group, id, at }, conflict }) => {
      const standing = merged?.groups.get(group)?.get(id);
      const shelf = standing === 'twice' ? undefined : standing;
      return { ...conflict, path: placeOf(shelf ?? at.remote ?? at.local, id) + conflict.path };
    });
  }

  #contest(moved: Moved): void {
    const { id, at } = moved;
    const { base, local, remote } = at;
    const { resolve = 'give-up' } = remote ?? local ?? {};
    if (resolve === 'local' || resolve === 'remote') {
      this.#choose(moved, resolve);
      return;
    }
    const sides = valuesOf(moved);
    const places = Object.fromEntries(
      sideNames.filter((side) => at[side]).map((side) => [side, placeOf(at[side], id)]),
    );
    const conflict: Conflict = { path: '', ...sides, reason: 'moved', places };
    const standing = remote ? 'remote' : 'local';
    if (typeof resolve === 'function') {
      const path = placeOf(remote ?? local ?? base, id);
      const value = decided(resolve({ ...conflict, path }), sides, path);
      if (value !== contested) {
        if (value === absent) this.#remove(moved);
        else this.#place(moved, standing, value);
        return;
      }
    }
    this.#conflicts.push({ moved, conflict });
    this.#choose(moved, standing);
  }

  /** Takes the item as the winner has it: removed, in its place, or in the winner's list. */
  #choose(moved: Moved, winner: 'local' | 'remote'): void {
    const { id, at } = moved;
    if (!at[winner]) this.#remove(moved);
    else if (!at[winner === 'local' ? 'remote' : 'local'])
      this.#place(moved, winner, at[winner].items.get(id));
    else this.#bring(moved, winner);
  }

  /** Removes the item on both sides. The base keeps it, so that the removal is a change of its list. */
  #remove({ id, at }: Moved): void {
    if (at.local) this.plans.local.remove(at.local.name, id);
    if (at.remote) this.plans.remote.remove(at.remote.name, id);
  }

  /**
   * Puts the item into the winner's list on all sides, with each side's own value. If a side has no such list, merges
   * the values and places the result.
   */
  #bring(moved: Moved, winner: 'local' | 'remote'): void {
    const { id, at } = moved;
    const shelf = at[winner];
    if (!shelf) return;
    if (!sideNames.every((side) => !at[side] || this.#found[side].lists.has(shelf.name))) {
      const rules = below(shelf.places, '0');
      const { value, conflicts } = walk(valuesOf(moved), rules, shelf.resolve, this.#meter);
      for (const conflict of conflicts) this.#conflicts.push({ moved, conflict });
      this.#place(moved, winner, value);
      return;
    }
    for (const side of sideNames) {
      const here = at[side];
      if (!here || here.name === shelf.name) continue;
      this.plans[side].remove(here.name, id);
      this.plans[side].put(shelf.name, id, { value: here.items.get(id), as: winner, like: shelf.items });
    }
  }

  /** Puts a value where the winner has the item, as a new item: the base loses the item. */
  #place({ id, at }: Moved, winner: 'local' | 'remote', value: unknown): void {
    const shelf = at[winner];
    if (!shelf) return;
    if (at.base) this.plans.base.remove(at.base.name, id);
    for (const side of ['local', 'remote'] as const) {
      const here = at[side];
      if (!here) continue;
      if (here.name === shelf.name) this.plans[side].change(shelf.name, id, value);
      else {
        this.plans[side].remove(here.name, id);
        if (this.#found[side].lists.has(shelf.name))
          this.plans[side].put(shelf.name, id, { value, as: winner, like: shelf.items });
      }
    }
  }
}
