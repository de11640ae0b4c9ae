import { canonical } from '../core/canonical.ts';
import { unknownBase } from '../core/conflict.ts';
import { absent } from '../core/pointer.ts';
import { isRecord, type JsonRecord } from '../core/record.ts';
import { mergeOrder, type Id, type Items } from './order.ts';
import type { ConflictOption, FieldSides, Rule, Walk } from './rule.ts';
import { contested, trivial } from './trivial.ts';

/** How a list knows its items. */
export interface ListOptions extends ConflictOption {
  /** The member, or members together, that name an item: `'id'`, `['type', 'code']`. Strings, numbers and booleans count. */
  readonly key: string | readonly string[];
}

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
  const { order, contested: movedTwice } = mergeOrder(base, local, remote, onConflict === 'local');
  if (movedTwice && onConflict !== 'local' && onConflict !== 'remote') {
    const settled = walk.clash(sides, contested);
    if (settled !== contested) return settled;
  }
  const merged: unknown[] = [];
  for (const id of order) {
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

/** The items by name, in their order; `undefined` unless each has a name of its own. */
function itemsOf(value: unknown, keys: readonly string[]): Items | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = new Map<Id, unknown>();
  for (const item of value) {
    const id = isRecord(item) ? idOf(item, keys) : undefined;
    if (id === undefined) return undefined;
    items.set(id, item);
  }
  return items.size === value.length ? items : undefined;
}

function idOf(item: JsonRecord, keys: readonly string[]): Id | undefined {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return partOf(item, only);
  const parts: string[] = [];
  for (const key of keys) {
    const part = partOf(item, key);
    if (part === undefined) return undefined;
    parts.push(canonical(part));
  }
  return parts.join();
}

/** `1` and `1n` are one name, `1` and `'1'` are two. */
function partOf(item: JsonRecord, key: string): Id | undefined {
  const part = Object.hasOwn(item, key) ? item[key] : undefined;
  if (typeof part === 'string' || typeof part === 'boolean') return part;
  if (typeof part === 'number')
    return Number.isSafeInteger(part) || !Number.isInteger(part) ? part : BigInt(part);
  if (typeof part !== 'bigint') return undefined;
  return Number.isSafeInteger(Number(part)) ? Number(part) : part;
}
