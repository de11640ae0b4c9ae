import { formatPointer } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import type { Id, Items } from './order.ts';
import type { OnConflict, Place, Places } from './rule.ts';
import { below, nowhere, ruleAt } from './rules.ts';

/** An item, and where it is. */
export interface Shelved {
  readonly value: unknown;
  /** The name of the list that it is in, the same on all sides. */
  readonly shelf: string;
  /** Its steps in this document. */
  readonly path: readonly string[];
  /** The rules below it. */
  readonly places: Places;
  readonly onConflict: OnConflict;
  /** Whether only the looks of an item tell that it is the same as one in another list. */
  readonly isGuess: boolean;
}

/** The items of the lists that may exchange them; `'twice'` for what is in several. */
export type Group = Map<Id, Shelved | 'twice'>;

/** All keyed lists of a document. */
export interface Shelves {
  readonly groups: ReadonlyMap<string, Group>;
  /** The items of each list. */
  readonly lists: ReadonlyMap<string, Items>;
}

/**
 * Finds the keyed lists of a document. A list that lies within an item is known by that item, so that it is the same one wherever the
 * item has moved.
 *
 * @param spend Takes the steps that it costs.
 * @returns `undefined` where there aren't as many.
 * @throws {TypeError} for a list within an item of a list that says the same `shared`.
 */
export function shelvesOf(
  document: unknown,
  rules: Places,
  byDefault: OnConflict,
  spend: (steps: number) => boolean,
): Shelves | undefined {
  const groups = new Map<string, Group>();
  const lists = new Map<string, Items>();
  const cost = { isAffordable: true };

  const visit = (
    value: unknown,
    places: Places,
    shelf: string,
    path: readonly string[],
    outer: OnConflict,
    above: readonly string[],
  ): void => {
    const rule = ruleAt(places);
    const onConflict = rule?.onConflict ?? outer;
    if (!rule) {
      const inside = innerOf(value, places);
      cost.isAffordable &&= spend(2 * inside.length);
      for (const [step, inner] of cost.isAffordable ? inside : [])
        visit(inner, below(places, step), `${shelf}/${step}`, [...path, step], onConflict, above);
      return;
    }
    const items = rule.identity?.items(value);
    if (!rule.identity || !items) return;
    cost.isAffordable &&= spend(6 * items.size);
    if (!cost.isAffordable) return;
    const name = rule.identity.group(path.length) ?? shelf;
    if (above.includes(name))
      throw new TypeError(`A list at ${formatPointer(path)} is in an item that it shares.`);
    const group: Group = groups.get(name) ?? new Map<Id, Shelved | 'twice'>();
    groups.set(name, group);
    lists.set(shelf, items);
    let index = 0;
    for (const [id, item] of items) {
      const step = String(index++);
      const inside = below(places, step);
      const at = { value: item, shelf, path: [...path, step], places: inside, onConflict };
      group.set(id, group.has(id) ? 'twice' : { ...at, isGuess: rule.identity.isGuess });
      if (inside !== nowhere) visit(item, inside, itemShelf(name, id), at.path, onConflict, [...above, name]);
    }
  };
  visit(document, rules, '', [], byDefault, []);
  return cost.isAffordable ? { groups, lists } : undefined;
}

/** What the lists within an item are known by. */
export function itemShelf(group: string, id: Id): string {
  return `${group}#${typeof id} ${String(id)}`;
}

/** The members of a value that rules reach. */
export function innerOf(
  value: unknown,
  places: Places,
): readonly (readonly [step: string, inner: unknown])[] {
  // An array without a rule is one value.
  if (places === nowhere || !isRecord(value)) return [];
  const names = places.some(({ any }) => any) ? Object.keys(value) : namesIn(places);
  return [...names].filter((name) => Object.hasOwn(value, name)).map((name) => [name, value[name]]);
}

function namesIn(places: Places): ReadonlySet<string> {
  return new Set(places.flatMap(({ members }: Place) => [...members.keys()]));
}
