import type { Meter } from '../core/bounds.ts';
import { unknownBase, type Conflict } from '../core/conflict.ts';
import { absent, formatPointer } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import { decided } from './decided.ts';
import type { Id } from './order.ts';
import { Plan } from './relocation.ts';
import type { Join, Places } from './rule.ts';
import { shelvesOf, type Shelved, type Shelves } from './shelves.ts';
import { contested } from './trivial.ts';
import { walk } from './walk.ts';

type Side = 'base' | 'local' | 'remote';
type Sides<Value> = Readonly<Record<Side, Value>>;

const sideNames = ['base', 'local', 'remote'] as const;

/** An item that a side has moved to another list. */
interface Moved {
  readonly group: string;
  readonly id: Id;
  /** Where each side has it; nowhere, where it was removed or isn't there yet. */
  readonly at: Sides<Shelved | undefined>;
}

/**
 * Follows the items that moved between lists. Where one side moved an item, it is put into the same list on all sides, so that
 * what the others made of it is merged there. Where both moved it to different lists, or one removed it, it is a conflict, and
 * in one list only.
 */
export const joinMoves: Join = (sides, places, onConflict, meter) => {
  const nothing = { sides, conflicts: () => [] };
  if (sides.base === unknownBase || !(listsIn(places) > 1)) return nothing;
  const found = bySide((side) => shelvesOf(sides[side], places, onConflict, meter.spend));
  if (!isWhole(found)) {
    const conflict: Conflict = { path: '', ...sides, reason: 'too-large' };
    return { sides, conflicts: () => [conflict] };
  }
  const moves = movesIn(found);
  if (moves.length === 0) return nothing;
  const joint = new Joint(found, meter);
  for (const moved of moves) joint.follow(moved);
  return {
    sides: bySide((side) => joint.plans[side].carriedOut(sides[side], places, found[side])),
    conflicts: (merged) => joint.conflicts(shelvesOf(merged, places, onConflict, () => true)),
  };
};

/** How many lists the rules are for; `*` counts as several. */
function listsIn(places: Places): number {
  return places.reduce((lists, { rule, members, any }) => {
    const inside = listsIn([...members.values()]) + 2 * listsIn(any ? [any] : []);
    return lists + inside + (rule?.identity ? 1 : 0);
  }, 0);
}

function bySide<Value>(make: (side: Side) => Value): Sides<Value> {
  return { base: make('base'), local: make('local'), remote: make('remote') };
}

function isWhole(found: Sides<Shelves | undefined>): found is Sides<Shelves> {
  return sideNames.every((side) => found[side] !== undefined);
}

/** The items that are in another list on one side than on another, and in one list only on each. */
function movesIn(found: Sides<Shelves>): readonly Moved[] {
  const moves: Moved[] = [];
  for (const [group, items] of [...found.base.groups, ...found.local.groups]) {
    for (const [id, first] of items) {
      const [base, local, remote] = sideNames.map((side) => found[side].groups.get(group)?.get(id));
      // Of an item that both sides added, the one of the base's turn is none.
      if (first === 'twice' || local === 'twice' || remote === 'twice' || base === 'twice') continue;
      if (items !== found.base.groups.get(group) && base) continue;
      const others = [local, remote].filter((other) => other !== undefined && other.shelf !== first.shelf);
      if (others.length === 0 || (first.isGuess && !(base && others.every((other) => isAlike(base, other)))))
        continue;
      moves.push({ group, id, at: { base, local, remote } });
    }
  }
  return moves;
}

/** Whether an item still has most of the members of another one. */
function isAlike(one: Shelved, other: Shelved | undefined): boolean {
  if (!isRecord(one.value) || !isRecord(other?.value)) return false;
  const names = Object.keys(one.value);
  const { value } = other;
  const common = names.filter((name) => Object.hasOwn(value, name)).length;
  return 2 * common > Math.min(names.length, Object.keys(value).length);
}

