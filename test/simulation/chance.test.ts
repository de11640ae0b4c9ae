import { describe, expect, it } from 'vitest';
import { Chance } from './chance.ts';

function draws(seed: string): readonly number[] {
  const chance = new Chance(seed);
  return Array.from({ length: 1_000 }, chance.next);
}

describe('chance of a seed', () => {
  it('is the same each time', () => {
    expect(draws('7:1')).toEqual(draws('7:1'));
    expect(new Chance('7:1').uuid()).toBe(new Chance('7:1').uuid());
  });

  it('has nothing in common with that of the next seed', () => {
    const others = new Set(draws('7:2'));
    expect(draws('7:1').filter((number) => others.has(number))).toEqual([]);
  });

  it('is spread evenly from 0 up to, but not including, 1', () => {
    const all = draws('7:3');
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThan(1);
    expect(all.filter((number) => number < 0.5).length).toBeGreaterThan(430);
    expect(all.filter((number) => number < 0.5).length).toBeLessThan(570);
  });

  it('makes UUIDs of version 4', () => {
    expect(new Chance('7:4').uuid()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  });
});
