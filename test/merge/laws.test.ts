import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  absent,
  atomic,
  counter,
  equal,
  isResolution,
  keepLocal,
  keepRemote,
  list,
  max,
  merge,
  min,
  parsePointer,
  sequence,
  set,
  text,
  threeWay,
  type Merged,
  type Rules,
} from '../../src/merge.ts';
import { lists, sides, type Item } from './arbitrary.ts';

const numRuns = Number(process.env.LAWS_RUNS ?? 20_000);
const timeout = Math.max(60_000, numRuns * 2);

/** Says a law once for all cases, and stops at the first that breaks it. */
function law<Case>(name: string, cases: fc.Arbitrary<Case>, holds: (one: Case) => boolean): void {
  it(name, { timeout }, () => {
    fc.assert(fc.property(cases, holds), { numRuns });
  });
}

/** Rules for which every law holds. Paths are those that the documents have. */
const tables: readonly Rules[] = [
  {},
  { '/a': set(), '/*/b': atomic() },
  { '/a': list({ key: 'a' }), '/*': atomic(), '/b/*': max() },
  { '': atomic() },
  { '/a': text(), '/b': sequence(), '/*/*': text() },
  { '/*': list({ key: 'a' }), '/*/*/b': set(), '/c': min() },
  { '/a': list({ key: '/b/a' }), '/b': list({ key: ['a', 'b'], resolve: 'remote' }) },
  { '/*': list({ key: 'a', shared: 'all', resolve: 'local' }) },
  {
    '/a': atomic({ resolve: 'local' }),
    '/*': max({ resolve: 'remote' }),
    '/b': set({ resolve: 'local' }),
  },
];

const ruled = fc
  .tuple(sides, fc.constantFrom(...tables))
  .map(([triple, rules]) => ({ ...triple, rules }))
  // A list without a single key is a wrong table, which has a test of its own.
  .filter(({ rules, ...triple }) => isKeyed(() => merge(triple, rules)));

function isKeyed(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith('No item of the list')) return false;
    throw error;
  }
}

function clean(merged: Merged, value: unknown): boolean {
  return merged.conflicts.length === 0 && equal(merged.value, value);
}

