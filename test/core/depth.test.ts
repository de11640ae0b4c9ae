import { describe, expect, it } from 'vitest';
import { isTooDeep } from '../../src/core/depth.ts';

/** So many levels, of objects and arrays in turn. */
function nested(levels: number, leaf = '1'): string {
  const open = Array.from({ length: levels }, (_, level) => (level % 2 === 0 ? '{"a":' : '['));
  const close = Array.from({ length: levels }, (_, level) => (level % 2 === 0 ? '}' : ']')).reverse();
  return open.join('') + leaf + close.join('');
}

describe('JSON text', () => {
  it('may have a thousand levels, and no more', () => {
    expect(isTooDeep(nested(1000))).toBe(false);
    expect(isTooDeep(nested(1001))).toBe(true);
    expect(isTooDeep('['.repeat(100_000))).toBe(true);
    expect(isTooDeep('{"a":'.repeat(100_000))).toBe(true);
  });

  it('may have any number of values beside each other', () => {
    expect(isTooDeep(`[${Array.from({ length: 2000 }, () => '[{}]').join()}]`)).toBe(false);
  });

  it('may have brackets in its texts, and quotes', () => {
    const brackets = '['.repeat(2000);
    for (const text of [brackets, `"${brackets}`, `\\${brackets}`, `\\"{${brackets}`, '}'.repeat(2000)])
      expect(isTooDeep(JSON.stringify({ [text]: text }))).toBe(false);
  });

  it('is looked at past its texts', () => {
    for (const text of ['"', '\\', '\\"', '}]}]'])
      expect(isTooDeep(nested(1000, `[${JSON.stringify(text)},[]]`))).toBe(true);
  });
});
