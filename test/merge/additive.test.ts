import { describe, expect, it } from 'vitest';
import { defineStrategy } from '../../src/core/resolution.ts';
import {
  counter,
  keepLocal,
  keepRemote,
  list,
  max,
  sequence,
  set,
  text,
  threeWay,
  type Rules,
} from '../../src/merge.ts';

const additive = (rules: Rules, repeatable?: boolean): boolean =>
  threeWay<unknown>(rules, repeatable === undefined ? {} : { repeatable }).additive;

describe('a strategy', () => {
  it('adds up where a rule does, wherever that stands', () => {
    expect(additive({ '/n': counter() })).toBe(true);
    expect(additive({ '/l': sequence() })).toBe(true);
    expect(additive({ '': counter() })).toBe(true);
    expect(additive({ '/a': max(), '/l/*/n': counter(), '/z': set() })).toBe(true);
    expect(additive({ '/n': threeWay<unknown>({ '/m': counter() }) })).toBe(true);
  });

  it('doesn’t where equal changes come to the same', () => {
    expect(additive({})).toBe(false);
    expect(additive({ '/a': max(), '/s': set(), '/l': list({ key: 'id' }), '/t': text() })).toBe(false);
    expect(additive({ '/a': keepLocal(), '/b': keepRemote(), '/c': (_, local) => local })).toBe(false);
    expect(additive({ '/n': threeWay<unknown>({ '/m': max() }) })).toBe(false);
  });

  it('doesn’t where its maker says that it is safe to apply twice', () => {
    expect(additive({ '/n': counter() }, true)).toBe(false);
    expect(additive({ '/n': counter() }, false)).toBe(true);
  });

  it('is not safe to apply twice where nobody says so, and doesn’t add up either', () => {
    const { repeatable, additive } = defineStrategy(({ local }) => local);
    expect({ repeatable, additive }).toEqual({ repeatable: false, additive: false });
  });
});
