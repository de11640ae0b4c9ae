import { absent, formatPointer } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import type { Id } from './order.ts';
import { pathOf, type Shelf, type Shelves } from './shelves.ts';

/** A side of a merge. */
export type Side = 'base' | 'local' | 'remote';

/** One value for each side. */
export type Sides<Value> = Readonly<Record<Side, Value>>;

export const sideNames = ['base', 'local', 'remote'] as const;

/** An item that a side has moved to another list. */
export interface Moved {
  readonly group: string;
  readonly id: Id;
  /** The list that holds the item on each side; `undefined` where the item was removed or isn't there yet. */
  readonly at: Sides<Shelf | undefined>;
}

/** Makes one value for each side. */
export function bySide<Value>(make: (side: Side) => Value): Sides<Value> {
  return { base: make('base'), local: make('local'), remote: make('remote') };
}

/**
 * The items that are in different lists on different sides, and in only one list on each side.
 *
 * @param spend Takes steps for each item that is followed.
 * @returns `undefined` where too few steps are left.
 */
export function movesIn(
  found: Sides<Shelves>,
  spend: (steps: number) => boolean,
): readonly Moved[] | undefined {
  const moves: Moved[] = [];
  for (const [group, items] of [...found.base.groups, ...found.local.groups]) {
    const groups = bySide((side) => found[side].groups.get(group));
    for (const [id, first] of items) {
      const [base, local, remote] = [groups.base?.get(id), groups.local?.get(id), groups.remote?.get(id)];
      // An item that the base has is checked once, where the loop passes the base's groups.
      if (first !== base && base) continue;
      if (first === 'twice' || base === 'twice' || local === 'twice' || remote === 'twice') continue;
      const others = [local, remote].filter((other) => other !== undefined && other.name !== first.name);
      if (others.length === 0) continue;
      const isSame = (other: Shelf | undefined): boolean =>
        isAlike(base?.items.get(id), other?.items.get(id));
      if (first.isGuess && !others.every(isSame)) continue;
      if (!spend(150)) return undefined;
      moves.push({ group, id, at: { base, local, remote } });
    }
  }
  return moves;
}

/** Whether an item still has most of the members of another one. */
function isAlike(one: unknown, other: unknown): boolean {
  if (!isRecord(one) || !isRecord(other)) return false;
  const names = Object.keys(one);
  const common = names.filter((name) => Object.hasOwn(other, name)).length;
  return 2 * common > Math.min(names.length, Object.keys(other).length);
}

/** The item as each side has it; `absent` for a side that doesn't have the item. */
export function valuesOf({ id, at }: Moved): Sides<unknown> {
  return bySide((side) => (at[side] ? at[side].items.get(id) : absent));
}

/** The place of an item in the document of its list, as a JSON Pointer. */
export function placeOf(shelf: Shelf | undefined, id: Id): string {
  return shelf ? formatPointer(pathOf(shelf, id)) : '';
}
