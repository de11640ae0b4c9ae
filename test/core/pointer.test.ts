import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, formatPointer, parsePointer, valueAt, withValueAt } from '../../src/core/pointer.ts';

describe('a JSON Pointer', () => {
  const document: unknown = JSON.parse(
    '{"foo":["bar","baz"],"null":null,"":0,"a/b":1,"c%d":2,"e^f":3,"m~n":8,"__proto__":{"own":true}}',
  );

  // The examples of RFC 6901 §5.
  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/m~0n', 8],
    ['/__proto__/own', true],
    ['/missing', absent],
    ['/foo/2', absent],
    ['/null/x', absent],
    ['/foo/length/x', absent],
    ['/foo/0/0', absent],
    ['/toString', absent],
    ['/constructor', absent],
  ])('%j finds just that', (pointer, expected) => {
    expect(valueAt(document, parsePointer(pointer))).toEqual(expected);
  });

  it.each(['foo', '/a~', '/a~2b', '#/a'])('%j is none', (text) => {
    expect(() => parsePointer(text)).toThrow(SyntaxError);
    expect(() => parsePointer(text)).toThrow(JSON.stringify(text));
  });

  it('survives being written and parsed again', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (path) => {
        expect(parsePointer(formatPointer(path))).toEqual(path);
      }),
    );
  });
});

describe('a document with a new value at a path', () => {
  it('has it there, and all else as it was; the original is untouched', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.string(), { minLength: 1 }),
        (document, path) => {
          const before = structuredClone(document);
          const after = withValueAt(document, path, 'new') as Record<string, unknown>;
          expect(valueAt(after, path)).toBe('new');
          expect(document).toEqual(before);
          for (const key of Object.keys(document))
            if (key !== path[0]) expect(after[key]).toEqual(document[key]);
        },
      ),
    );
  });

  it('has it inside an array, too', () => {
    expect(withValueAt({ a: [1, { b: 2 }] }, ['a', '1', 'b'], 3)).toEqual({ a: [1, { b: 3 }] });
  });

  it('lacks what was there when the new value is nothing, and is the same where nothing was there', () => {
    const document = { a: 1, b: [1, 2, { c: 3 }] };
    const members = (value: unknown): readonly PropertyKey[] => Reflect.ownKeys(value as object);
    expect(members(withValueAt(document, ['a'], absent))).toEqual(['b']);
    expect(withValueAt(document, ['b', '0'], absent)).toEqual({ a: 1, b: [2, { c: 3 }] });
    expect(withValueAt(document, ['b', '2', 'c'], absent)).toEqual({ a: 1, b: [1, 2, {}] });
    expect(withValueAt(document, ['x', 'y'], absent)).toBe(document);
  });

  it('has an object in place of what can have no members', () => {
    expect(withValueAt({ a: 'text' }, ['a', 'b'], 1)).toEqual({ a: { b: 1 } });
    expect(withValueAt(null, ['b'], 1)).toEqual({ b: 1 });
  });

  it('pollutes nothing by __proto__', () => {
    const after = withValueAt({}, ['__proto__', 'polluted'], true);
    expect('polluted' in {}).toBe(false);
    expect(Object.hasOwn(after as object, '__proto__')).toBe(true);
    expect(JSON.stringify(after)).toBe('{"__proto__":{"polluted":true}}');
  });
});
