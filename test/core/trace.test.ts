import { describe, expect, it } from 'vitest';
import { absent } from '../../src/core/pointer.ts';
import { trace } from '../../src/core/trace.ts';

describe('what became of a change', () => {
  it.each<[string, unknown, unknown, unknown, string]>([
    ['nothing was changed', { a: 1 }, { a: 1 }, { a: 7 }, 'there'],
    ['it is there', { a: 1 }, { a: 2 }, { a: 2, b: 7 }, 'there'],
    ['it is as it was', { a: 1 }, { a: 2 }, { a: 1, b: 7 }, 'back'],
    ['something else stands there', { a: 1 }, { a: 2 }, { a: 3 }, 'over'],
    ['one of two is as it was', { a: 1, b: 1 }, { a: 2, b: 2 }, { a: 2, b: 1 }, 'back'],
    ['one of two is another', { a: 1, b: 1 }, { a: 2, b: 2 }, { a: 2, b: 3 }, 'over'],
    ['a member is gone, as it was to be', { a: 1, b: 1 }, { a: 1 }, { a: 1 }, 'there'],
    ['a member is back that was removed', { a: 1, b: 1 }, { a: 1 }, { a: 1, b: 1 }, 'back'],
    ['a member that was added is gone', { a: 1 }, { a: 1, b: 2 }, { a: 1 }, 'back'],
    ['null is no absence', {}, { a: null }, {}, 'back'],
    ['nobody knows what was there', undefined, { a: 2 }, { a: 1 }, 'back'],
    ['nobody knows, and it is there', undefined, { a: 2 }, { a: 2 }, 'there'],
    ['what was to be deleted is another', { a: 1 }, absent, { a: 2 }, 'over'],
    ['what was to be deleted is there', { a: 1 }, absent, { a: 1 }, 'back'],
    ['an item is there among others', [1], [1, 2], [2, 1, 3], 'there'],
    ['an item is missing among others', [1], [1, 2], [1, 3], 'back'],
    ['only the order was changed', [1, 2], [2, 1], [1, 2, 3], 'back'],
    ['a line is there among others', 'a\nb', 'a\nc', 'a\nc\nd', 'there'],
    ['a line is missing among others', 'a\nb', 'a\nc', 'a\nb\nd', 'back'],
  ])('%s', (_, before, after, now, became) => {
    expect(trace(before, after, now)).toBe(became);
  });

  it('is looked into within one bound for all lists together', () => {
    const list = (last: number) => [...Array.from({ length: 300 }, (_, index) => index), last];
    const lists = (count: number, last: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`list${index}`, list(last)]));
    const seen = (count: number) =>
      trace(lists(count, -1), lists(count, -2), JSON.parse(JSON.stringify(lists(count, -2)).replaceAll('-2]', '-2,-3]'))); // prettier-ignore
    expect(seen(2)).toBe('there');
    // What is past it counts as back: nothing is written again that nobody has looked into.
    expect(seen(20)).toBe('back');
  });

  it('compares each value a few times, however deep it is', () => {
    let reads = 0;
    const nested = (value: number, depth: number): object => {
      let state: object = {
        get leaf() {
          reads += 1;
          return value;
        },
      };
      for (let level = 0; level < depth; level += 1) state = { in: state };
      return state;
    };
    const readsAt = (depth: number): number => {
      reads = 0;
      expect(trace(nested(1, depth), nested(2, depth), nested(3, depth))).toBe('over');
      return reads;
    };
    expect(readsAt(500)).toBe(readsAt(5));
  });
});
