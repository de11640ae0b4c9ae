import { describe, expect, it } from 'vitest';
import { createMeter } from '../../src/core/bounds.ts';

const path = (steps: number): string[] => Array.from({ length: steps }, () => 'step');

describe('a value past a bound', () => {
  it('is refused at its place, which is cut where it is long', () => {
    const { measure } = createMeter({ maxDepth: 3 });
    expect(() => measure([], { a: [1, { b: {} }] })).toThrow('deeper than 3 levels at /a/1/b.');
    expect(() => createMeter({ maxDepth: 16 }).measure(path(16), [])).toThrow(`at ${'/step'.repeat(16)}.`);
    expect(() => createMeter({ maxDepth: 17 }).measure(path(17), [])).toThrow(`at ${'/step'.repeat(16)}….`);
  });

  it('is refused at the last of its siblings, too', () => {
    const { measure } = createMeter({ maxDepth: 2 });
    expect(() => measure([], { a: [1], b: [2], c: [[3]] })).toThrow('at /c/0.');
  });

  it('is refused by the number of all values together', () => {
    const { measure } = createMeter({ maxValues: 4 });
    measure([], [1, 2]);
    measure([], [3, 4]);
    expect(() => measure([], [5])).toThrow('More than 4 values at the root. Raise maxValues');
  });
});
