import { describe, expect, it } from 'vitest';
import { checkList } from './append-list.ts';
import { checkCounter } from './counter.ts';
import type { Outcome, Read, Violation, Written } from './history.ts';
import { checkProgress } from './progress.ts';
import { checkRegister } from './register.ts';

/** A write from one moment to another; of what is unknown nobody was told an end. */
function write(id: string, outcome: Outcome, start = 1, end = 2, isIdempotent = false): Written {
  return { id, outcome, start, end: outcome === 'unknown' ? Infinity : end, isIdempotent };
}

function read<Seen>(seen: Seen, start: number, end = start + 1): Read<Seen> {
  return { seen, start, end };
}

function kinds(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ kind }) => kind);
}

describe('a list that many append to', () => {
  const states = [[], ['a'], ['a', 'b']];

  it('is right with each acknowledged id once, and with or without what is unknown', () => {
    const appends = [write('a', 'ok'), write('b', 'unknown'), write('c', 'unknown'), write('d', 'failed')];
    expect(checkList({ appends, states, reads: [read(['a'], 3), read(['a', 'b'], 5)] })).toEqual([]);
  });

  it('has lost what was acknowledged and is not there', () => {
    const appends = [write('a', 'ok'), write('c', 'ok')];
    expect(kinds(checkList({ appends, states, reads: [] }))).toEqual(['lost']);
  });

  it('has doubled what is there twice, acknowledged, unknown, or harmless if made twice', () => {
    const twice = [[], ['a'], ['a', 'a']];
    for (const append of [write('a', 'ok'), write('a', 'unknown'), write('a', 'ok', 1, 2, true)])
      expect(kinds(checkList({ appends: [append], states: twice, reads: [] }))).toEqual(['doubled']);
  });

  it('was made though it was reported as not made', () => {
    const appends = [write('a', 'ok'), write('b', 'failed')];
    expect(kinds(checkList({ appends, states, reads: [] }))).toEqual(['false failure']);
  });

  it('is out of order where a state or a read is no beginning of the end', () => {
    const appends = [write('a', 'ok'), write('b', 'ok')];
    const turned = [[], ['b'], ['a', 'b']];
    expect(kinds(checkList({ appends, states: turned, reads: [] }))).toEqual(['disorder']);
    expect(kinds(checkList({ appends, states, reads: [read(['b'], 1)] }))).toEqual(['disorder']);
  });

  it('is stale where a read misses what was acknowledged before it began', () => {
    const appends = [write('a', 'ok', 1, 2)];
    expect(kinds(checkList({ appends, states: [[], ['a']], reads: [read([], 3)] }))).toEqual(['stale read']);
    expect(checkList({ appends, states: [[], ['a']], reads: [read([], 1)] })).toEqual([]);
  });
});

describe('a counter that many add to', () => {
  const add = (id: string, outcome: Outcome, applied: number) => ({ ...write(id, outcome), applied });

  it('is right from what was acknowledged up to that with all that is unknown', () => {
    const increments = [
      add('a', 'ok', 1),
      add('b', 'unknown', 1),
      add('c', 'unknown', 0),
      add('d', 'failed', 0),
    ];
    expect(checkCounter({ increments, initial: 10, final: 12 })).toEqual([]);
  });

  it('has lost an increment', () => {
    const increments = [add('a', 'ok', 1), add('b', 'ok', 0)];
    expect(kinds(checkCounter({ increments, initial: 0, final: 1 }))).toEqual([
      'lost',
      'outside of the interval',
    ]);
  });

  it('has doubled one, seen even where an unknown one hides it in the sum', () => {
    const increments = [add('a', 'ok', 2), add('b', 'unknown', 0)];
    expect(kinds(checkCounter({ increments, initial: 0, final: 2 }))).toEqual(['doubled']);
  });

  it('was added to though that was reported as not made', () => {
    const increments = [add('a', 'failed', 1)];
    expect(kinds(checkCounter({ increments, initial: 0, final: 1 }))).toEqual([
      'false failure',
      'outside of the interval',
    ]);
  });

  it('is overwritten where everything was made and the sum is short', () => {
    const increments = [add('a', 'ok', 1), add('b', 'ok', 1)];
    expect(kinds(checkCounter({ increments, initial: 0, final: 1 }))).toEqual(['outside of the interval']);
  });
});

