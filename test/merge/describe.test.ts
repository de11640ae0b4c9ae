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

  it('says why, where it isn’t that both changed it, and where an item was', () => {
    const sides = { base: 0, local: 1, remote: 2 };
    expect(describeConflicts([{ path: '/body', ...sides, reason: 'too-large' }])).toMatch(
      /^\/body \(too large .*\)\n/,
    );
    expect(describeConflicts([{ path: '/n', ...sides, reason: 'out-of-range' }])).toMatch(
      /^\/n \(the sum .*\)\n/,
    );
    const moved = {
      path: '/done/0',
      base: { id: 1 },
      local: { id: 1 },
      remote: absent,
      reason: 'moved' as const,
      places: { base: '/todo/0', local: '/done/0' },
    };
    expect(describeConflicts([moved], { words: { moved: 'verschoben' } })).toBe(
      [
        '/done/0 (verschoben)',
        '  before: /todo/0 {"id":1}',
        '  yours:  /done/0 {"id":1}',
        '  theirs: (nothing)',
      ].join('\n'),
    );
    const unknown = { path: '/a', base: unknownBase, local: 1, remote: 2, reason: 'base-unknown' as const };
    expect(describeConflicts([unknown])).toBe('/a\n  before: (not known)\n  yours:  1\n  theirs: 2');
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