describe('a three-way merge, by law', () => {
  law('leaves what nobody changed (identity)', ruled, ({ base, rules }) =>
    clean(merge({ base, local: base, remote: base }, rules), base),
  );

  law('takes what only the local side changed (absorption)', ruled, ({ base, local, rules }) =>
    clean(merge({ base, local, remote: base }, rules), local),
  );

  law('takes what only the remote side changed (absorption)', ruled, ({ base, remote, rules }) =>
    clean(merge({ base, local: base, remote }, rules), remote),
  );

  law('agrees where both sides did the same (agreement)', ruled, ({ base, local, rules }) =>
    clean(merge({ base, local, remote: structuredClone(local) }, rules), local),
  );

  law('says the same when the sides are swapped, but for which is which (symmetry)', sides, (triple) => {
    const rules = { '/a': max(), '/b': text(), '/*/c': sequence(), '/c': counter() };
    const { value, conflicts } = merge(triple, rules);
    const swapped = merge({ base: triple.base, local: triple.remote, remote: triple.local }, rules);
    const inOrder = swapped.conflicts
      .map(({ path, base, local, remote }) => ({ path, base, local: remote, remote: local }))
      .sort((one, other) => (one.path < other.path ? -1 : 1));
    const ours = [...conflicts].sort((one, other) => (one.path < other.path ? -1 : 1));
    return equal(named(ours), named(inOrder)) && (conflicts.length > 0 || equal(value, swapped.value));
  });

  law('loses no leaf that one side changed', sides, ({ base, local, remote }) => {
    const { value, conflicts } = merge({ base, local, remote });
    return leaves(base, local, remote).every((path) => {
      const [before, ours, theirs, now] = [base, local, remote, value].map((side) => at(side, path));
      const covered = () => conflicts.some((conflict) => related(parsePointer(conflict.path), path));
      if (!equal(ours, before) && equal(theirs, before)) return equal(now, ours) || covered();
      if (!equal(theirs, before) && equal(ours, before)) return equal(now, theirs) || covered();
      return equal(ours, theirs) ? equal(now, ours) || covered() : true;
    });
  });

  law('reports every leaf that both sides changed, and differently', sides, ({ base, local, remote }) => {
    const { conflicts } = merge({ base, local, remote });
    return leaves(base, local, remote).every((path) => {
      const [before, ours, theirs] = [base, local, remote].map((side) => at(side, path));
      const contested = !equal(ours, before) && !equal(theirs, before) && !equal(ours, theirs);
      // Two objects made at one place merge member by member, which is no contest.
      if (!contested || (isObject(ours) && isObject(theirs))) return true;
      return conflicts.some((conflict) => related(parsePointer(conflict.path), path));
    });
  });

  law('invents nothing: each leaf stands in one of the sides', sides, ({ base, local, remote }) => {
    const { value } = merge({ base, local, remote });
    return leaves(value).every((path) => {
      const [ours, theirs, now] = [local, remote, value].map((side) => at(side, path));
      const emptied = isObject(now) && isObject(ours) && isObject(theirs);
      return emptied || equal(now, ours) || equal(now, theirs);
    });
  });

  law(
    'changes none of its inputs, and says the same twice (purity, determinism)',
    ruled,
    ({ rules, ...triple }) => {
      const before = structuredClone(triple);
      const once = merge(deepFrozen(triple), rules);
      return equal(before, triple) && equal(named(once.conflicts), named(merge(before, rules).conflicts));
    },
  );

  law('pollutes no prototype, and keeps odd names as members', ruled, ({ rules, ...triple }) => {
    const { value } = merge(triple, rules);
    const foreign = Object.keys(Object.prototype).length > 0 || 'polluted' in {};
    return !foreign && (!isObject(value) || Object.getPrototypeOf(value) === Object.prototype);
  });

  law(
    'guesses nothing without a base: what differs is a conflict or comes from one side',
    sides,
    ({ local, remote }) => {
      const { value, conflicts } = merge({ base: undefined, local, remote });
      return equal(local, remote) ? clean({ value, conflicts }, local) : conflicts.length > 0;
    },
  );

  law('is safe to apply twice where it says so', ruled, ({ rules, ...triple }) => {
    const strategy = threeWay(rules);
    const once = strategy(triple);
    if (!strategy.repeatable || isResolution(once)) return true;
    return equal(strategy({ ...triple, remote: once }), once);
  });

  for (const [name, keep] of Object.entries({ keepLocal, keepRemote })) {
    law(`is safe to apply twice where ${name} chooses, of a field or of all`, sides, (triple) =>
      [keep<unknown>(), threeWay({ '/a': keep(), '/*/b': keep() }, { resolve: 'local' })].every(
        (strategy) => {
          const once = strategy(triple);
          return strategy.repeatable && equal(strategy({ ...triple, remote: once }), once);
        },
      ),
    );
  }
});

