import { describe, expect, it } from 'vitest';
import {
  absent,
  counter,
  giveUp,
  isResolution,
  keepLocal,
  keepRemote,
  list,
  max,
  merge,
  sequence,
  set,
  text,
  threeWay,
  unknownBase,
  type Rules,
} from '../../src/merge.ts';

type Document = Record<string, unknown>;

function merged(base: Document | undefined, local: Document, remote: Document, rules: Rules = {}) {
  return merge<unknown>({ base, local, remote }, rules);
}

describe('two sides that changed different fields', () => {
  it('are both kept', () => {
    const base = { title: 'a', body: 'b', deep: { one: 1, two: 2 } };
    const local = { ...base, title: 'A', deep: { one: 10, two: 2 } };
    const remote = { ...base, body: 'B', deep: { one: 1, two: 20 } };
    expect(merged(base, local, remote)).toEqual({
      value: { title: 'A', body: 'B', deep: { one: 10, two: 20 } },
      conflicts: [],
    });
  });

  it('tell absent, null, and each falsy value apart', () => {
    for (const falsy of [null, false, 0, '']) {
      for (const before of [null, false, 0, '', 'full']) {
        if (before === falsy) continue;
        const base = { flag: before, other: 1 };
        expect(merged(base, { flag: falsy, other: 1 }, { flag: before, other: 2 }).value).toEqual({
          flag: falsy,
          other: 2,
        });
        expect(merged(base, { flag: before, other: 2 }, { flag: falsy, other: 1 }).value).toEqual({
          flag: falsy,
          other: 2,
        });
        expect(merged(base, { other: 1 }, { flag: before, other: 2 }).value).toEqual({ other: 2 });
        expect(merged({ other: 1 }, { flag: falsy, other: 1 }, { other: 2 }).value).toEqual({
          flag: falsy,
          other: 2,
        });
      }
    }
  });

  it('may spell numbers and order members as they like', () => {
    const base = { a: 1, b: { c: 10, d: 2 } };
    const remote = JSON.parse('{"b":{"d":2.0,"c":1e1},"a":1.0,"e":5}') as Document;
    const local = { a: 1, b: { c: 11, d: 2 } };
    expect(merged(base, local, remote)).toEqual({ value: { a: 1, b: { c: 11, d: 2 }, e: 5 }, conflicts: [] });
  });

  it('give back the remote itself where the local side changed nothing', () => {
    const remote = { a: { b: 2 }, c: [1] };
    expect(merged({ a: { b: 1 }, c: [1] }, { a: { b: 1 }, c: [1] }, remote).value).toBe(remote);
  });
});

describe('two sides that changed the same field', () => {
  it('agree when they made the same change', () => {
    expect(merged({ a: 1, l: [1] }, { a: 2, l: [2] }, { a: 2, l: [2] }).conflicts).toEqual([]);
    expect(merged({ a: 1 }, {}, {})).toEqual({ value: {}, conflicts: [] });
  });

  it('conflict, with the place and all three sides', () => {
    const { conflicts } = merged({ a: { 'x/y~': 1 } }, { a: { 'x/y~': 2 } }, { a: { 'x/y~': 3 } });
    expect(conflicts).toEqual([{ path: '/a/x~1y~0', base: 1, local: 2, remote: 3 }]);
  });

  it('conflict when one removed what the other edited', () => {
    expect(merged({ a: { x: 1 } }, {}, { a: { x: 2 } }).conflicts).toEqual([
      { path: '/a', base: { x: 1 }, local: absent, remote: { x: 2 } },
    ]);
    expect(merged({ a: { x: 1 } }, { a: { x: 2 } }, {}).conflicts).toEqual([
      { path: '/a', base: { x: 1 }, local: { x: 2 }, remote: absent },
    ]);
  });

  it('conflict when both changed an array, which is one value', () => {
    expect(merged({ a: [1, 2] }, { a: [1, 2, 3] }, { a: [0, 1, 2] }).conflicts).toHaveLength(1);
  });

  it('name their conflicts in document order', () => {
    const base = { z: 1, m: { b: 1, a: 1 }, a: 1 };
    const { conflicts } = merged(base, { z: 2, m: { b: 2, a: 2 }, a: 2 }, { z: 3, m: { b: 3, a: 3 }, a: 3 });
    expect(conflicts.map(({ path }) => path)).toEqual(['/z', '/m/b', '/m/a', '/a']);
  });

  it('leave the remote in the value meanwhile, and the local where the remote has nothing', () => {
    expect(merged({ a: 1, b: 1 }, { a: 2, b: 2 }, { a: 3 }).value).toEqual({ a: 3, b: 2 });
  });

  it('merge member by member what both made an object', () => {
    expect(merged({}, { a: { x: 1 } }, { a: { y: 2 } })).toEqual({
      value: { a: { x: 1, y: 2 } },
      conflicts: [],
    });
  });
});

