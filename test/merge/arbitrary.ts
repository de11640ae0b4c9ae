import * as fc from 'fast-check';

/** Names that break careless code, beside plain ones. Few, so that the sides meet. */
const name = fc.constantFrom('a', 'b', 'c', '', 'a/b', 'a~b', '0', '__proto__', 'constructor', 'toString');

const leaf = fc.constantFrom<unknown>(null, false, true, 0, 1, 2, 3, -1, 0.5, '', 'x', 'y', 'x\ny\n');

function record(members: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(members);
}

function json(depth: number): fc.Arbitrary<unknown> {
  if (depth === 0) return leaf;
  const inner = json(depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(fc.tuple(name, inner), { maxLength: 4 }).map(record) },
    { weight: 1, arbitrary: fc.array(inner, { maxLength: 3 }) },
  );
}

/** A JSON document, small and mean. */
export const document: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.tuple(name, json(2)), { maxLength: 5 }).map(record) },
  { weight: 1, arbitrary: json(1) },
);

/** A change to a document: at a place chosen by numbers, so that it means something in any document. */
interface Edit {
  readonly way: readonly number[];
  readonly kind: 'set' | 'add' | 'remove';
  readonly name: string;
  readonly value: unknown;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  way: fc.array(fc.nat(7), { maxLength: 3 }),
  kind: fc.constantFrom('set', 'set', 'add', 'remove'),
  name,
  value: json(1),
});

function edited(value: unknown, { way, kind, name, value: next }: Edit): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return next;
  const members = Object.entries(value);
  const [turn = 0, ...rest] = way;
  const [key, inner] = members[turn % (members.length || 1)] ?? [];
  if (key === undefined || kind === 'add') return record([...members, [name, next]]);
  const others = members.filter(([other]) => other !== key);
  if (rest.length === 0 && kind === 'remove') return record(others);
  return record([...others, [key, edited(inner, { way: rest, kind, name, value: next })]]);
}

/** A base, and two documents that mostly come from it by a few edits, sometimes from nowhere. */
export const sides = fc
  .tuple(
    document,
    fc.array(edit, { maxLength: 4 }),
    fc.array(edit, { maxLength: 4 }),
    fc.option(document, { freq: 20 }),
  )
  .map(([base, ours, theirs, other]) => ({
    base,
    local: ours.reduce(edited, base),
    remote: other ?? theirs.reduce(edited, base),
  }));

/** One item of a keyed list. */
export interface Item {
  readonly id: number;
  readonly size: number;
  readonly color: string;
}

const ids = fc.uniqueArray(fc.nat(9), { maxLength: 7 });

function items(of: readonly number[]): Item[] {
  return of.map((id) => ({ id, size: 0, color: 'red' }));
}

/** Chances to move, edit, add and remove; `shuffle` sorts by these numbers. */
const rearrangement = fc.record({
  shuffle: fc.option(fc.array(fc.nat(20), { minLength: 10, maxLength: 10 }), { freq: 2 }),
  sizes: fc.dictionary(fc.constantFrom('0', '1', '2', '3', '4', '5'), fc.nat(3), { maxKeys: 3 }),
  colors: fc.dictionary(fc.constantFrom('0', '1', '2', '3', '4', '5'), fc.constantFrom('red', 'blue'), {
    maxKeys: 3,
  }),
  added: fc.uniqueArray(fc.integer({ min: 10, max: 13 }), { maxLength: 2 }),
  removed: fc.uniqueArray(fc.nat(9), { maxLength: 2 }),
  at: fc.nat(7),
});

type Rearrangement = typeof rearrangement extends fc.Arbitrary<infer Value> ? Value : never;

function rearranged(base: readonly Item[], change: Rearrangement): Item[] {
  const list = base
    .filter(({ id }) => !change.removed.includes(id))
    .map((item) => ({
      ...item,
      size: change.sizes[item.id] ?? item.size,
      color: change.colors[item.id] ?? item.color,
    }));
  const { shuffle } = change;
  if (shuffle) list.sort((one, other) => (shuffle[one.id] ?? 0) - (shuffle[other.id] ?? 0));
  list.splice(change.at, 0, ...items(change.added));
  return list;
}

/** A keyed list and two rearrangements of it. */
export const lists = fc
  .record({ ids, ours: rearrangement, theirs: rearrangement })
  .map(({ ids, ours, theirs }) => ({
    base: items(ids),
    local: rearranged(items(ids), ours),
    remote: rearranged(items(ids), theirs),
    ours,
    theirs,
  }));