describe('a keyed list, by law', () => {
  const rules = { '': list({ key: 'id' }) };
  const idsOf = (items: readonly Item[]) => items.map(({ id }) => id);

  law('has each item once, and none that both sides lack', lists, ({ base, local, remote }) => {
    const ids = idsOf(merge({ base, local, remote }, rules).value);
    const known = new Set([...idsOf(local), ...idsOf(remote)]);
    return new Set(ids).size === ids.length && ids.every((id) => known.has(id));
  });

  law(
    'keeps what either side added or edited, and drops what either removed',
    lists,
    ({ base, local, remote }) => {
      const { value, conflicts } = merge({ base, local, remote }, rules);
      const find = (items: readonly Item[], id: number) => items.find((item) => item.id === id) ?? absent;
      const all = new Set([...idsOf(base), ...idsOf(local), ...idsOf(remote)]);
      return [...all].every((id) => {
        const [before, ours, theirs, now] = [base, local, remote, value].map((items) => find(items, id));
        if (equal(theirs, before) || equal(ours, theirs)) return equal(now, ours);
        if (equal(ours, before)) return equal(now, theirs);
        if (ours === absent || theirs === absent)
          return conflicts.some((conflict) => /^\/\d+$/.test(conflict.path));
        return now !== absent;
      });
    },
  );

  law('keeps the order of a side that alone moved things', lists, ({ base, local, remote, theirs }) => {
    if (theirs.shuffle) return true;
    const shared = (items: readonly Item[]) =>
      idsOf(items).filter((id) => [base, local, remote].every((side) => idsOf(side).includes(id)));
    const { value } = merge({ base, local, remote }, rules);
    return equal(shared(value), shared(local));
  });

  law(
    'keeps each earlier state of a list that is only appended to as its beginning',
    lists,
    ({ base, ours, theirs }) => {
      const item = (id: number) => ({ id, size: 0, color: 'blue' });
      const local = [...base, ...ours.added.map(item)];
      const remote = [...base, ...theirs.added.map((id) => item(id + 10))];
      const { value, conflicts } = merge({ base, local, remote }, rules);
      return (
        conflicts.length === 0 && equal(value.slice(0, remote.length), remote) && value.length >= local.length
      );
    },
  );

  law('comes to the same items when the sides are swapped', lists, ({ base, local, remote }) => {
    const one = merge({ base, local, remote }, rules);
    const other = merge({ base, local: remote, remote: local }, rules);
    const sorted = (items: readonly Item[]) => [...items].sort((first, second) => first.id - second.id);
    return (
      one.conflicts.length === other.conflicts.length &&
      (one.conflicts.length > 0 || equal(sorted(one.value), sorted(other.value)))
    );
  });

  for (const resolve of ['give-up', 'local', 'remote'] as const) {
    law(`applied twice gives the same (${resolve})`, lists, (one) => {
      const strategy = threeWay<readonly Item[]>({ '': list({ key: 'id', resolve }) });
      const once = strategy(one);
      return isResolution(once) || equal(strategy({ ...one, remote: once as readonly Item[] }), once);
    });
  }
});

describe('a counter, by law', () => {
  const count = fc.maxSafeInteger().map((value) => Math.trunc(value / 4));
  const rules = { '': counter() };

  law('is the sum of both changes', fc.tuple(count, count, count), ([base, local, remote]) => {
    const sum = BigInt(local) + BigInt(remote) - BigInt(base);
    return clean(merge({ base, local, remote }, rules), Number(sum));
  });

  law(
    'counts big integers exactly',
    fc.tuple(fc.bigInt(), fc.bigInt(), fc.bigInt()),
    ([base, local, remote]) => clean(merge({ base, local, remote }, rules), local + remote - base),
  );

  const cents = fc.integer({ min: -1e9, max: 1e9 });
  law('counts decimals as they are written', fc.tuple(cents, cents, cents), ([base, local, remote]) =>
    clean(
      merge({ base: base / 100, local: local / 100, remote: remote / 100 }, rules),
      (local + remote - base) / 100,
    ),
  );
});

describe('a set, by law', () => {
  const values = fc.uniqueArray(fc.nat(8), { maxLength: 6 });

  law(
    'has what either side added, and lacks what either removed',
    fc.tuple(values, values, values),
    ([base, local, remote]) => {
      const { value, conflicts } = merge({ base, local, remote }, { '': set() });
      const expected = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((one) =>
        base.includes(one)
          ? local.includes(one) && remote.includes(one)
          : local.includes(one) || remote.includes(one),
      );
      return conflicts.length === 0 && equal([...value].sort(), expected);
    },
  );
});

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The paths of all leaves of some documents: arrays and empty objects are leaves. */
function leaves(...documents: readonly unknown[]): string[][] {
  const paths: string[][] = [];
  const visit = (value: unknown, path: string[]): void => {
    if (!isObject(value) || Object.keys(value).length === 0) paths.push(path);
    else for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
  };
  for (const one of documents) visit(one, []);
  return paths;
}

/** The value at a path, an array being one value. */
function at(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const step of path) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return absent;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Whether one place is the other, or holds it. */
function related(one: readonly string[], other: readonly string[]): boolean {
  const shorter = Math.min(one.length, other.length);
  return one.slice(0, shorter).every((step, index) => step === other[index]);
}

/** Conflicts with the markers spelled out, so that they can be compared as JSON. */
function named(conflicts: readonly object[]): unknown {
  return conflicts.map((conflict) =>
    Object.fromEntries(
      Object.entries(conflict).map(([key, value]) => [
        key,
        typeof value === 'symbol' ? { marker: value.toString() } : { value: value as unknown },
      ]),
    ),
  );
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFrozen(inner);
  }
  return value;
}
