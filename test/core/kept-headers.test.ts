import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepHeaders } from '../../src/shell/kept-headers.ts';

/** Names and values as people write them, and as nobody should. */
const name = fc.oneof(
  fc.constantFrom('If-Match', 'if-match', 'IF-MATCH', 'Content-Type', 'x_1', 'a b', '', 'é'),
  fc.string({ maxLength: 6 }),
);
const value = fc.oneof(
  fc.constantFrom('"v1"', ' "v1"\t', '', 'a, b', 'a\nb', '\u00e9', '\u2713', 'a\0'),
  fc.string({ maxLength: 8 }),
);
const records = fc.dictionary(name, value, { maxKeys: 5 });

/** What there is to see of headers, or that there are none. */
function seen(make: () => { get(name: string): unknown; has(name: string): boolean } & Iterable<string[]>) {
  try {
    const headers = make();
    const names = [...headers].map(([name]) => name ?? '');
    return names.map((name) => [name, headers.get(name), headers.has(name)]).toSorted();
  } catch (error) {
    return (error as Error).name;
  }
}

describe('headers that are kept', () => {
  it('tell what Headers would, and throw where these do', () => {
    fc.assert(
      fc.property(records, (given) => {
        expect(seen(() => keepHeaders(given))).toEqual(seen(() => new Headers(given)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keep a header that came twice in Headers', () => {
    const given = new Headers([
      ['Accept', 'a'],
      ['accept', 'b'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ]);
    expect([...keepHeaders(given)]).toEqual([...given]);
  });

  it.each([
    ['a record', { 'If-Match': '"v1"' }],
    ['pairs', [['If-Match', '"v1"']]],
    ['Headers', new Headers({ 'If-Match': '"v1"' })],
  ] as [string, HeadersInit][])('are as they were when %s was given', (_, given) => {
    const kept = keepHeaders(given);
    if (given instanceof Headers) given.set('if-match', '"v2"');
    else if (Array.isArray(given)) given[0] = ['if-match', '"v2"'];
    else given['If-Match'] = '"v2"';
    expect(kept.get('if-match')).toBe('"v1"');
    expect(kept.has('x-none')).toBe(false);
  });
});
