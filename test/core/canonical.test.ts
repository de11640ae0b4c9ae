import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/core/canonical.ts';

describe('the canonical text of a value', () => {
  it.each([
    [1, 1n],
    [1e21, 10n ** 21n],
    [
      { a: [1, { b: 2 }], c: 3 },
      { c: 3, a: [1n, { b: 2 }] },
    ],
    [new Date(0), new Date(0)],
  ])('is the same for %o and %o', (one, other) => {
    expect(canonical(one)).toBe(canonical(other));
  });

  it.each([
    [1, '1'],
    [1.5, 1],
    [null, 'null'],
    [['a', 'b'], ['a,b']],
    [
      [1, 2],
      [[1], 2],
    ],
    [[], {}],
    ['', []],
    [['a'], ['a', '']],
    [['1:a'], ['1', 'a']],
    [{ a: 'b' }, { 'a=b': '' }],
    [{ a: 1, b: 2 }, { a: '1,1:b=2' }],
    [2 ** 53, 2 ** 53 + 2],
    [new Date(0), new Date(1)],
    [new Date(0), new Date(0).toJSON()],
  ])('is another for %o and %o', (one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });

  it.each([
    ['a function', () => 1, 'function'],
    ['a symbol', Symbol('s'), 'symbol'],
    ['a Map', new Map(), 'Map'],
  ])('is refused for %s, which nothing tells from its like', (_, value, name) => {
    expect(() => canonical([value])).toThrow(TypeError);
    expect(() => canonical([value])).toThrow(`A ${name} is no JSON value`);
  });
});