/** What becomes of the items that moved. */
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
    const isMoved = (side: Shelved | undefined): boolean => side !== undefined && side.shelf !== base?.shelf;
    if (isMoved(local) && isMoved(remote)) {
      if (local?.shelf === remote?.shelf) this.#bring(moved, 'local');
      else this.#contest(moved);
      return;
    }
    const mover = isMoved(local) ? 'local' : 'remote';
    const other = mover === 'local' ? 'remote' : 'local';
    const shelf = moved.at[mover]?.shelf ?? '';
    const { lists } = this.#found[other];
    // Who removed the list that it moved to removed that as well.
    if (!moved.at[other] || (!lists.has(shelf) && this.#found.base.lists.has(shelf))) this.#contest(moved);
    else this.#bring(moved, mover);
  }

  /** The conflicts, at the places where the items are in the merged value. */
  conflicts(merged: Shelves | undefined): readonly Conflict[] {
    return this.#conflicts.map(({ moved: { group, id, at }, conflict }) => {
      const standing = merged?.groups.get(group)?.get(id);
      const { path = [] } = (standing === 'twice' ? undefined : standing) ?? at.remote ?? at.local ?? {};
      return { ...conflict, path: formatPointer(path) + conflict.path };
    });
  }

  #contest(moved: Moved): void {
    const { base, local, remote } = moved.at;
    const onConflict = (remote ?? local)?.onConflict ?? 'give-up';
    if (onConflict === 'local' || onConflict === 'remote') {
      this.#choose(moved, onConflict);
      return;
    }
    const sides = bySide((side) => moved.at[side]?.value ?? absent);
    const places = Object.fromEntries(
      sideNames.flatMap((side) => {
        const path = moved.at[side]?.path;
        return path ? [[side, formatPointer(path)]] : [];
      }),
    );
    const conflict: Conflict = { path: '', ...sides, reason: 'moved', places };
    const standing = remote ? 'remote' : 'local';
    if (typeof onConflict === 'function') {
      const path = formatPointer((remote ?? local ?? base)?.path ?? []);
      const value = decided(onConflict({ ...conflict, path }), sides, path);
      if (value !== contested) {
        if (value === absent) this.#remove(moved);
        else this.#place(moved, standing, { value });
        return;
      }
    }
    this.#conflicts.push({ moved, conflict });
    this.#choose(moved, standing);
  }

  /** Takes it from where the other side has it. */
  #choose(moved: Moved, winner: 'local' | 'remote'): void {
    if (!moved.at[winner]) this.#remove(moved);
    else if (!moved.at[winner === 'local' ? 'remote' : 'local']) this.#place(moved, winner, moved.at[winner]);
    else this.#bring(moved, winner);
  }

  /** Leaves the base as it is: that an item was removed is a change of what held it. */
  #remove({ id, at }: Moved): void {
    if (at.local) this.plans.local.remove(at.local.shelf, id);
    if (at.remote) this.plans.remote.remove(at.remote.shelf, id);
  }

  /** Puts it into the winner's list on all sides, each side's own; or, where a side has no such list, what they merge to. */
  #bring(moved: Moved, winner: 'local' | 'remote'): void {
    const { id, at } = moved;
    const { shelf = '', places = [], onConflict = 'give-up' } = at[winner] ?? {};
    if (!sideNames.every((side) => !at[side] || this.#found[side].lists.has(shelf))) {
      const values = bySide((side) => at[side]?.value ?? absent);
      const { value, conflicts } = walk(values, places, onConflict, this.#meter);
      for (const conflict of conflicts) this.#conflicts.push({ moved, conflict });
      this.#place(moved, winner, { value });
      return;
    }
    const like = this.#found[winner].lists.get(shelf) ?? new Map<Id, unknown>();
    for (const side of sideNames) {
      const here = at[side];
      if (!here || here.shelf === shelf) continue;
      this.plans[side].remove(here.shelf, id);
      this.plans[side].put(shelf, id, { value: here.value, as: winner, like });
    }
  }

  /** Puts a value where the winner has it, as something new. */
  #place({ id, at }: Moved, winner: 'local' | 'remote', { value }: Pick<Shelved, 'value'>): void {
    const { shelf = '' } = at[winner] ?? {};
    const like = this.#found[winner].lists.get(shelf) ?? new Map<Id, unknown>();
    if (at.base) this.plans.base.remove(at.base.shelf, id);
    for (const side of ['local', 'remote'] as const) {
      const here = at[side];
      if (!here) continue;
      if (here.shelf === shelf) this.plans[side].change(shelf, id, value);
      else {
        this.plans[side].remove(here.shelf, id);
        if (this.#found[side].lists.has(shelf)) this.plans[side].put(shelf, id, { value, as: winner, like });
      }
    }
  }
}
