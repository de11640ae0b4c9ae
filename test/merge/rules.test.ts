import type { Resolve } from '../../src/merge/rule.ts';
import { describe, expect, it } from 'vitest';
import {
  absent,
  atomic,
  counter,
  equal,
  list,
  max,
  merge,
  min,
  sequence,
  set,
  threeWay,
  type Rule,
} from '../../src/merge.ts';

const nothing = Symbol('nothing');

/** Merges one field by one rule. `nothing` leaves the field out. */
function by(rule: Rule, base: unknown, local: unknown, remote: unknown) {
  const [one, two, three] = [base, local, remote].map((value) => (value === nothing ? {} : { at: value }));
  const { value, conflicts } = merge<unknown>({ base: one, local: two, remote: three }, { '/at': rule });
  const at = (value as { at?: unknown }).at;
  return conflicts.length > 0 ? { conflicts: conflicts.map(({ path }) => path) } : at;
}

const conflict = { conflicts: ['/at'] };

describe('a set', () => {
  it('has what either side added and lacks what either removed', () => {
    expect(by(set(), ['a', 'b'], ['b', 'c'], ['a', 'b', 'd'])).toEqual(['b', 'd', 'c']);
  });

  it('knows its values by value, of any kind', () => {
    expect(by(set(), [{ x: 1, y: [1] }], [{ y: [1], x: 1 }, 'x'], [{ x: 1, y: [1] }, { y: 2 }])).toEqual([
      { x: 1, y: [1] },
      { y: 2 },
      'x',
    ]);
    expect(by(set(), [], [1, '1', null, true, 'true'], ['1', 1, 'null'])).toEqual([
      '1',
      1,
      'null',
      null,
      true,
      'true',
    ]);
  });

  it('starts from nothing where there was none, and is a conflict where a side is no array', () => {
    expect(by(set(), nothing, [1], [2])).toEqual([2, 1]);
    expect(by(set(), [1], nothing, [1, 2])).toEqual(conflict);
    expect(by(set(), [1], null, [1, 2])).toEqual(conflict);
  });
});

describe('a counter', () => {
  it('adds both changes up, also when they are the same', () => {
    expect(by(counter(), 5, 6, 6)).toBe(7);
    expect(by(counter(), 5, 3, 9)).toBe(7);
    expect(by(counter(), nothing, 1, 1)).toBe(2);
  });

  it('is exact for decimals and big integers, and refuses what a number cannot hold', () => {
    expect(by(counter(), 0.1, 0.2, 0.3)).toBe(0.4);
    expect(by(counter(), 1e-7, 2e-7, 3e-7)).toBe(4e-7);
    expect(by(counter(), 2n ** 60n, 2n ** 60n + 1n, 2n ** 60n + 2n)).toBe(2n ** 60n + 3n);
    expect(by(counter(), 0, Number.MAX_SAFE_INTEGER, 1)).toEqual(conflict);
  });

  it('refuses a sum in which a part of a change would be lost, and says so', () => {
    for (const [base, local, remote] of [
      [0, 1e16, 0.1],
      [0, 1e16, 1e16],
      [0, 2 ** 52, 2 ** 52],
      [0, 2 ** 52, 0.1],
      [0, -1e15, 0.01],
      [0, 1e308, 1e308],
      [0, Infinity, 1],
      [1, NaN, 2],
      [1e300, 0, 1],
      [0, 2n ** 70n, 0.5],
    ]) {
      const { conflicts } = merge<unknown>({ base, local, remote }, { '': counter() });
      expect(conflicts, `${String(base)} ${String(local)} ${String(remote)}`).toMatchObject([
        { reason: 'out-of-range' },
      ]);
    }
    // What comes of computing with decimals has digits that nobody wrote.
    expect(by(counter(), 0.1 + 0.2, 0.1 + 0.2 + 1, 0.5)).toBeCloseTo(1.5, 12);
    expect(by(counter(), 0, 1e12, 0.125)).toBe(1e12 + 0.125);
    expect(by(counter(), 0, 5e-324, 5e-324)).toBe(1e-323);
    expect(by(counter(), 1, 'x', 2)).toEqual(conflict);
  });

  it('conflicts when it is removed here and changed there, or is no number', () => {
    expect(by(counter(), 5, nothing, 6)).toEqual(conflict);
    expect(by(counter(), 5, 'six', 6)).toEqual(conflict);
    expect(by(counter(), 5, nothing, nothing)).toBeUndefined();
  });
});

