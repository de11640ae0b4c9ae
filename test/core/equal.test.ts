import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/core/canonical.ts';
import { equal } from '../../src/core/equal.ts';

describe('two JSON values', () => {
  it.each([
    ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    ['1', '1.0'],
    ['100', '1e2'],
    ['0', '-0'],
    ['[]', '[ ]'],
  ])('%s and %s are the same', (one, other) => {
    expect(equal(JSON.parse(one), JSON.parse(other))).toBe(true);
  });

  it.each([
    ['null', '0'],
    ['0', 'false'],
    ['""', '0'],
    ['{"a":null}', '{}'],
    ['{}', '[]'],
    ['null', '{}'],
    ['[1,2]', '[2,1]'],
    ['[1]', '[1,2]'],
    ['[]', '{"length":0}'],
    ['{"toString":1}', '{"x":1}'],
    ['{"__proto__":1}', '{"__proto__":2}'],
  ])('%s and %s are not', (one, other) => {
    expect(equal(JSON.parse(one), JSON.parse(other))).toBe(false);
    expect(equal(JSON.parse(other), JSON.parse(one))).toBe(false);
  });

  it('are the same exactly where their canonical texts are', () => {
    const canonical = (value: unknown): string =>
      JSON.stringify(value, (_, item: unknown) =>
        item !== null && typeof item === 'object' && !Array.isArray(item)
          ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
          : item,
      );
    const small = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, 0, 1, '', 'a', false, true),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(small, small, (one, other) => equal(one, other) === (canonical(one) === canonical(other))),
      {
        numRuns: 2000,
      },
    );
  });

  it('may have holes, which are read as undefined', () => {
    const holed = (...rest: readonly unknown[]): unknown => {
      const list: unknown[] = [];
      list.length = 1;
      return list.concat(rest);
    };
    expect(equal(holed(1), [5, 1])).toBe(false);
    expect(equal([5, 1], holed(1))).toBe(false);
    expect(equal(holed(1), [null, 1])).toBe(false);
    expect(equal(holed(1), holed(1))).toBe(true);
    expect(equal(holed(1), [undefined, 1])).toBe(true);
    expect(canonical(holed(1))).toBe(canonical([undefined, 1]));
    expect(canonical(holed(1))).not.toBe(canonical([1]));
  });

  it('may be bytes', () => {
    expect(equal(new Uint8Array([1, 2]), new Uint8Array([1, 2]))).toBe(true);
    expect(equal(new Uint8Array([1, 2]), new Uint8Array([1, 3]))).toBe(false);
    expect(equal(new Uint8Array([1]), new Uint8Array([1, 3]))).toBe(false);
    expect(equal(new Uint8Array([1]), [1])).toBe(false);
    expect(equal([1], new Uint8Array([1]))).toBe(false);
  });
});