describe('two sides without a base', () => {
  it('have no conflict where they agree', () => {
    expect(merged(undefined, { a: 1, b: { c: null } }, { b: { c: null }, a: 1 }).conflicts).toEqual([]);
  });

  it('conflict where they differ, marked as of unknown base', () => {
    expect(merged(undefined, { a: 1, b: 2 }, { a: 1, c: 3 })).toEqual({
      value: { a: 1, c: 3, b: 2 },
      conflicts: [
        { path: '/c', base: unknownBase, local: absent, remote: 3, reason: 'base-unknown' },
        { path: '/b', base: unknownBase, local: 2, remote: absent, reason: 'base-unknown' },
      ],
    });
  });

  it('are decided by the rules that need none', () => {
    const rules = { '/tags': set(), '/top': max(), '/at': keepRemote(), '/by': keepLocal() };
    const local = { tags: [1], top: 3, at: 1, by: 'me' };
    expect(merged(undefined, local, { tags: [2], top: 2, at: 2, by: 'you' }, rules)).toEqual({
      value: { tags: [2, 1], top: 3, at: 2, by: 'me' },
      conflicts: [],
    });
  });

  it('are not decided by the rules that need one', () => {
    const rules = { '/n': counter(), '/t': text(), '/s': sequence(), '/l': list({ key: 'id' }) };
    const local = { n: 1, t: 'a\n', s: [1], l: [{ id: 1 }] };
    const { conflicts } = merged(undefined, local, { n: 2, t: 'b\n', s: [2], l: [{ id: 2 }] }, rules);
    expect(conflicts.map(({ path, base }) => [path, base])).toEqual(
      ['/n', '/t', '/s', '/l/0', '/l/1'].map((path) => [path, unknownBase]),
    );
  });
});

describe('a conflict that the options decide', () => {
  const base = { a: 1, b: 1 };
  const [local, remote] = [{ a: 2 }, { a: 3, b: 3 }];

  it('takes the side that was named', () => {
    expect(merge<unknown>({ base, local, remote }, {}, { resolve: 'local' })).toEqual({
      value: { a: 2 },
      conflicts: [],
    });
    expect(merge<unknown>({ base, local, remote }, {}, { resolve: 'remote' })).toEqual({
      value: remote,
      conflicts: [],
    });
  });

  it('takes what a function says: a value, nothing, or that it gives up', () => {
    const resolve = ({ path, local: ours }: { path: string; local: unknown }) =>
      path === '/a' ? Number(ours) * 100 : giveUp('ask the owner');
    expect(merge<unknown>({ base, local, remote }, {}, { resolve })).toEqual({
      value: { a: 200, b: 3 },
      conflicts: [{ path: '/b', base: 1, local: absent, remote: 3 }],
    });
    expect(merge<unknown>({ base, local, remote }, {}, { resolve: () => absent }).value).toEqual({});
  });

  it('goes by the rule of its place first, and by that of a place above', () => {
    const rules = {
      '/list': list({ key: 'id', resolve: 'local' }),
      '/text': text({ resolve: 'remote' }),
    };
    const of = (value: number) => ({ list: [{ id: 1, n: value }], text: `${value}\n`, other: value });
    expect(merged(of(1), of(2), of(3), rules)).toEqual({
      value: { list: [{ id: 1, n: 2 }], text: '3\n', other: 3 },
      conflicts: [{ path: '/other', base: 1, local: 2, remote: 3 }],
    });
  });

  it('is refused when the function forgot to return, or is async', () => {
    const forgetful = () => undefined;
    expect(() => merge<unknown>({ base, local, remote }, {}, { resolve: forgetful })).toThrow(
      /"\/a".*forgotten return/,
    );
    const rules: Rules = { '/a': () => Promise.resolve(1) };
    expect(() => merged(base, local, remote, rules)).toThrow(/is async/);
  });
});

