import { formatPointer } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import type { Id, Items } from './order.ts';
import type { Resolve, Place, Places } from './rule.ts';
import { below, nowhere, ruleAt } from './rules.ts';

/** A keyed list of a document. */
export interface Shelf {
  /** The name of the list, the same on all sides. */
  readonly name: string;
  readonly items: Items;
  /** The steps to the list in this document. */
  readonly path: readonly string[];
  /** The index of an item in the list. */
  readonly indexOf: (id: Id) => number;
  /** The rules that hold for the list. */
  readonly places: Places;
  readonly resolve: Resolve;
  /** Whether an item counts as the same as one in another list only if it looks like that one. */
  readonly isGuess: boolean;
}

/** The list of each item, for lists that may exchange items; `'twice'` for an item that is in several lists. */
type Group = Map<Id, Shelf | 'twice'>;

/** All keyed lists of a document. */
export interface Shelves {
  readonly groups: ReadonlyMap<string, Group>;
  readonly lists: ReadonlyMap<string, Items>;
}

/**
 * Finds the keyed lists of a document. A list within an item is named after that item, so that the list keeps its name
 * wherever the item has moved.
 *
 * @param spend Takes the steps that the search costs.
 * @returns `undefined` where too few steps are left.
 * @throws {TypeError} for a list within an item of a list that has the same `shared`.
 */
export function shelvesOf(
  document: unknown,
  rules: Places,
  byDefault: Resolve,
  spend: (steps: number) => boolean,
): Shelves | undefined {
  const groups = new Map<string, Group>();
  const lists = new Map<string, Items>();
  const cost = { isAffordable: true };

  const visit = (
    value: unknown,
    places: Places,
    name: string,
    path: readonly string[],
    outer: Resolve,
    above: readonly string[],
  ): void => {
    const rule = ruleAt(places);
    const resolve = rule?.resolve ?? outer;
    const inside = rule ? [] : innerOf(value, places);
    const length = Array.isArray(value) ? value.length : inside.length;
    cost.isAffordable &&= spend(20 + 10 * length);
    if (!cost.isAffordable) return;
    for (const [step, inner] of inside)
      visit(inner, below(places, step), `${name}/${step}`, [...path, step], resolve, above);
    const items = rule?.identity?.items(value);
    if (!rule?.identity || !items) return;
    const group = rule.identity.group(path.length) ?? name;
    if (above.includes(group))
      throw new TypeError(`A list at ${formatPointer(path)} is in an item that it shares.`);
    const { isGuess } = rule.identity;
    const shelf: Shelf = { name, items, path, places, resolve, isGuess, indexOf: indexIn(items) };
    const found: Group = groups.get(group) ?? new Map<Id, Shelf | 'twice'>();
    groups.set(group, found);
    lists.set(name, items);
    for (const id of items.keys()) found.set(id, found.has(id) ? 'twice' : shelf);
    let index = 0;
    for (const [id, item] of items) {
      const step = String(index++);
      const rulesInside = below(places, step);
      if (rulesInside === nowhere) break;
      visit(item, rulesInside, itemName(group, id), [...path, step], resolve, [...above, group]);
    }
  };
  visit(document, rules, '', [], byDefault, []);
  return cost.isAffordable ? { groups, lists } : undefined;
}

/** The place of an item of a list, as steps in its document. */
export function pathOf({ path, indexOf }: Shelf, id: Id): readonly string[] {
  return [...path, String(indexOf(id))];
}

/** Returns a function for the index of an item. It counts the items once, at its first call. */
function indexIn(items: Items): (id: Id) => number {
  let indexes: ReadonlyMap<Id, number> | undefined;
  return (id) => {
    indexes ??= new Map([...items.keys()].map((key, index) => [key, index]));
    return indexes.get(id) ?? -1;
  };
}

/** The name from which the names of the lists within an item begin. */
export function itemName(group: string, id: Id): string {
  return `${group}#${typeof id} ${String(id)}`;
}

/** The members of a value that rules reach. An array without a rule is one value. */
export function innerOf(
  value: unknown,
  places: Places,
): readonly (readonly [step: string, inner: unknown])[] {
  if (places === nowhere || !isRecord(value)) return [];
  const names = places.some(({ any }) => any) ? Object.keys(value) : namesIn(places);
  return [...names].filter((name) => Object.hasOwn(value, name)).map((name) => [name, value[name]]);
}

function namesIn(places: Places): ReadonlySet<string> {
  return new Set(places.flatMap(({ members }: Place) => [...members.keys()]));
}
