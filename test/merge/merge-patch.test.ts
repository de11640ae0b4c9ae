import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMergePatch, diff, equal, merge } from '../../src/merge.ts';
import { document } from './arbitrary.ts';

/** RFC 7396, appendix A: original, patch, result. */
const vectors: readonly (readonly [string, string, string])[] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
];

describe('a merge patch', () => {
  for (const [target, patch, result] of vectors) {
    it(`${patch} turns ${target} into ${result}, as RFC 7396 says`, () => {
      const before: unknown = JSON.parse(target);
      expect(JSON.stringify(applyMergePatch(before, JSON.parse(patch)))).toBe(result);
      expect(JSON.stringify(before)).toBe(target);
    });
  }
});

describe('a diff', () => {
  it('says only what changed', () => {
    const base = { a: 1, b: { c: 2, d: 3 }, e: [1], f: null };
    expect(diff(base, { a: 1, b: { c: 4, d: 3 }, e: [1], f: null })).toEqual({ b: { c: 4 } });
    expect(diff(base, { a: 1, b: { d: 3 }, e: [1, 2], g: {} })).toEqual({
      b: { c: null },
      e: [1, 2],
      f: null,
      g: {},
    });
    expect(diff(base, structuredClone(base))).toEqual({});
  });

  it('is the value itself where that is no object', () => {
    expect([diff({ a: 1 }, 5), diff({ a: 1 }, null), diff(1, { a: 1 }), diff([1], {})]).toEqual([
      5,
      null,
      { a: 1 },
      {},
    ]);
  });

  it('is undefined where a member would have to become null', () => {
    expect(diff({ a: 1 }, { a: null })).toBeUndefined();
    expect(diff({}, { a: { b: null } })).toBeUndefined();
    expect(diff({}, { a: [null] })).toEqual({ a: [null] });
  });

  it('applied to its base gives the value, and no smaller patch does', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(document, document, (base, value) => {
        const patch = diff(base, value);
        if (patch === undefined) return hasNullMember(value);
        return (
          equal(applyMergePatch(base, patch), value) &&
          parts(patch).every((less) => !equal(applyMergePatch(base, less), value))
        );
      }),
      { numRuns: 20_000 },
    );
  });

  it('against the remote is what a merged patch sends', () => {
    const base = { title: 'a', size: 1, tags: ['x'] };
    const remote = { title: 'a', size: 2, tags: ['x', 'y'] };
    const local = applyMergePatch(base, { title: 'b', size: 2 });
    expect(diff(remote, merge<unknown>({ base, local, remote }).value)).toEqual({ title: 'b' });
  });
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasNullMember(value: unknown): boolean {
  return isObject(value) && Object.values(value).some((inner) => inner === null || hasNullMember(inner));
}

/** The patches that lack one member of a patch. */
function parts(patch: unknown): unknown[] {
  if (!isObject(patch)) return [];
  return Object.keys(patch).flatMap((key) => {
    const less = Object.fromEntries(Object.entries(patch).filter(([other]) => other !== key));
    const inner = parts(patch[key]).map((part) => Object.fromEntries([...Object.entries(less), [key, part]]));
    return [less, ...inner];
  });
}