describe('a rule', () => {
  const triple = (path: (value: number) => Document) => [path(1), path(2), path(3)] as const;

  it('holds for one segment where it has a star', () => {
    const rules = { '/items/*/qty': max() };
    expect(merged(...triple((qty) => ({ items: { x: { qty }, y: { qty: qty * 2 } } })), rules)).toEqual({
      value: { items: { x: { qty: 3 }, y: { qty: 6 } } },
      conflicts: [],
    });
    expect(merged(...triple((qty) => ({ items: { qty } })), rules).conflicts).toHaveLength(1);
  });

  it('gives way to a more specific one, whichever was written first', () => {
    const star = { '/*/a': keepRemote(), '/x/*': keepLocal() };
    const turned = { '/x/*': keepLocal(), '/*/a': keepRemote() };
    for (const rules of [star, turned]) {
      expect(merged(...triple((a) => ({ x: { a, b: a }, y: { a } })), rules).value).toEqual({
        x: { a: 2, b: 2 },
        y: { a: 3 },
      });
    }
    expect(merged(...triple((a) => ({ x: { a } })), { '/*/*': max(), '/x/a': keepLocal() }).value).toEqual({
      x: { a: 2 },
    });
  });

  it('falls back to a star further up when the name leads nowhere', () => {
    const rules = { '/x/other': max(), '/*/a': keepLocal() };
    expect(merged(...triple((a) => ({ x: { a } })), rules)).toEqual({
      value: { x: { a: 2 } },
      conflicts: [],
    });
  });

  it('reaches into the items of a keyed list', () => {
    const rules = { '/l': list({ key: 'id' }), '/l/*/n': counter(), '/l/*/sub': list({ key: 'k' }) };
    const of = (n: number, m: number) => ({ l: [{ id: 1, n, sub: [{ k: 'a', m }] }] });
    expect(merged(of(1, 1), of(2, 1), of(5, 9), rules)).toEqual({ value: of(6, 9), conflicts: [] });
  });

  it('may be for the whole document', () => {
    expect(merge<unknown>({ base: 1, local: 3, remote: 5 }, { '': counter() }).value).toBe(7);
    expect(merge<unknown>({ base: [1], local: [1, 2], remote: [3, 1] }, { '': set() }).value).toEqual([
      3, 1, 2,
    ]);
  });

  it('must stand at a JSON Pointer', () => {
    expect(() => threeWay({ tags: set() })).toThrow(SyntaxError);
  });

  it('may be a function, called only where both sides changed the field', () => {
    const calls: unknown[] = [];
    const rules: Rules = {
      '/*': (base, local, remote, path) => {
        calls.push([path, base, local, remote]);
        return `${String(local)}${String(remote)}`;
      },
    };
    const { value } = merged(
      { a: 1, b: 1, c: 1, d: 1 },
      { a: 2, b: 1, c: 2, d: 2 },
      { a: 1, b: 3, c: 2, d: 3 },
      rules,
    );
    expect(value).toEqual({ a: 2, b: 3, c: 2, d: '23' });
    expect(calls).toEqual([['/d', 1, 2, 3]]);
  });

  it('may be a function that removes the field, or gives up', () => {
    const rules: Rules = { '/a': () => absent, '/b': () => giveUp('no') };
    expect(merged({ a: 1, b: 1 }, { a: 2, b: 2 }, { a: 3, b: 3 }, rules)).toEqual({
      value: { b: 3 },
      conflicts: [{ path: '/b', base: 1, local: 2, remote: 3 }],
    });
  });

  it('may keep a side even where only the other one changed', () => {
    const rules = { '/updatedAt': keepRemote(), '/editor': keepLocal() };
    const base = { updatedAt: 1, editor: 'me' };
    expect(
      merged(base, { updatedAt: 9, editor: 'me' }, { updatedAt: 1, editor: 'you' }, rules).value,
    ).toEqual({
      updatedAt: 1,
      editor: 'me',
    });
    expect(merged({}, { updatedAt: 9 }, {}, rules).value).toEqual({});
  });
});

describe('a strategy', () => {
  const sides = { base: { a: 1 }, local: { a: 2 }, remote: { a: 3 } };

  it('gives the merged value', () => {
    expect(threeWay<unknown>({ '/a': max() })(sides)).toEqual({ a: 3 });
  });

  it('gives up with the conflicts, and without the values in the reason', () => {
    const decision = threeWay<unknown>()(sides);
    expect(isResolution(decision)).toBe(true);
    expect(decision).toMatchObject({
      kind: 'give-up',
      reason: 'Both sides changed one place, and differently.',
      conflicts: [{ path: '/a', base: 1, local: 2, remote: 3 }],
    });
  });

  it('says whether it is safe to apply twice', () => {
    const safe = [{}, { '/a': set() }, { '/a': list({ key: 'id' }) }, { '/a': max(), '/b': keepRemote() }];
    const unsafe: Rules[] = [{ '/a': counter() }, { '/a': sequence() }, { '/a': text() }, { '/a': () => 1 }];
    expect(safe.map((rules) => threeWay(rules).repeatable)).toEqual([true, true, true, true]);
    expect(unsafe.map((rules) => threeWay(rules).repeatable)).toEqual([false, false, false, false]);
    expect([keepLocal().repeatable, keepRemote().repeatable]).toEqual([true, true]);
    expect(threeWay({}, { resolve: 'local' }).repeatable).toBe(true);
    expect(threeWay({}, { resolve: () => 1 }).repeatable).toBe(false);
    expect(threeWay({ '/a': () => 1 }, { repeatable: true }).repeatable).toBe(true);
  });

  it('may be a rule of another one', () => {
    const inner = threeWay<unknown>({ '/n': counter() });
    const of = (n: number) => ({ part: { n } });
    expect(merged(of(1), of(2), of(3), { '/part': inner }).value).toEqual(of(4));
    const torn = merged({ part: { m: 1 } }, { part: { m: 2 } }, { part: { m: 3 } }, { '/part': inner });
    expect(torn.conflicts.map(({ path }) => path)).toEqual(['/part']);
  });
});
