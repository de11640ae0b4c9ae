import { describe, expect, it } from 'vitest';
import { Budget } from '../../src/core/budget.ts';

const here = 'https://a.test';
const there = 'https://b.test';

/** How often something can be taken until there is no more. */
function takes(budget: Budget, reason: 'conflict' | 'failure', origin = here): number {
  for (let times = 0; ; times += 1) if (budget.take(origin, reason) === undefined) return times;
}

describe('a budget', () => {
  it('lasts for 500 conflicts or 100 failures by default', () => {
    expect(takes(new Budget(), 'conflict')).toBe(500);
    expect(takes(new Budget(), 'failure')).toBe(100);
  });

  it('has the numbers that it is given', () => {
    const budget = new Budget({ tokens: 10, conflictCost: 2, failureCost: 4, successIncrement: 3 });
    expect([budget.take(here, 'failure'), budget.take(here, 'conflict')]).toEqual([4, 2]);
    expect(takes(budget, 'conflict')).toBe(2);
    budget.give({ origin: here }, 0);
    expect(takes(budget, 'conflict')).toBe(1);
  });

  it('gives back what a write took that succeeds, and one more', () => {
    const budget = new Budget({ tokens: 10 });
    const taken = Number(budget.take(here, 'failure'));
    expect(takes(budget, 'conflict')).toBe(5);
    budget.give({ origin: here }, taken);
    expect(takes(budget, 'conflict')).toBe(6);
  });

  it('is never more than full', () => {
    const budget = new Budget({ tokens: 3 });
    for (let write = 0; write < 9; write += 1) budget.give({ origin: here }, 5);
    budget.take(here, 'conflict');
    budget.give({ origin: here }, 1);
    expect(takes(budget, 'conflict')).toBe(3);
  });

  it('takes nothing where there isn’t enough', () => {
    const budget = new Budget({ tokens: 4 });
    expect(budget.take(here, 'failure')).toBeUndefined();
    expect(takes(budget, 'conflict')).toBe(4);
  });

  it('is one for each origin', () => {
    const budget = new Budget({ tokens: 2 });
    expect(takes(budget, 'conflict')).toBe(2);
    budget.give({ origin: there }, 9);
    expect(takes(budget, 'conflict')).toBe(0);
    expect(takes(budget, 'conflict', there)).toBe(2);
  });

  it('is empty from the start with 0 tokens, and never with a price of 0', () => {
    expect(takes(new Budget({ tokens: 0 }), 'conflict')).toBe(0);
    const free = new Budget({ tokens: 0, conflictCost: 0 });
    expect([free.take(here, 'conflict'), free.take(here, 'failure')]).toEqual([0, undefined]);
  });
});
