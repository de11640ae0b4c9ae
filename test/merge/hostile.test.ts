import { describe, expect, it } from 'vitest';
import {
  applyMergePatch,
  diff,
  equal,
  list,
  max,
  merge,
  sequence,
  set,
  threeWay,
  type Rules,
} from '../../src/merge.ts';

function parsed(json: string): unknown {
  return JSON.parse(json);
}

function nested(depth: number, leaf: unknown, wrap: (inner: unknown) => unknown = (a) => ({ a })): unknown {
  let value = leaf;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

describe('a document with names of the prototype', () => {
  const base = parsed('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"toString":"s"}');
  const local = parsed(
    '{"__proto__":{"x":2},"constructor":{"prototype":{"x":1}},"toString":"s","hasOwnProperty":1}',
  );
  const remote = parsed('{"__proto__":{"x":1,"y":3},"constructor":{"prototype":{"x":9}},"valueOf":7}');

  it('merges them as ordinary members', () => {
    const { value, conflicts } = merge({ base, local, remote });
    expect(JSON.stringify(value)).toBe(
      '{"__proto__":{"x":2,"y":3},"constructor":{"prototype":{"x":9}},"valueOf":7,"hasOwnProperty":1}',
    );
    expect(conflicts).toEqual([]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('tells an absent name from the inherited one', () => {
    const [none, one] = [{}, parsed('{"__proto__":{"x":1},"constructor":1}')];
    expect(JSON.stringify(merge({ base: none, local: one, remote: none }).value)).toBe(JSON.stringify(one));
    expect(JSON.stringify(merge({ base: one, local: none, remote: one }).value)).toBe('{}');
    expect(equal(parsed('{"__proto__":null}'), parsed('{"toString":null}'))).toBe(false);
    expect(equal(parsed('{"__proto__":{}}'), parsed('{"x":{}}'))).toBe(false);
    const keyed = parsed('[{"__proto__":{"id":1}},{"__proto__":{"id":1}}]');
    expect(() =>
      merge({ base: keyed, local: [], remote: [...(keyed as []), 1] }, { '': list({ key: 'id' }) }),
    ).toThrow(/No item .* has the key/);
  });

  it('patches and diffs them as ordinary members', () => {
    const patch = diff(base, local);
    expect(JSON.stringify(patch)).toBe('{"__proto__":{"x":2},"hasOwnProperty":1}');
    expect(JSON.stringify(applyMergePatch(base, patch))).toBe(JSON.stringify(local));
    expect(JSON.stringify(applyMergePatch({}, parsed('{"constructor":{"x":1},"__proto__":{"y":1}}')))).toBe(
      '{"constructor":{"x":1},"__proto__":{"y":1}}',
    );
  });

  it('finds rules for them', () => {
    const of = (x: number) => parsed(`{"__proto__":{"x":${x}}}`);
    expect(
      JSON.stringify(merge({ base: of(1), local: of(2), remote: of(3) }, { '/__proto__/x': max() }).value),
    ).toBe('{"__proto__":{"x":3}}');
    expect(
      merge({ base: of(1), local: of(2), remote: of(3) }, { '/constructor': max() }).conflicts,
    ).toHaveLength(1);
  });
});

describe('a document that is too deep', () => {
  const deep = (leaf: unknown, wrap?: (inner: unknown) => unknown) => nested(100_000, leaf, wrap);

  it('is refused with the limit and the place, not by the stack', () => {
    const sides = { base: deep(1), local: deep(2), remote: deep(3) };
    expect(() => merge(sides)).toThrow(/^Nested deeper than 500 levels at \/a\/a.*Raise maxDepth/);
    expect(() => merge(sides, {}, { maxDepth: 5 })).toThrow('Nested deeper than 5 levels at /a/a/a/a/a.');
    expect(() => merge<unknown>({ base: 1, local: deep(2), remote: 3 })).toThrow(RangeError);
  });

  it('is refused by every rule', () => {
    const arrays = (leaf: unknown) => deep(leaf, (inner) => [inner]);
    const all: Rules[] = [
      { '': set() },
      { '': sequence() },
      { '': list({ key: 'id' }) },
      { '': () => 1 },
      {},
    ];
    for (const rules of all) {
      expect(() => merge({ base: arrays(1), local: arrays(2), remote: arrays(3) }, rules)).toThrow(
        /Nested deeper/,
      );
    }
  });

  it('is refused by diff and merge patch', () => {
    expect(() => diff({}, deep(1))).toThrow(/Nested deeper/);
    expect(() => applyMergePatch({}, deep(1))).toThrow(/Nested deeper/);
  });

  it('can be compared', () => {
    expect(equal(deep(1), deep(1))).toBe(true);
    expect(equal(deep(1), deep(2))).toBe(false);
  });

  it('may have a thousand levels where that is asked for, and no more', () => {
    const rules: Rules = { '': list({ key: 'id' }) };
    const chain = (leaf: unknown, depth = 990) => nested(depth, leaf);
    expect(
      merge({ base: chain(1), local: chain(2), remote: chain(1) }, {}, { maxDepth: 1000 }).conflicts,
    ).toEqual([]);
    const items = (leaf: unknown) => [{ id: 1, of: chain(leaf) }];
    expect(
      merge<unknown>({ base: items(1), local: items(2), remote: items(1) }, rules, { maxDepth: 1000 })
        .conflicts,
    ).toEqual([]);
    expect(() => merge({ base: 0, local: chain(2, 1100), remote: 1 }, {}, { maxDepth: 1e9 })).toThrow(
      /1000 levels/,
    );
  });

  it('includes one that contains itself', () => {
    const loop: Record<string, unknown> = { a: 1 };
    loop.self = loop;
    const other: Record<string, unknown> = { a: 2 };
    other.self = other;
    expect(() => merge({ base: { a: 1 }, local: loop, remote: other })).toThrow(/Nested deeper/);
  });
});

describe('a document that is too large', () => {
  it('is refused with the limit and the place', () => {
    const list = (value: number) => ({ list: Array.from({ length: 100 }, () => value) });
    expect(() => merge({ base: list(1), local: list(2), remote: list(3) }, {}, { maxValues: 150 })).toThrow(
      'More than 150 values at /list. Raise maxValues if that is meant.',
    );
    const wide = (value: number) => Object.fromEntries(list(value).list.map((_, index) => [index, value]));
    expect(() => merge({ base: wide(1), local: wide(2), remote: wide(3) }, {}, { maxValues: 150 })).toThrow(
      /150 values at the root/,
    );
    expect(
      merge({ base: wide(1), local: wide(2), remote: wide(1) }, {}, { maxValues: 300 }).conflicts,
    ).toEqual([]);
  });
});

describe('a value that a parser of ones own made', () => {
  class Decimal {
    readonly digits: string;
    constructor(digits: string) {
      this.digits = digits;
    }
    toString() {
      return this.digits;
    }
  }

  function threeOf(base: unknown, local: unknown, remote: unknown) {
    return merge<unknown>({
      base: { n: base, m: 1 },
      local: { n: local, m: 1 },
      remote: { n: remote, m: 2 },
    });
  }

  it('survives, if it is a big integer, and is the number it is', () => {
    const big = 9007199254740993n;
    expect(threeOf(1n, big, 1).value).toEqual({ n: big, m: 2 });
    expect(threeOf(1, 1n, big).value).toEqual({ n: big, m: 2 });
    expect(threeOf(big, big - 1n, 9007199254740992).conflicts).toEqual([]);
    expect(threeOf(big, big + 1n, big + 2n).conflicts).toHaveLength(1);
    expect(equal([1n, 2], [1, 2n])).toBe(true);
    expect(equal(9007199254740993n, 9007199254740992)).toBe(false);
    expect(merge<unknown>({ base: [], local: [1n, big], remote: [1, 2] }, { '': set() }).value).toEqual([
      1,
      2,
      big,
    ]);
  });

  it('is one value, if it is an instance of a class', () => {
    const [one, two, three] = ['1.0', '2.0', '3.0'].map((digits) => new Decimal(digits));
    expect(threeOf(one, new Decimal('1.0'), two).value).toEqual({ n: two, m: 2 });
    expect(threeOf(one, two, new Decimal('1.0'))).toMatchObject({ value: { n: two }, conflicts: [] });
    expect(threeOf(one, two, three).conflicts).toEqual([
      { path: '/n', base: one, local: two, remote: three },
    ]);
    const at = (time: number) => new Date(time);
    expect(threeOf(at(1), at(1), at(2)).value).toEqual({ n: at(2), m: 2 });
    expect(threeOf(at(1), at(3), at(2)).conflicts).toHaveLength(1);
  });

  it('is one value, if it is raw JSON', () => {
    const raw = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON;
    const { value } = threeOf(raw('1'), raw('12345678901234567890'), raw('1'));
    expect(JSON.stringify(value)).toBe('{"n":12345678901234567890,"m":2}');
    expect(threeOf(raw('1'), raw('2'), raw('3')).conflicts.map(({ path }) => path)).toEqual(['/n']);
  });

  it('is never the same as another one where nothing tells them apart', () => {
    const [one, two] = [new Map([[1, 2]]), new Map([[1, 3]])];
    expect(equal(one, two)).toBe(false);
    expect(threeOf(new Map(), one, two).conflicts).toHaveLength(1);
    expect(threeOf(one, one, 2).value).toEqual({ n: 2, m: 2 });
    const inSet = (value: unknown) => () =>
      merge<unknown>({ base: [], local: [value], remote: [1] }, { '': set() });
    expect(inSet(one)).toThrow("A Map is no JSON value and can't be compared with another one.");
    expect(inSet(() => 1)).toThrow('A function is no JSON value');
  });

  it('may come from another realm', async () => {
    const { runInNewContext } = await import('node:vm');
    const foreign = runInNewContext('({ a: { b: 1 }, c: [1] })') as { a: { b: number }; c: number[] };
    const { value, conflicts } = merge<unknown>({
      base: foreign,
      local: { a: { b: 1, d: 2 }, c: [1] },
      remote: { ...foreign, e: 3 },
    });
    expect([JSON.stringify(value), conflicts]).toEqual(['{"a":{"b":1,"d":2},"c":[1],"e":3}', []]);
  });
});

describe('a table of rules', () => {
  it('may hold more than it finds', () => {
    const rules = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`/x/${index}/*`, max()]));
    expect(threeWay<unknown>(rules)({ base: { x: [] }, local: { x: [1] }, remote: { x: [] } })).toEqual({
      x: [1],
    });
  });
});