describe('a register that many set', () => {
  const check = (writes: readonly Written[], ...reads: readonly Read<string>[]) =>
    kinds(checkRegister({ initial: '0', writes, reads }));

  it('is linearizable where an order explains it', () => {
    expect(check([])).toEqual([]);
    expect(check([], read('0', 1))).toEqual([]);
    expect(check([write('a', 'ok', 1, 10), write('b', 'ok', 2, 9)], read('b', 3), read('a', 5))).toEqual([]);
    expect(check([write('a', 'ok', 1, 10), write('b', 'ok', 2, 9)], read('a', 3), read('b', 5))).toEqual([]);
  });

  it('is not where a read sees what was over before', () => {
    expect(check([write('a', 'ok', 1, 2)], read('0', 3))).toEqual(['not linearizable']);
    expect(check([write('a', 'ok', 1, 2), write('b', 'ok', 3, 4)], read('a', 5))).toEqual([
      'not linearizable',
    ]);
  });

  it('is not where two reads see two writes in two orders', () => {
    const writes = [write('a', 'ok', 1, 20), write('b', 'ok', 2, 21)];
    expect(check(writes, read('a', 3), read('b', 5), read('a', 7))).toEqual(['not linearizable']);
  });

  it('is not where a value comes out of nowhere, or too early', () => {
    expect(check([], read('a', 1))).toEqual(['not linearizable']);
    expect(check([write('a', 'ok', 5, 6)], read('a', 1))).toEqual(['not linearizable']);
  });

  it('allows what is unknown to come true at any later time, or never', () => {
    const unknown = write('a', 'unknown', 1);
    expect(check([unknown], read('0', 50))).toEqual([]);
    expect(check([unknown], read('0', 50), read('a', 60))).toEqual([]);
    expect(check([unknown], read('a', 50), read('0', 60))).toEqual(['not linearizable']);
  });

  it('does not allow what failed to come true', () => {
    expect(check([write('a', 'failed', 1, 2)], read('0', 3))).toEqual([]);
    expect(check([write('a', 'failed', 1, 2)], read('a', 3))).toEqual(['not linearizable']);
  });

  it('allows a write to come true again for as long as its caller waits, if it may be made twice', () => {
    const other = write('b', 'ok', 3, 4);
    const reads = [read('a', 1.5, 2), read('b', 5), read('a', 7)];
    expect(check([write('a', 'ok', 1, 20), other], ...reads)).toEqual(['not linearizable']);
    expect(check([write('a', 'ok', 1, 20, true), other], ...reads)).toEqual([]);
    expect(check([write('a', 'ok', 1, 4.5, true), other], ...reads)).toEqual(['not linearizable']);
  });

  it('is decided for the longest history that a schedule makes', () => {
    const writes = Array.from({ length: 8 }, (_, index) =>
      write(`w${index}`, index % 2 ? 'unknown' : 'ok', index, 40),
    );
    const reads = Array.from({ length: 16 }, (_, index) => read(`w${index >> 1}`, 41 + 2 * index));
    expect(check(writes, ...reads)).toEqual(['not linearizable']);
  });
});

describe('writers that compete', () => {
  it('make progress where as many succeed as may be refused, and one', () => {
    expect(checkProgress({ writers: 5, retries: 2, succeeded: 3 })).toEqual([]);
    expect(checkProgress({ writers: 2, retries: 9, succeeded: 2 })).toEqual([]);
  });

  it('make none where fewer do', () => {
    expect(kinds(checkProgress({ writers: 5, retries: 2, succeeded: 2 }))).toEqual(['no progress']);
    expect(kinds(checkProgress({ writers: 2, retries: 9, succeeded: 1 }))).toEqual(['no progress']);
  });
});
