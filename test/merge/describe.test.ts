import { describe, expect, it } from 'vitest';
import { absent, describeConflicts, unknownBase } from '../../src/merge.ts';

const told = (value: unknown, options = {}): string | undefined =>
  describeConflicts([{ path: '/at', base: value, local: 1, remote: 2 }], options)
    .split('\n')[1]
    ?.replace(/^ +before: +/, '');

describe('a conflict in words', () => {
  it('has its place and its three sides, one under the other', () => {
    const conflicts = [
      { path: '/n', base: 1, local: { a: [2] }, remote: absent },
      { path: '', base: unknownBase, local: 'x', remote: null },
    ];
    expect(describeConflicts(conflicts)).toBe(
      [
        '/n',
        '  before: 1',
        '  yours:  {"a":[2]}',
        '  theirs: (nothing)',
        '',
        '(the whole)',
        '  before: (not known)',
        '  yours:  "x"',
        '  theirs: null',
      ].join('\n'),
    );
  });

  it('cuts a value that is too wide, and no other', () => {
    expect(told('x'.repeat(58))).toBe(`"${'x'.repeat(58)}"`);
    expect(told('x'.repeat(59))).toBe(`"${'x'.repeat(59)}…`);
    expect(told('abcdef', { width: 4 })).toBe('"abc…');
  });

  it('shows a big integer as the number it is, and what JSON has no word for by its name', () => {
    expect(told({ n: 9007199254740993n, m: [-12n] })).toBe('{"n":9007199254740993,"m":[-12]}');
    expect(told(undefined)).toBe('undefined');
  });

  it('is told in the words of the application', () => {
    const words = { base: 'vorher', absent: 'nichts' };
    const text = describeConflicts([{ path: '/a', base: absent, local: 1, remote: 2 }], { words });
    expect(text).toBe('/a\n  vorher: nichts\n  yours:  1\n  theirs: 2');
  });
});
