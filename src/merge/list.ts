import { unknownBase } from '../core/conflict.ts';
import { equal } from '../core/equal.ts';
import { absent } from '../core/pointer.ts';
import { makerOf } from '../core/resolution.ts';
import { identityBy } from './identity.ts';
import { joinMoves } from './moves.ts';
import { settledOrder, type Id, type Items } from './order.ts';
import type { ConflictOption, FieldSides, Rule, Walk } from './rule.ts';
import { contested, tooLarge, trivial } from './trivial.ts';

/** How a list knows its items. */
export interface ListOptions extends ConflictOption {
  /**
   * The member, or members together, that name an item: `'id'`, `['type', 'code']`; or, where it lies deeper, a JSON Pointer
   * into the item: `'/attrs/id'`. Strings, numbers and booleans count. Where both sides changed a list, and no item of it has the
   * key, the table is wrong, and a TypeError says so.
   */
  readonly key: string | readonly string[];
  /**
   * The lists that hold the same items, so that one may move from one to another: those that say the same name here, in one
   * table, of which none may lie within an item of another. `false`: none does. Default: those with the same key, at as many
   * steps from the top (`'/todo'` and `'/done'`, or all that `*` stands for), where an item that still has most of its members is taken
   * for the same.
   */
  readonly shared?: string | false;
}

/**
 * An array of objects in which order counts and each item has a name: rows, tasks, line items. Items of the same name merge
 * inside, by the rules below the list; additions, removals and moves of both sides are kept. An item that moved to another list of the
 * table is still the same: what the other side edited is merged into it there, and it is never in two lists.
 *
 * Conflicts: an item removed here and edited there; the same item moved to two places of a list (`'local'` and `'remote'` choose
 * the order alone), to two lists, or moved here and removed there (`reason` is `'moved'`); and the whole list, never a guess by
 * position, where an item's key is missing or double.
 */
export const list = /* @__PURE__ */ makerOf(function list({
  key,
  shared,
  onConflict,
}: ListOptions): Rule<'array'> {
  const identity = identityBy(key, shared, joinMoves);
  return {
    idempotent: true,
    onConflict,
    identity,
    merge: (sides, walk) => {
      const { base, local, remote } = sides;
      if (!walk.spend(5 * [base, local, remote].reduce<number>((sum, side) => sum + lengthOf(side), 0)))
        return walk.clash(sides, tooLarge.reason);
      const [before, ours, theirs] = [base === absent ? [] : base, local, remote].map(identity.items);
      if (!ours || !theirs || (!before && base !== unknownBase)) {
        const plain = trivial(sides);
        if (plain !== contested) return plain;
        identity.demand([remote, base, local], walk.path());
        return walk.clash(sides);
      }
      return mergeItems(sides, before, ours, theirs, walk);
    },
  };
});

function lengthOf(side: unknown): number {
  return Array.isArray(side) ? side.length : 0;
}

function mergeItems(
  sides: FieldSides,
  base: Items | undefined,
  local: Items,
  remote: Items,
  walk: Walk,
): unknown {
  const onConflict = walk.onConflict();
  /** Whether an item is in what the merge comes to. One that a side removed is, where that is a conflict. */
  const survives = (id: Id): boolean => {
    if (!base?.has(id) || local.has(id) === remote.has(id)) return true;
    if (onConflict === 'local') return local.has(id) && !equal(local.get(id), base.get(id));
    if (onConflict === 'remote') return remote.has(id) && !equal(remote.get(id), base.get(id));
    return !equal(local.get(id) ?? remote.get(id), base.get(id));
  };
  const prefer = onConflict === 'local' || onConflict === 'remote' ? onConflict : undefined;
  const settled = settledOrder(base, local, remote, prefer, survives, walk.spend);
  if (!settled) return walk.clash(sides, tooLarge.reason);
  const { order } = settled;
  if (settled.contested && !prefer) {
    const value = walk.clash(sides, undefined, contested);
    if (value !== contested) return value;
  }
  const merged: unknown[] = [];
  // What doesn't survive comes last: a rule of its own place may still keep it, or report it.
  for (const id of new Set([...order, ...remote.keys(), ...local.keys()])) {
    const value = walk.member(
      String(merged.length),
      base ? (base.get(id) ?? absent) : unknownBase,
      local.get(id) ?? absent,
      remote.get(id) ?? absent,
    );
    if (value !== absent) merged.push(value);
  }
  const theirs = sides.remote as readonly unknown[];
  return merged.length === theirs.length && merged.every((item, index) => item === theirs[index])
    ? theirs
    : merged;
}
