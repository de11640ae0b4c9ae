import { unknownBase } from '../core/conflict.ts';
import { equal } from '../core/equal.ts';
import { absent } from '../core/pointer.ts';
import type { ConflictOption, Rule } from './rule.ts';

/**
 * A number that both sides count up or down: the sum of both changes. A counter that nobody had before starts from 0.
 * Sums are exact: for big integers, and for decimals as written (`0.1` and `0.2` make `0.3`); a sum that a number can't
 * hold is a conflict, as are a removed counter that the other side changed, and two that differ without a base.
 *
 * Not safe to apply twice: after a lost answer a write with a counter isn't repeated by itself.
 */
export function counter({ onConflict }: ConflictOption = {}): Rule {
  return {
    idempotent: false,
    additive: true,
    onConflict,
    merge: (sides, walk) => {
      const { base, local, remote } = sides;
      if (base === unknownBase) return equal(local, remote) ? remote : walk.clash(sides);
      if (equal(local, base)) return remote;
      if (equal(remote, base)) return local;
      const sum = plusMinus(local, remote, base === absent ? 0 : base);
      // Both removed it, or both put the same word there: agreed, though nothing can be counted.
      if (sum === undefined) return equal(local, remote) ? remote : walk.clash(sides);
      return sum;
    },
  };
}

/** one + other − base; `undefined` where that isn't exact. */
function plusMinus(one: unknown, other: unknown, base: unknown): number | bigint | undefined {
  const all = [one, other, base];
  if (all.every((value) => Number.isSafeInteger(value) || typeof value === 'bigint')) {
    const [plus, too, minus] = all.map((value) => BigInt(value as number | bigint)) as [
      bigint,
      bigint,
      bigint,
    ];
    const sum = plus + too - minus;
    if (all.some((value) => typeof value === 'bigint')) return sum;
    return Number.isSafeInteger(Number(sum)) ? Number(sum) : undefined;
  }
  if (!all.every((value) => typeof value === 'number' && Number.isFinite(value))) return undefined;
  const [plus, too, minus] = all as [number, number, number];
  const digits = Math.max(...all.map(decimals));
  const sum = plus + too - minus;
  if (!Number.isFinite(sum)) return undefined;
  return digits > 15 ? sum : Number(sum.toFixed(digits));
}

function decimals(value: unknown): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}
