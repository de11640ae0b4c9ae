import { isRecord } from '../core/record.ts';
import type { Id, Items } from './order.ts';
import type { Places } from './rule.ts';
import { below, nowhere, ruleAt } from './rules.ts';
import { innerOf, itemName, type Shelves } from './shelves.ts';

/** An item that is to be put into a list of a side, at the place where another side has it. */
export interface Arrival {
  readonly value: unknown;
  readonly as: 'local' | 'remote';
  /** The list in which the side `as` has the item. */
  readonly like: Items;
}

/** The planned changes of the lists of one side. */
export class Plan {
  readonly #leaving = new Map<string, Set<Id>>();
  readonly #changed = new Map<string, Map<Id, unknown>>();
  readonly #arriving = new Map<string, Map<Id, Arrival>>();

  remove(shelf: string, id: Id): void {
    entry(this.#leaving, shelf, () => new Set<Id>()).add(id);
  }

  change(shelf: string, id: Id, value: unknown): void {
    entry(this.#changed, shelf, () => new Map<Id, unknown>()).set(id, value);
  }

  put(shelf: string, id: Id, arrival: Arrival): void {
    entry(this.#arriving, shelf, () => new Map<Id, Arrival>()).set(id, arrival);
  }

  /** The document with its lists as planned. It shares structure with the original. */
  carriedOut(document: unknown, rules: Places, { lists }: Shelves): unknown {
    const shelves = new Set([...this.#leaving.keys(), ...this.#changed.keys(), ...this.#arriving.keys()]);
    if (shelves.size === 0) return document;
    const contents = new Map<string, Items>();
    for (const shelf of shelves) contents.set(shelf, this.#contentOf(shelf, lists.get(shelf) ?? new Map()));
    return rebuilt(document, rules, '', 0, contents);
  }

  #contentOf(shelf: string, before: Items): Items {
    const leaving = this.#leaving.get(shelf);
    const changed = this.#changed.get(shelf);
    const arriving = this.#arriving.get(shelf) ?? new Map<Id, Arrival>();
    const isStaying = (id: Id): boolean => before.has(id) && !leaving?.has(id);
    const content = new Map<Id, unknown>();
    const { following, last } = placesOf(arriving, isStaying);
    const start = [...(following.get(undefined) ?? []), ...[...before.keys()].filter(isStaying), ...last];
    // No recursion: a thousand items may follow each other. The next item is at the end of `next`.
    const next = start.reverse();
    for (let id = next.pop(); id !== undefined; id = next.pop()) {
      const value = changed?.has(id) ? changed.get(id) : before.get(id);
      content.set(id, arriving.has(id) ? arriving.get(id)?.value : value);
      next.push(...(following.get(id) ?? []).toReversed());
    }
    return content;
  }
}

/**
 * The places of the arrivals: each comes after the item that it follows in its own list, or last if it ends that list.
 */
function placesOf(
  arriving: ReadonlyMap<Id, Arrival>,
  isStaying: (id: Id) => boolean,
): { readonly following: ReadonlyMap<Id | undefined, readonly Id[]>; readonly last: readonly Id[] } {
  const following = new Map<Id | undefined, Id[]>();
  const last: Id[] = [];
  // The local side's arrivals come first: in the local list, to which the remote's arrivals are added, they are there
  // already.
  for (const side of ['local', 'remote'] as const) {
    const like = [...arriving.values()].find((arrival) => arrival.as === side)?.like;
    const order = [...(like?.keys() ?? [])];
    const isArriving = (id: Id): boolean => arriving.get(id)?.as === side;
    let end = order.length;
    while (end > 0 && isArriving(order[end - 1] ?? '')) end--;
    last.push(...order.slice(end));
    let before: Id | undefined;
    for (const id of order.slice(0, end)) {
      if (isArriving(id)) entry(following, before, () => []).push(id);
      if (arriving.has(id) || isStaying(id)) before = id;
    }
  }
  return { following, last };
}

function rebuilt(
  value: unknown,
  places: Places,
  shelf: string,
  depth: number,
  contents: ReadonlyMap<string, Items>,
): unknown {
  if (places === nowhere) return value;
  const rule = ruleAt(places);
  if (!rule) {
    if (!isRecord(value)) return value;
    const members = new Map(Object.entries(value));
    for (const [step, inner] of innerOf(value, places))
      members.set(step, rebuilt(inner, below(places, step), `${shelf}/${step}`, depth + 1, contents));
    const isSame = [...members].every(([name, member]) => member === value[name]);
    return isSame ? value : Object.fromEntries(members);
  }
  const before = rule.identity?.items(value);
  if (!rule.identity || !before) return value;
  const name = rule.identity.group(depth) ?? shelf;
  const items = [...(contents.get(shelf) ?? before)].map(([id, item], index) =>
    rebuilt(item, below(places, String(index)), itemName(name, id), depth + 1, contents),
  );
  const list = value as readonly unknown[];
  return items.length === list.length && items.every((item, index) => item === list[index]) ? list : items;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
