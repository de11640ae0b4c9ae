import type { Resolve } from '../../src/merge/rule.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, equal, list, merge, type Rules } from '../../src/merge.ts';
import { asColumns, boards, type Board, type Card } from './boards.ts';

const numRuns = Number(process.env.LAWS_RUNS ?? 20_000);
const timeout = Math.max(60_000, numRuns * 2);

const card = (id: number, more: object = {}): object => ({ id, text: `card ${String(id)}`, ...more });

function named(resolve?: Resolve): Rules {
  const cards = list({ key: 'id', ...(resolve && { resolve }) });
  return { '/todo': cards, '/doing': cards, '/done': cards };
}

const columns: Rules = { '/columns': list({ key: 'id' }), '/columns/*/cards': list({ key: 'id' }) };

describe('an item that one side moved to another list', () => {
  const base = { todo: [card(1), card(2)], doing: [card(3)], done: [] };
  const moved = { todo: [card(2)], doing: [card(3), card(1)], done: [] };

  it('takes along what the other side edited in it, whoever moved it', () => {
    const edited = { ...base, todo: [card(1, { text: 'edited' }), card(2)] };
    const merged = { ...moved, doing: [card(3), card(1, { text: 'edited' })] };
    expect(merge<unknown>({ base, local: moved, remote: edited }, named())).toEqual({
      value: merged,
      conflicts: [],
    });
    expect(merge<unknown>({ base, local: edited, remote: moved }, named())).toEqual({
      value: merged,
      conflicts: [],
    });
  });

  it('merges inside where the mover edited it, too', () => {
    const both = { ...moved, doing: [card(3), card(1, { by: 'me' })] };
    const edited = { ...base, todo: [card(1, { text: 'edited' }), card(2)] };
    expect(merge<unknown>({ base, local: both, remote: edited }, named()).value).toEqual({
      ...moved,
      doing: [card(3), card(1, { text: 'edited', by: 'me' })],
    });
    const clash = { ...moved, doing: [card(3), card(1, { text: 'mine' })] };
    expect(merge<unknown>({ base, local: clash, remote: edited }, named()).conflicts).toEqual([
      { path: '/doing/1/text', base: 'card 1', local: 'mine', remote: 'edited' },
    ]);
  });

  it('goes where that side has it, among what the other side put there', () => {
    const remote = { ...base, doing: [card(4), card(3), card(5)] };
    expect(merge<unknown>({ base, local: moved, remote }, named()).value).toEqual({
      todo: [card(2)],
      doing: [card(4), card(3), card(5), card(1)],
      done: [],
    });
  });

  it('may go to a list that is new, with what the other side edited', () => {
    const local = { ...base, todo: [card(2)], later: [card(1)] };
    const remote = { ...base, todo: [card(1, { text: 'edited' }), card(2)] };
    const rules: Rules = { '/*': list({ key: 'id' }) };
    expect(merge<unknown>({ base, local, remote }, rules)).toEqual({
      value: { ...base, todo: [card(2)], later: [card(1, { text: 'edited' })] },
      conflicts: [],
    });
    const clash = { ...local, later: [card(1, { text: 'mine' })] };
    expect(merge<unknown>({ base, local: clash, remote }, rules).conflicts).toEqual([
      { path: '/later/0/text', base: 'card 1', local: 'mine', remote: 'edited' },
    ]);
  });

  it('is the same in columns, wherever these have moved meanwhile', () => {
    const of = (...lists: readonly (readonly [string, ...object[]])[]) => ({
      columns: lists.map(([id, ...cards]) => ({ id, cards })),
    });
    const sides = {
      base: of(['a', card(1), card(2)], ['b', card(3)]),
      local: of(['a', card(2)], ['b', card(1), card(3)]),
      remote: of(['b', card(3)], ['a', card(1, { text: 'edited' }), card(2)]),
    };
    expect(merge<unknown>(sides, columns)).toEqual({
      value: of(['b', card(1, { text: 'edited' }), card(3)], ['a', card(2)]),
      conflicts: [],
    });
  });

  it('conflicts where the other side removed the column that it moved to', () => {
    const of = (...lists: readonly (readonly [string, ...object[]])[]) => ({
      columns: lists.map(([id, ...cards]) => ({ id, cards })),
    });
    const sides = {
      base: of(['a', card(1)], ['b']),
      local: of(['a'], ['b', card(1)]),
      remote: of(['a', card(1)]),
    };
    const { value, conflicts } = merge<unknown>(sides, columns);
    expect(conflicts).toMatchObject([{ path: '/columns/0/cards/0', reason: 'moved' }]);
    expect(value).toEqual(of(['a', card(1)]));
  });
});