describe('a maximum and a minimum', () => {
  it('take the larger and the smaller one where both sides changed it', () => {
    expect([by(max(), 1, 5, 3), by(min(), 9, 5, 3)]).toEqual([5, 3]);
    expect(by(max(), '2024-01-01', '2024-02-01', '2024-03-01')).toBe('2024-03-01');
    expect(by(max(), 1, 5n, 6)).toBe(6);
  });

  it('take the change of one side, whichever way it goes', () => {
    expect(by(max(), 5, 3, 5)).toBe(3);
  });

  it('conflict on what has no order', () => {
    expect(by(max(), 1, '5', 3)).toEqual(conflict);
    expect(by(max(), 1, null, 3)).toEqual(conflict);
    expect(by(min(), 1, nothing, 3)).toEqual(conflict);
  });
});

describe('an atomic field', () => {
  it('is not taken apart', () => {
    const base = { street: 'a', town: 'b' };
    expect(by(atomic(), base, { ...base, street: 'x' }, { ...base, town: 'y' })).toEqual(conflict);
    expect(by(atomic({ resolve: 'local' }), base, { ...base, street: 'x' }, { ...base, town: 'y' })).toEqual({
      street: 'x',
      town: 'b',
    });
  });
});

describe('a sequence', () => {
  it('keeps edits in different places', () => {
    expect(by(sequence(), [1, 2, 3], [0, 1, 2, 3], [1, 2, 3, 4])).toEqual([0, 1, 2, 3, 4]);
    expect(by(sequence(), [{ a: 1 }, 2, 3], [{ a: 2 }, 2, 3], [{ a: 1 }, 2])).toEqual([{ a: 2 }, 2]);
  });

  it('conflicts where both edited the same or adjacent items', () => {
    expect(by(sequence(), [1, 2, 3], [1, 9, 3], [1, 8, 3])).toEqual(conflict);
    expect(by(sequence(), [1, 2], [1, 2, 3], [1, 2, 4])).toEqual(conflict);
  });

  it('chooses between the contested items alone when told a side', () => {
    expect(by(sequence({ resolve: 'local' }), [1, 2, 3, 4, 5], [1, 9, 3, 4, 5], [1, 8, 3, 4, 6])).toEqual([
      1, 9, 3, 4, 6,
    ]);
    expect(by(sequence({ resolve: 'remote' }), [1, 2, 3, 4, 5], [0, 9, 3, 4, 7], [1, 8, 3, 4, 5])).toEqual([
      1, 8, 3, 4, 7,
    ]);
  });

  it('is one value past its cap', () => {
    expect(by(sequence({ maxItems: 2 }), [1, 2, 3, 4], [0, 9, 9, 2, 3, 4], [1, 2, 3, 5])).toEqual(conflict);
  });
});

