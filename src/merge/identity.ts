import { canonical } from '../core/canonical.ts';
import { absent, parsePointer, valueAt, type Path } from '../core/pointer.ts';
import { isRecord, type JsonRecord } from '../core/record.ts';
import type { Id, Items } from './order.ts';
import type { Identity } from './rule.ts';

/**
 * Makes the identity of a list whose items are known by a key.
 *
 * @throws {SyntaxError} for a key that begins as a JSON Pointer and is none.
 */
export function identityBy(
  key: string | readonly string[],
  shared: string | false | undefined,
  join: Identity['join'],
): Identity {
  const keys = [key].flat();
  const paths = keys.map((one) => (one.startsWith('/') ? parsePointer(one) : [one]));
  const items = (value: unknown): Items | undefined => itemsOf(value, paths);
  return {
    items,
    demand(sides, place) {
      const missing = keys.find((_, index) => isNowhere(paths[index] ?? [], sides));
      if (missing === undefined) return;
      throw new TypeError(
        `No item of the list at ${JSON.stringify(place)} has the key ${JSON.stringify(missing)}. A key is a member's name, or a JSON Pointer into the item, such as '/attrs/id'.`,
      );
    },
    group: (depth) => (shared === false ? undefined : (shared ?? canonical([depth, ...keys]))),
    isGuess: shared === undefined,
    join,
  };
}

/** Whether there are items, and none of them has this part of the key. */
function isNowhere(path: Path, sides: readonly unknown[]): boolean {
  let isAnyItem = false;
  for (const side of sides) {
    if (!Array.isArray(side)) continue;
    for (const item of side as readonly unknown[]) {
      if (valueAt(item, path) !== absent) return false;
      isAnyItem ||= isRecord(item);
    }
  }
  return isAnyItem;
}

/** The items by id, in their order; `undefined` unless each item has an id of its own. */
function itemsOf(value: unknown, keys: readonly Path[]): Items | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = new Map<Id, unknown>();
  for (const item of value) {
    const id = isRecord(item) ? idOf(item, keys) : undefined;
    if (id === undefined) return undefined;
    items.set(id, item);
  }
  return items.size === value.length ? items : undefined;
}

function idOf(item: JsonRecord, keys: readonly Path[]): Id | undefined {
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

/** One part of an item's id. `1` and `1n` are the same id, `1` and `'1'` are two. */
function partOf(item: JsonRecord, key: Path): Id | undefined {
  const part = valueAt(item, key);
  if (typeof part === 'string' || typeof part === 'boolean') return part;
  if (typeof part === 'number')
    return Number.isSafeInteger(part) || !Number.isInteger(part) ? part : BigInt(part);
  if (typeof part !== 'bigint') return undefined;
  return Number.isSafeInteger(Number(part)) ? Number(part) : part;
}