describe('an item that both sides moved to different lists', () => {
  const base = { todo: [card(1)], doing: [], done: [] };
  const local = { todo: [], doing: [card(1)], done: [] };
  const remote = { todo: [], doing: [], done: [card(1)] };

  it('is one item, where the remote has it, and a conflict that says where each side has it', () => {
    expect(merge<unknown>({ base, local, remote }, named())).toEqual({
      value: remote,
      conflicts: [
        {
          path: '/done/0',
          base: card(1),
          local: card(1),
          remote: card(1),
          reason: 'moved',
          places: { base: '/todo/0', local: '/doing/0', remote: '/done/0' },
        },
      ],
    });
  });

  it('goes by resolve, of its list or of the merge', () => {
    const by = (resolve: Resolve): unknown => merge<unknown>({ base, local, remote }, named(resolve));
    expect(by('local')).toEqual({ value: local, conflicts: [] });
    expect(by('remote')).toEqual({ value: remote, conflicts: [] });
    expect(by(() => absent)).toEqual({ value: { todo: [], doing: [], done: [] }, conflicts: [] });
    expect(by(() => card(1, { by: 'both' }))).toEqual({
      value: { ...remote, done: [card(1, { by: 'both' })] },
      conflicts: [],
    });
    const seen: unknown[] = [];
    by((conflict) => (seen.push([conflict.path, conflict.reason]), absent));
    expect(seen).toEqual([['/done/0', 'moved']]);
    expect(merge<unknown>({ base, local, remote }, named(), { resolve: 'local' }).value).toEqual(local);
  });

  it('keeps the edits of both, wherever it goes', () => {
    const ours = { ...local, doing: [card(1, { by: 'me' })] };
    const theirs = { ...remote, done: [card(1, { text: 'theirs' })] };
    const { value } = merge<unknown>({ base, local: ours, remote: theirs }, named('local'));
    expect(value).toEqual({ ...local, doing: [card(1, { by: 'me', text: 'theirs' })] });
  });

  it('agrees where both moved it to the same list', () => {
    expect(merge<unknown>({ base, local, remote: structuredClone(local) }, named())).toEqual({
      value: local,
      conflicts: [],
    });
  });
});

describe('an item that one side moved and the other removed', () => {
  const base = { todo: [card(1)], doing: [], done: [] };
  const moved = { todo: [], doing: [card(1)], done: [] };
  const removed = { todo: [], doing: [], done: [] };
  const by = (local: unknown, remote: unknown, resolve?: Resolve): unknown =>
    merge<unknown>({ base, local, remote }, named(resolve));

  it('is a conflict, and stands where it was moved to meanwhile', () => {
    expect(by(moved, removed)).toMatchObject({
      value: moved,
      conflicts: [{ path: '/doing/0', local: card(1), remote: absent, reason: 'moved' }],
    });
    expect(by(removed, moved)).toMatchObject({
      value: moved,
      conflicts: [{ local: absent, reason: 'moved' }],
    });
  });

  it('goes by resolve', () => {
    expect(by(moved, removed, 'local')).toEqual({ value: moved, conflicts: [] });
    expect(by(moved, removed, 'remote')).toEqual({ value: removed, conflicts: [] });
    expect(by(removed, moved, 'local')).toEqual({ value: removed, conflicts: [] });
    expect(by(removed, moved, 'remote')).toEqual({ value: moved, conflicts: [] });
  });
});

describe('lists that hold the same items', () => {
  const tag = { id: 7, name: 'a' };
  const order = { id: 7, total: 1, paid: false };

  it('are not those whose items only have the same ids', () => {
    const base = { tags: [tag], orders: [] };
    const rules: Rules = { '/tags': list({ key: 'id' }), '/orders': list({ key: 'id' }) };
    const local = { tags: [], orders: [order] };
    expect(merge<unknown>({ base, local, remote: { tags: [], orders: [] } }, rules)).toEqual({
      value: local,
      conflicts: [],
    });
    const renamed = merge<unknown>({ base, local, remote: { ...base, tags: [{ id: 7, name: 'b' }] } }, rules);
    expect(renamed.conflicts).toMatchObject([{ path: '/tags/0', local: absent }]);
  });

  it('are those that say the same, however they look and how deep they are; and none where they say so', () => {
    const base = { todo: [card(1)], archive: { cards: [] } };
    const local = { todo: [], archive: { cards: [{ id: 1 }] } };
    const remote = { todo: [], archive: { cards: [] } };
    const by = (shared: string | false | undefined): readonly unknown[] => {
      const cards = list({ key: 'id', ...(shared !== undefined && { shared }) });
      return merge<unknown>({ base, local, remote }, { '/todo': cards, '/archive/cards': cards }).conflicts;
    };
    expect(by('cards')).toMatchObject([{ path: '/archive/cards/0', reason: 'moved' }]);
    expect(by(undefined)).toEqual([]);
    const flat = { base: { a: [card(1)], b: [] }, local: { a: [], b: [card(1)] }, remote: { a: [], b: [] } };
    const apart: Rules = { '/*': list({ key: 'id', shared: false }) };
    expect(merge<unknown>(flat, apart)).toEqual({ value: flat.local, conflicts: [] });
    expect(merge<unknown>(flat, { '/*': list({ key: 'id' }) }).conflicts).toHaveLength(1);
  });

  it('know an item that both sides added to different ones, where they say that they are the same', () => {
    const sides = { base: { a: [], b: [] }, local: { a: [card(1)], b: [] }, remote: { a: [], b: [card(1)] } };
    const by = (shared?: string): readonly unknown[] =>
      merge<unknown>(sides, { '/*': list({ key: 'id', ...(shared && { shared }) }) }).conflicts;
    expect(by('cards')).toMatchObject([{ path: '/b/0', base: absent, reason: 'moved' }]);
    expect(by()).toEqual([]);
  });

  it('may have an item several times, which then belongs to none of them', () => {
    const base = { members: [card(1)], admins: [card(1)] };
    const local = { members: [card(1)], admins: [] };
    expect(
      merge<unknown>({ base, local, remote: { ...base, members: [] } }, { '/*': list({ key: 'id' }) }),
    ).toEqual({
      value: { members: [], admins: [] },
      conflicts: [],
    });
  });

  it('can’t lie within each other', () => {
    const nodes = list({ key: 'id', shared: 'nodes' });
    const tree = { children: [{ id: 1, children: [{ id: 2 }] }] };
    const rules: Rules = { '/children': nodes, '/children/*/children': nodes };
    expect(() => merge<unknown>({ base: tree, local: tree, remote: tree }, rules)).toThrow(TypeError);
  });

  it('are one value where the base isn’t known, as every list is', () => {
    const sides = { base: undefined, local: { a: [card(1)], b: [] }, remote: { a: [], b: [card(1)] } };
    expect(merge<unknown>(sides, { '/*': list({ key: 'id' }) }).conflicts).toMatchObject([
      { path: '/a/0', reason: 'base-unknown' },
      { path: '/b/0', reason: 'base-unknown' },
    ]);
  });
});

