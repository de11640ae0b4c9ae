import { unknownBase } from '../core/conflict.ts';
import { equal } from '../core/equal.ts';
import { absent } from '../core/pointer.ts';
import { makerOf } from '../core/resolution.ts';
import { identityBy } from './identity.ts';
import { joinMoves } from './moves.ts';
import { settledOrder, type Id, type Items } from './order.ts';
import type { ResolveOption, FieldSides, Rule, Walk } from './rule.ts';
import { contested, tooLarge, trivial } from './trivial.ts';

/** How a list identifies its items. */
export interface ListOptions extends ResolveOption {
  /**
   * The member, or the members together, that identify an item: `'id'`, `['type', 'code']`; or, where the id lies
   * deeper, a JSON Pointer into the item: `'/attrs/id'`. Strings, numbers and booleans count. If both sides changed a
   * list and no item of the list has the key, the table is wrong, and the merge throws a TypeError.
   */
  readonly key: string | readonly string[];
  /**
   * Names the lists that hold the same items, so that an item may move from one list to another: lists of one table
   * that have the same name here. None of these lists may lie within an item of another. `false`: no other list holds
   * these items. Default: the lists with the same key at the same depth (`'/todo'` and `'/done'`, or all lists that `*`
   * stands for); there a moved item counts as the same item if it still has most of its members.
   */
  readonly shared?: string | false;
}

/**
 * An array of objects in which order counts and each item has an id: rows, tasks, line items. Items with the same id
 * merge inside, by the rules below the list; additions, removals and moves of both sides are kept. An item that one
 * side moved to another list of the table is still the same item: the other side's edits are merged into the item
 * there, and the item is never in two lists.
 *
 * Conflicts: an item that one side removed and the other side edited; an item that the two sides moved to two places of
 * a list (`'local'` and `'remote'` choose the order alone) or to two lists, or that one side moved and the other side
 * removed (`reason` is `'moved'`); and the whole list, never a guess by position, where the key of an item is missing
 * or not unique.
 */
export const list = /* @__PURE__ */ makerOf(function list({
  key,
  shared,
  resolve,
}: ListOptions): Rule<'array'> {
  const identity = identityBy(key, shared, joinMoves);
  return {
    repeatable: true,
    resolve,
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
  const resolve = walk.resolve();
  /** Whether an item is in the merged list. An item that one side removed is in it where the removal is a conflict. */
  const survives = (id: Id): boolean => {
    if (!base?.has(id) || local.has(id) === remote.has(id)) return true;
    if (resolve === 'local') return local.has(id) && !equal(local.get(id), base.get(id));
    if (resolve === 'remote') return remote.has(id) && !equal(remote.get(id), base.get(id));
    return !equal(local.get(id) ?? remote.get(id), base.get(id));
  };
  const prefer = resolve === 'local' || resolve === 'remote' ? resolve : undefined;
  const settled = settledOrder(base, local, remote, prefer, survives, walk.spend);
  if (!settled) return walk.clash(sides, tooLarge.reason);
  const { order } = settled;
  if (settled.contested && !prefer) {
    const value = walk.clash(sides, undefined, contested);
    if (value !== contested) return value;
  }
  const merged: unknown[] = [];
  // Removed items come last: a rule at an item's own place may still keep the item, or report it.
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
