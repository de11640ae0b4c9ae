import { describe, expect, it } from 'vitest';
import { withMembersOf, withoutMembers } from '../../src/core/members.ts';

describe('a state without its members', () => {
  it.each<[unknown, readonly string[], unknown]>([
    [{ a: 1, at: 2 }, ['/at'], { a: 1 }],
    [{ a: 1, meta: { at: 2, by: 3 } }, ['/meta/at'], { a: 1, meta: { by: 3 } }],
    [{ a: 1 }, ['/at', '/meta/at'], { a: 1 }],
    [{ rows: { x: { at: 1 }, y: { at: 2, b: 3 } } }, ['/rows/*/at'], { rows: { x: {}, y: { b: 3 } } }],
    [{ rows: [{ at: 1, b: 2 }, { at: 3 }, 4] }, ['/rows/*/at'], { rows: [{ b: 2 }, {}, 4] }],
    [{ rows: [1, 2, 3] }, ['/rows/*'], { rows: [] }],
    [{ 'a/b': 1, c: 2 }, ['/a~1b'], { c: 2 }],
    ['text', ['/at'], 'text'],
    [null, ['/at'], null],
    [undefined, ['/at'], undefined],
  ])('%j at %j: %j', (state, pointers, left) => {
    const before = structuredClone(state);
    expect(withoutMembers(state, pointers)).toEqual(left);
    expect(state).toEqual(before);
  });
});

describe('a state with the members of another', () => {
  it.each<[unknown, unknown, readonly string[], unknown]>([
    [{ a: 1, at: 1 }, { a: 9, at: 2 }, ['/at'], { a: 1, at: 2 }],
    [{ a: 1 }, { at: 2 }, ['/at'], { a: 1, at: 2 }],
    [{ a: 1, at: 1 }, { a: 9 }, ['/at'], { a: 1 }],
    [{ a: 1 }, { a: 9 }, ['/at'], { a: 1 }],
    [{ meta: { by: 1 } }, { meta: { at: 2, by: 9 } }, ['/meta/at'], { meta: { by: 1, at: 2 } }],
    // There is no place for it.
    [{ a: 1 }, { meta: { at: 2 } }, ['/meta/at'], { a: 1 }],
    [{ meta: { at: 1 } }, { a: 9 }, ['/meta/at'], { meta: { at: 1 } }],
    [
      { rows: { x: { at: 1 }, mine: { at: 1 } } },
      { rows: { x: { at: 2 }, theirs: { at: 3 } } },
      ['/rows/*/at'],
      { rows: { x: { at: 2 }, mine: { at: 1 } } },
    ],
    // The same index may hold another item.
    [{ rows: [{ at: 1 }] }, { rows: [{ at: 2 }] }, ['/rows/*/at'], { rows: [{ at: 1 }] }],
    ['text', { at: 2 }, ['/at'], 'text'],
    [undefined, { at: 2 }, ['/at'], undefined],
    [{ at: 1 }, undefined, ['/at'], { at: 1 }],
  ])('%j, as %j, at %j: %j', (state, other, pointers, levelled) => {
    const before = structuredClone([state, other]);
    expect(withMembersOf(state, other, pointers)).toEqual(levelled);
    expect([state, other]).toEqual(before);
  });
});
