import { unknownBase } from '../core/conflict.ts';
import { absent } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import { mergeOrder } from './order.ts';
import type { ConflictOption, FieldSides, Rule, Walk } from './rule.ts';
import { contested, trivial } from './trivial.ts';

/** How a list knows its items. */
export interface ListOptions extends ConflictOption {
  /** The member, or members together, that name an item: `'id'`, `['type', 'code']`. Strings, numbers and booleans count. */
  readonly key: string | readonly string[];
}

type Items = ReadonlyMap<string, unknown>;

/**
 * An array of objects in which order counts and each item has a name: rows, tasks, line items. Items of the same name merge
 * inside, by the rules below the list; additions, removals and moves of both sides are kept.
 *
 * Conflicts: an item removed here and edited there; the same item moved to two places (`'local'` and `'remote'` choose
 * the order alone); and the whole list, never a guess by position, where an item's key is missing or double.
 */
export function list({ key, onConflict }: ListOptions): Rule {
  const keys = typeof key === 'string' ? [key] : key;
  return {
    idempotent: true,
    onConflict,
    merge: (sides, walk) => {
      const base =
        sides.base === unknownBase ? undefined : itemsOf(sides.base === absent ? [] : sides.base, keys);
      const local = itemsOf(sides.local, keys);
      const remote = itemsOf(sides.remote, keys);
      if (!local || !remote || (!base && sides.base !== unknownBase)) {
        const plain = trivial(sides);
        return plain === contested ? walk.clash(sides) : plain;
      }
      return mergeItems(sides, base, local, remote, walk);
    },
  };
}

function mergeItems(
  sides: FieldSides,
  base: Items | undefined,
  local: Items,
  remote: Items,
  walk: Walk,
): unknown {
  const onConflict = walk.onConflict();
  const ids = [local, remote, base].map((items) => items && [...items.keys()]);
  const [ours = [], theirs = [], before] = ids;
  const { order, contested: movedTwice } = mergeOrder(before, ours, theirs, onConflict === 'local');
  if (movedTwice && onConflict !== 'local' && onConflict !== 'remote') {
    const settled = walk.clash(sides, contested);
    if (settled !== contested) return settled;
  }
  const former = base ?? new Map<string, unknown>();
  const lost = base ? absent : unknownBase;
  const merged: unknown[] = [];
  for (const id of order) {
    const value = walk.member(String(merged.length), {
      base: former.has(id) ? former.get(id) : lost,
      local: local.has(id) ? local.get(id) : absent,
      remote: remote.has(id) ? remote.get(id) : absent,
    });
    if (value !== absent) merged.push(value);
  }
  const theirItems = sides.remote as readonly unknown[];
  return merged.length === theirItems.length && merged.every((item, index) => item === theirItems[index])
    ? theirItems
    : merged;
}

/** The items by name, in their order; `undefined` unless each has a name of its own. */
function itemsOf(value: unknown, keys: readonly string[]): Items | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = new Map<string, unknown>();
  for (const item of value) {
    const id = isRecord(item) ? idOf(item, keys) : undefined;
    if (id === undefined || items.has(id)) return undefined;
    items.set(id, item);
  }
  return items;
}

function idOf(item: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  let id = '';
  for (const key of keys) {
    const part = Object.hasOwn(item, key) ? item[key] : undefined;
    // `1` and `1n` are one name, `1` and `'1'` two; quoting keeps the parts of a name apart.
    if (typeof part === 'string') id += JSON.stringify(part);
    else if (typeof part === 'number' || typeof part === 'bigint' || typeof part === 'boolean')
      id += `${String(part)},`;
    else return undefined;
  }
  return id;
}
