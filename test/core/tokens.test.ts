import { describe, expect, it } from 'vitest';
import { Budget } from '../../src/core/budget.ts';

const [here, there] = ['https://one.test', 'https://two.test'];

/** How many tries of a kind there are until the budget is used up. */
function tries(budget: Budget, reason: 'conflict' | 'failure', origin = here): number {
  let count = 0;
  while (budget.take(origin, reason) !== undefined) count += 1;
  return count;
}

describe('the tokens of a budget', () => {
  it('is for 500 conflicts or 100 failures, where nothing else is said', () => {
    expect(tries(new Budget(), 'conflict')).toBe(500);
    expect(tries(new Budget(), 'failure')).toBe(100);
  });

  it('is for what its numbers say, and not for one more', () => {
    expect(tries(new Budget({ tokens: 10, conflict: 3 }), 'conflict')).toBe(3);
    expect(tries(new Budget({ tokens: 10, failure: 10 }), 'failure')).toBe(1);
    expect(tries(new Budget({ tokens: 10, failure: 11 }), 'failure')).toBe(0);
  });

  it('says what a try has cost', () => {
    const budget = new Budget({ conflict: 2, failure: 7 });
    expect([budget.take(here, 'conflict'), budget.take(here, 'failure')]).toEqual([2, 7]);
  });

  it('is one for each origin', () => {
    const budget = new Budget({ tokens: 3 });
    expect(tries(budget, 'conflict')).toBe(3);
    expect(tries(budget, 'conflict', there)).toBe(3);
  });

  it('gets back what a write took that succeeds, and one more, and is never more than full', () => {
    const budget = new Budget({ tokens: 10 });
    tries(budget, 'conflict');
    budget.give(here, 2);
    expect(tries(budget, 'conflict')).toBe(3);
    budget.give(here, 100);
    budget.give(here, 100);
    expect(tries(budget, 'conflict')).toBe(10);
  });

  it('that is full stays full, whoever succeeds', () => {
    const budget = new Budget({ tokens: 2 });
    budget.give(here, 0);
    expect(tries(budget, 'conflict')).toBe(2);
  });
});
