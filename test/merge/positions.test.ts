import { describe, expect, it } from 'vitest';
import { applyJsonPatch, jsonPatch } from '../../src/merge/json-patch.ts';
import { absent, merge, threeWay } from '../../src/merge.ts';

describe('a JSON Patch without a base', () => {
  const { apply } = jsonPatch();
  const remote = {
    items: Array.from({ length: 20 }, (_, n) => ({ n })),
    a: { 1: 1 },
    a1: 1,
    '1a': 1,
    '-b': 1,
  };

  it.each(['/items/0', '/items/12', '/items/-'])('can’t be applied where it goes by position: %s', (path) => {
    expect(apply([{ op: 'add', path, value: 1 }], undefined, remote)).toEqual({ kind: 'base-unknown' });
  });

  it('can’t be applied where it moves or copies from a position, or any of several does', () => {
    const move = { op: 'move', from: '/items/3', path: '/moved' };
    const replace = { op: 'replace', path: '/a1', value: 2 };
    expect(apply([move], undefined, remote)).toEqual({ kind: 'base-unknown' });
    expect(apply([replace, move], undefined, remote)).toEqual({ kind: 'base-unknown' });
  });

  it.each(['/a1', '/1a', '/-b'])('is applied to what the server has where it goes by name: %s', (path) => {
    expect(apply([{ op: 'replace', path, value: 2 }], undefined, remote).kind).toBe('patched');
  });
});

describe('an operation that can’t be done', () => {
  it.each([
    [{ op: 'add', path: '/a/b', value: 1 }, '/a/b'],
    [{ op: 'add', path: '/a~2', value: 1 }, '/a~2'],
    [{ op: 'move', from: '/constructor', path: '/b' }, '/b'],
    [{ op: 'remove', path: '' }, ''],
  ])('fails as data, and says where: %j', (operation, at) => {
    expect(applyJsonPatch({ a: null }, [operation])).toEqual({ kind: 'patch-error', at });
  });

  it('fails where the patch is none, too', () => {
    expect(applyJsonPatch({}, 'text')).toEqual({ kind: 'patch-error', at: '' });
  });
});

describe('a merge that gives up', () => {
  const sides = { base: { a: 1, b: 1 }, local: { a: 2, b: 2 }, remote: { a: 3, b: 3 } };

  it('says at how many places', () => {
    expect(threeWay<unknown>()(sides)).toMatchObject({
      reason: 'Both sides changed 2 places, and differently.',
    });
    const one = { ...sides, remote: { a: 3, b: 1 } };
    expect(threeWay<unknown>()(one)).toMatchObject({
      kind: 'give-up',
      reason: 'Both sides changed one place, and differently.',
    });
  });

  it('is refused where a rule removes the whole document', () => {
    expect(() => merge<unknown>(sides, { '': () => absent })).toThrow('Use DELETE');
  });
});