describe('a keyed list', () => {
  const rows = (...ids: readonly (readonly [unknown, number] | number)[]) =>
    ids.map((one) => (typeof one === 'number' ? { id: one, n: 0 } : { id: one[0], n: one[1] }));
  const keyed = list({ key: 'id' });

  it('merges items of one name inside, wherever they stand', () => {
    expect(by(keyed, rows(1, 2, 3), rows([3, 7], 1, 2), rows(1, [2, 5], 3))).toEqual(rows([3, 7], 1, [2, 5]));
  });

  it('keeps the additions, removals and moves of both sides', () => {
    expect(by(keyed, rows(1, 2, 3, 4), rows(2, 1, 3, 4, 5), rows(1, 2, 4, 6))).toEqual(rows(2, 1, 4, 6, 5));
    expect(by(keyed, rows(1, 2, 3, 4), rows(4, 1, 2, 3), rows(2, 3, 1, 4))).toEqual(rows(4, 2, 3, 1));
  });

  it('puts what the local side appended after what the remote did', () => {
    expect(by(keyed, rows(1), rows(1, 2), rows(1, 3))).toEqual(rows(1, 3, 2));
    expect(by(keyed, rows(1, 9), rows(1, 2, 9), rows(1, 3, 9))).toEqual(rows(1, 3, 2, 9));
  });

  it('conflicts where an item was removed here and edited there, at its index in the value', () => {
    const one = { base: rows(1, 2, 3), local: rows(1, 3), remote: rows([2, 9], 3) };
    expect(merge<unknown>(one, { '': keyed })).toEqual({
      value: rows([2, 9], 3),
      conflicts: [{ path: '/0', base: { id: 2, n: 0 }, local: absent, remote: { id: 2, n: 9 } }],
    });
  });

  it('conflicts where both sides moved the same items differently, and still merges them', () => {
    const base = rows(1, 2, 3, 4, 5);
    const sides = { base, local: rows(2, 3, [1, 7], 4, 5), remote: rows(2, 3, 4, 5, 1) };
    expect(merge<unknown>(sides, { '': keyed })).toEqual({
      value: rows(2, 3, 4, 5, [1, 7]),
      conflicts: [{ path: '', ...sides }],
    });
    const decided = (resolve: Resolve) => merge<unknown>(sides, { '': list({ key: 'id', resolve }) });
    expect(decided('local')).toEqual({ value: rows(2, 3, [1, 7], 4, 5), conflicts: [] });
    expect(decided('remote')).toEqual({ value: rows(2, 3, 4, 5, [1, 7]), conflicts: [] });
    expect(decided(() => [])).toEqual({ value: [], conflicts: [] });
  });

  // What one side had removed had a say in the order once, and none the next time.
  it('merges to what it merges to again, where moves meet removals', () => {
    const lists = [
      [rows(0, 4, 3, 5, 7), rows(0, 5, 4, 7), rows(3, 5, 10, 7, 4, 0)],
      [rows(8, 5, 2, 7, 0, 9), rows(7, 5, 9, 2, 0, 13), rows(0, 5, 9, 2, 7, 8)],
      [rows(5, 3, 7, 0, 2), rows(3, 0, 5, 2), rows(5, 7, 10, 2, 0, 3)],
    ] as const;
    for (const resolve of ['local', 'remote'] as const) {
      const strategy = threeWay<unknown>({ '': list({ key: 'id', resolve }) });
      for (const [base, local, remote] of lists) {
        const once = strategy({ base, local, remote });
        expect(strategy({ base, local, remote: once })).toEqual(once);
      }
    }
  });

  it('asks the rule of an item’s own place, last, for one that it would drop', () => {
    const rules = { '': list({ key: 'id', resolve: 'local' }), '/*': atomic({ resolve: 'remote' }) };
    const sides = { base: rows(1, 2, 3), local: rows(3, 1), remote: rows(1, [2, 9], 3) };
    expect(merge<unknown>(sides, rules)).toEqual({ value: rows(3, 1, [2, 9]), conflicts: [] });
  });

  it('conflicts as a whole where a key is missing or double, never by position', () => {
    expect(by(keyed, rows(1, 2), [{ n: 1 }, { id: 2, n: 0 }], rows(1, 2, 3))).toEqual(conflict);
    expect(by(keyed, rows(1, 2), rows(1, 2, 2), rows(1, 2, 3))).toEqual(conflict);
    expect(by(keyed, rows(1, 1), rows(1, [1, 4]), rows([1, 5], 1))).toEqual(conflict);
    expect(by(keyed, rows(1), [{ id: null, n: 0 }], rows(2))).toEqual(conflict);
    expect(by(keyed, rows(1), [1], rows(2))).toEqual(conflict);
    expect(by(keyed, rows(1, 1), rows(1, 1, 3), rows(1, 1))).toEqual(rows(1, 1, 3));
  });

  it('knows a number from its text, and a big integer as the number it is', () => {
    expect(by(keyed, rows(), rows(['1', 7]), rows([1, 8]))).toEqual(rows([1, 8], ['1', 7]));
    expect(equal(by(keyed, rows(1), rows([1n, 7]), rows(1, 2)), rows([1, 7], 2))).toBe(true);
  });

  it('takes several members together as the key', () => {
    const pairs = (...of: readonly (readonly [string, string, number])[]) =>
      of.map(([a, b, n]) => ({ a, b, n }));
    const base = pairs(['x', 'y', 0], ['x,', 'y', 0]);
    const rule = list({ key: ['a', 'b'] });
    expect(
      by(rule, base, pairs(['x', 'y', 1], ['x,', 'y', 0]), pairs(['x', 'y', 0], ['x,', 'y', 2])),
    ).toEqual(pairs(['x', 'y', 1], ['x,', 'y', 2]));
  });
});
