import { expect, it } from 'vitest';
import { compilePattern } from '../../src/core/pattern.ts';

it.each(['notes/:', 'notes/:a-b', 'a/*/b', 'a*', 'notes?x', 'notes#x', 'a/:id*'])(
  '%j is no path pattern',
  (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(/Not a path pattern: .*Write 'notes\/:id' or 'files\/\*'/);
  },
);

it.each(['', '/', 'notes', '/notes/', 'a/:b/c', 'files/*', '*', 'a.b/(c)'])('%j is one', (pattern) => {
  expect(compilePattern(pattern)('/nowhere/near')).toBe(pattern === '*');
});