describe('cards on a board, by law', () => {
  const cardsOf = (board: Board): readonly Card[] => Object.values(board).flat();
  const find = (board: Board, id: string): Card | undefined => cardsOf(board).find((one) => one.id === id);
  const listOf = (board: Board, id: string): string | undefined =>
    Object.keys(board).find((name) => board[name]?.some((one) => one.id === id));

  function law(
    name: string,
    holds: (sides: Readonly<Record<'base' | 'local' | 'remote', Board>>) => boolean,
  ): void {
    it(name, { timeout }, () => {
      fc.assert(fc.property(boards, holds), { numRuns });
    });
  }

  law(
    'are conserved: once each, gone if either side removed them, there if both kept them or one added them',
    (sides) => {
      const { value, conflicts } = merge(sides, named() as Rules<Board>);
      const ids = cardsOf(value).map(({ id }) => id);
      if (new Set(ids).size !== ids.length) return false;
      if (conflicts.length > 0) return true;
      const all = new Set(
        [sides.base, sides.local, sides.remote].flatMap((board) => cardsOf(board).map(({ id }) => id)),
      );
      return [...all].every((id) => {
        const [was, ours, theirs] = [sides.base, sides.local, sides.remote].map((board) => find(board, id));
        return ids.includes(id) === (was ? !!ours && !!theirs : !!ours || !!theirs);
      });
    },
  );

  law('stand where the side that moved them has them, with what either side edited', (sides) => {
    const { value, conflicts } = merge(sides, named() as Rules<Board>);
    if (conflicts.length > 0) return true;
    return cardsOf(value).every((now) => {
      const [was, ours, theirs] = [sides.base, sides.local, sides.remote].map((board) => find(board, now.id));
      if (!was || !ours || !theirs) return true;
      const [before, here, there] = [sides.base, sides.local, sides.remote].map((board) =>
        listOf(board, now.id),
      );
      const wanted = here === before ? there : here;
      return (
        listOf(value, now.id) === wanted &&
        now.text === (ours.text === was.text ? theirs.text : ours.text) &&
        now.size === (ours.size === was.size ? theirs.size : ours.size)
      );
    });
  });

  for (const resolve of ['give-up', 'local', 'remote'] as const) {
    law(`merge again to the same (${resolve})`, (sides) => {
      const rules = named(resolve) as Rules<Board>;
      const once = merge(sides, rules);
      if (once.conflicts.length > 0) return resolve === 'give-up';
      const twice = merge({ ...sides, remote: once.value }, rules);
      return twice.conflicts.length === 0 && equal(twice.value, once.value);
    });
  }

  law('merge to the change of one side, where only one made some', ({ base, local }) => {
    const rules = named() as Rules<Board>;
    return (
      equal(merge({ base, local, remote: base }, rules), { value: local, conflicts: [] }) &&
      equal(merge({ base, local: base, remote: local }, rules), { value: local, conflicts: [] }) &&
      equal(merge({ base, local, remote: structuredClone(local) }, rules), { value: local, conflicts: [] })
    );
  });

  law('merge in columns as they do in lists by name', ({ base, local, remote }) => {
    const flat = merge({ base, local, remote }, named() as Rules<Board>);
    const nested = merge<unknown>(
      { base: asColumns(base), local: asColumns(local), remote: asColumns(remote) },
      columns,
    );
    return flat.conflicts.length === nested.conflicts.length && equal(asColumns(flat.value), nested.value);
  });
});
