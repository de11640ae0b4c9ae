import { describe, expect, it } from 'vitest';
import { counter, max, merge, min, type Rule } from '../../src/merge.ts';

/** Merges one field by one rule; `'conflict'` where it can't. */
function by(rule: Rule, base: unknown, local: unknown, remote: unknown): unknown {
  const { value, conflicts } = merge<unknown>({ base, local, remote }, { '': rule });
  return conflicts.length > 0 ? 'conflict' : value;
}

describe('a counter', () => {
  it('is a big integer where one side spells it so', () => {
    expect(by(counter(), 1, 2n, 3)).toBe(4n);
    expect(by(counter(), 1n, 2, 3)).toBe(4n);
  });

  it('is exact for decimals, however small', () => {
    expect(by(counter(), 0, 0.1, 0.2)).toBe(0.3);
    expect(by(counter(), 0, 1e-7, 2e-7)).toBe(3e-7);
    expect(by(counter(), 0, 1e-200, 1e-200)).toBe(2e-200);
  });

  it('is a conflict where no number holds the sum', () => {
    expect(by(counter(), 0, 1.5e308, 1.6e308)).toBe('conflict');
    expect(by(counter(), 0, Number.MAX_SAFE_INTEGER, 2)).toBe('conflict');
    expect(by(counter(), 0, Infinity, 2)).toBe('conflict');
    expect(by(counter(), 0, '1', 2)).toBe('conflict');
  });
});

describe('the smaller one, and the larger one', () => {
  it('are taken from either side', () => {
    expect([by(min(), 5, 3, 4), by(min(), 5, 4, 3)]).toEqual([3, 3]);
    expect([by(max(), 5, 7, 6), by(max(), 5, 6, 7)]).toEqual([7, 7]);
    expect([by(min(), 'm', 'a', 'b'), by(max(), 'm', 'x', 'y')]).toEqual(['a', 'y']);
  });

  it('are none of what has no order', () => {
    for (const rule of [min(), max()]) {
      expect(by(rule, 1, '2', 3)).toBe('conflict');
      expect(by(rule, 1, NaN, 3)).toBe('conflict');
      expect(by(rule, null, true, false)).toBe('conflict');
    }
  });
});
