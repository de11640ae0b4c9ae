import { describe, expect, it } from 'vitest';
import { list, merge, sequence, set, type Rule } from '../../src/merge.ts';

/** Merges an array by one rule; `'conflict'` where it can't. */
function by(rule: Rule, base: unknown, local: unknown, remote: unknown): unknown {
  const { value, conflicts } = merge<unknown>({ base, local, remote }, { '': rule });
  return conflicts.length > 0 ? 'conflict' : value;
}

/** Items that both sides changed: they merge inside only if they are known to be one. */
function sides(key: object, other = key) {
  return [[{ ...key, a: 0, b: 0 }], [{ ...other, a: 1, b: 0 }], [{ ...key, a: 0, b: 2 }]] as const;
}

describe('the key of an item in a list', () => {
  it('may be a boolean, a fraction or 0', () => {
    for (const id of [true, false, 0.5, 0]) {
      expect(by(list({ key: 'id' }), ...sides({ id }))).toEqual([{ id, a: 1, b: 2 }]);
    }
  });

  it('is the number it is, past what a number can tell apart, too', () => {
    const [number, big] = [2 ** 53, 2n ** 53n];
    expect(by(list({ key: 'id' }), ...sides({ id: number }, { id: big }))).toMatchObject([{ a: 1, b: 2 }]);
    expect(by(list({ key: 'id' }), [], [{ id: big + 1n }], [{ id: number }])).toHaveLength(2);
  });

  it('is no name where it is null, an object, or not there', () => {
    for (const key of [{ id: null }, { id: {} }])
      expect(by(list({ key: 'id' }), ...sides(key))).toBe('conflict');
    const [base, local, remote] = sides({ id: 1 });
    expect(by(list({ key: 'id' }), base, [...local, { a: 1 }], remote)).toBe('conflict');
  });

  it('may lie inside of it, as a pointer says, or as several', () => {
    const [base, local, remote] = sides({ attrs: { id: 'x', 'a/b': 1 } });
    const merged = [{ attrs: { id: 'x', 'a/b': 1 }, a: 1, b: 2 }];
    for (const key of ['/attrs/id', ['/attrs/id'], ['/attrs/id', '/attrs/a~1b']])
      expect(by(list({ key }), base, local, remote)).toEqual(merged);
    const slashed = sides({ '/id': 1 });
    expect(by(list({ key: '/~1id' }), ...slashed)).toEqual([{ '/id': 1, a: 1, b: 2 }]);
    expect(() => list({ key: '/a~2' })).toThrow(SyntaxError);
  });

  it('that no item has is a wrong table, and is told where both sides changed the list', () => {
    for (const key of ['attrs.id', '/attrs/id', ['id', 'attrs.id']]) {
      const rules = { '/at': list({ key }) };
      const [base, local, remote] = sides({ id: 1 }).map((at) => ({ at }));
      expect(() => merge<unknown>({ base, local, remote }, rules)).toThrow(TypeError);
      expect(() => merge<unknown>({ base, local, remote }, rules)).toThrow(/list at "\/at" has the key/);
      expect(merge<unknown>({ base, local, remote: base }, rules)).toEqual({ value: local, conflicts: [] });
    }
    // A list without items says nothing of its key.
    expect(by(list({ key: 'nowhere' }), [], 1, [])).toBe(1);
    expect(by(list({ key: 'nowhere' }), [], [1], [2])).toBe('conflict');
  });

  it('of several members needs them all, and they stay apart', () => {
    const rule = list({ key: ['x', 'y'] });
    expect(by(rule, ...sides({ x: 1, y: 2 }))).toEqual([{ x: 1, y: 2, a: 1, b: 2 }]);
    expect(by(rule, [...sides({ x: 1 })[0], { x: 1, y: 3 }], [], [{ x: 2, y: 2 }])).toBe('conflict');
    expect(by(rule, [], [{ x: 'a,b', y: 'c' }], [{ x: 'a', y: 'b,c' }])).toHaveLength(2);
  });
});

describe('an array by a rule for arrays', () => {
  const item = { id: 1 };

  it.each([
    ['set', set()],
    ['list', list({ key: 'id' })],
    ['sequence', sequence()],
  ])('is a conflict where any side is none: %s', (_, rule) => {
    expect(by(rule, [item], 'text', [])).toBe('conflict');
    expect(by(rule, [item], [], 'text')).toBe('conflict');
    expect(by(rule, 'text', [item], [])).toBe('conflict');
  });

  it.each([
    ['set', set(), [item]],
    ['list', list({ key: 'id' }), [item]],
    ['sequence', sequence(), [item]],
  ])('may be new on both sides: %s', (_, rule, expected) => {
    const at = (value: unknown) => (value === undefined ? {} : { at: value });
    const { value, conflicts } = merge<unknown>(
      { base: {}, local: at([item]), remote: at([]) },
      { '/at': rule },
    );
    expect(conflicts).toEqual([]);
    expect(value).toEqual({ at: expected });
  });
});
