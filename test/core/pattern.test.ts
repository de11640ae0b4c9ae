import { expect, it } from 'vitest';
import { compilePattern, splitPattern } from '../../src/core/pattern.ts';

it.each(['notes/:', 'notes/:a-b', 'a/*/b', 'a*', 'notes?x', 'notes#x', 'a/:id*'])(
  '%j is no path pattern',
  (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(/Not a path pattern: .*Write 'notes\/:id' or 'files\/\*'/);
  },
);

it.each(['', '/', 'notes', '/notes/', 'a/:b/c', 'files/*', '*', 'a.b/(c)'])('%j is one', (pattern) => {
  expect(compilePattern(pattern)('/nowhere/near')).toBe(pattern === '*');
});

it.each([
  ['https://api.test/notes/:id', 'https://api.test', 'notes/:id'],
  ['http://localhost:8080/files/*', 'http://localhost:8080', 'files/*'],
  ['https://api.test/', 'https://api.test', ''],
  ['notes/:id', undefined, 'notes/:id'],
  ['/notes/:id', undefined, '/notes/:id'],
  ['https://api.test', undefined, 'https://api.test'],
])('%j is for the origin %j, and there for %j', (path, origin, pattern) => {
  expect(splitPattern(path)).toEqual({ ...(origin && { origin }), pattern });
});
