import { describe, expect, it } from 'vitest';
import { Chance } from './chance.ts';
import { Life } from './walk/life.ts';
import { beginningOf, groundOf, movesOf, stateAfter } from './walk/moves.ts';
import { scopes, type Scope } from './walk/scopes.ts';
import { walk } from './walk/walk.ts';

describe('every schedule of two clients with a write each, and one fault', () => {
  it.each(scopes.small)(
    'loses, doubles and misreports nothing: $name',
    { timeout: 300_000 },
    async (scope) => {
      const { found, schedules, ends, told } = await walk(scope);
      // Each with the moves that lead to it.
      expect(found).toEqual({});
      expect(schedules).toBeGreaterThanOrEqual(ends);
      expect(ends).toBeGreaterThan(10);
      const outcomes = new Set(Object.keys(told).map((one) => one.split(':', 1).join()));
      expect(outcomes).toContain('ok');
      expect(outcomes).toContain('unknown');
      expect(outcomes).not.toContain('never');
    },
  );
});

describe('a walk through every schedule', () => {
  const scopeOf = (name: string): Scope => {
    const scope = scopes.small.find((one) => one.name === name);
    if (!scope) throw new Error(`There is no scope called '${name}'.`);
    return scope;
  };

  it('comes to the same again, whatever came before', async () => {
    const lock = scopeOf('create one lock');
    const one = await walk(lock);
    await walk({ ...lock, most: 0 });
    expect(await walk(lock)).toEqual(one);
  });

  it('counts all orders of what two clients do', async () => {
    // Each creates, and reads at the end: four requests, in six orders that keep each client's own.
    const { schedules, ends, told } = await walk({ ...scopeOf('create one lock'), most: 0 });
    expect({ schedules, ends }).toEqual({ schedules: 6, ends: 2 });
    expect(told).toEqual({ 'ok: applied': 2, 'failed: exists': 2 });
  });

  it('is told what clients say that really run side by side', async () => {
    const scope = scopeOf('append with a log, taken back');
    const ground = groundOf(scope);
    const chance = new Chance('side by side');
    const said = new Set<string>();
    for (let schedule = 0; schedule < 50; schedule += 1) {
      const sides = [new Life('a', scope.scenario), new Life('b', scope.scenario)];
      let state = await beginningOf(ground);
      for (let moves = movesOf(ground, state); moves.length > 0; moves = movesOf(ground, state)) {
        const move = chance.pick(moves);
        const open = await Promise.all(sides.map((side) => side.asks()));
        expect(open.map((one) => one?.call.body)).toEqual(state.clients.map(({ asks }) => asks?.call.body));
        if ('back' in move.next) await sides[move.next.client]?.hear(move.next.back);
        state = await stateAfter(ground, move);
      }
      await Promise.all(sides.map((side) => side.asks()));
      const entries = state.clients.map((client) => client.entries);
      expect(sides.map(({ told }) => told.entries)).toEqual(entries);
      for (const one of entries.flat()) said.add(one.said);
    }
    expect([...said]).toEqual(expect.arrayContaining(['applied', 'merged', 'already-applied']));
  });

  it('finds what is written again after somebody has taken it back, and tells how', async () => {
    const scope = scopeOf('set, taken back');
    // The route says that nobody takes back, and somebody does.
    const scenario = { ...scope.scenario, reverts: false };
    const { found } = await walk({ ...scope, scenario }, (kind) => kind === 'doubled');
    expect(Object.keys(found)).toEqual(['doubled']);
    const moves = found.doubled?.moves ?? [];
    expect(moves).toContain('somebody takes back');
    expect(moves.some((move) => /PUT .*(lost after|hangs after|error after commit|late)/.test(move))).toBe(
      true,
    );
  });
});
