import { unknownBase } from '../core/conflict.ts';
import { equal } from '../core/equal.ts';
import { absent } from '../core/pointer.ts';
import { makerOf } from '../core/resolution.ts';
import type { ResolveOption, Rule } from './rule.ts';

/**
 * A number that both sides count up or down: the merged value is the base plus both changes. A counter that the base
 * doesn't have starts from 0. Sums are exact for big integers, and for numbers as they are written (`0.1` and `0.2`
 * make `0.3`). These are conflicts: a sum that a number can't hold, because it is beyond `Number.MAX_SAFE_INTEGER` or
 * has so many digits that a part of a change would be lost; a counter that one side removed and the other side changed;
 * and two different counters without a base.
 *
 * Not safe to apply twice: after a lost answer, a write with a counter isn't repeated by itself.
 */
export const counter = /* @__PURE__ */ makerOf(function counter({
  resolve,
}: ResolveOption = {}): Rule<'number'> {
  return {
    repeatable: false,
    additive: true,
    resolve,
    merge: (sides, walk) => {
      const { base, local, remote } = sides;
      if (base === unknownBase) return equal(local, remote) ? remote : walk.clash(sides);
      if (equal(local, base)) return remote;
      if (equal(remote, base)) return local;
      const numbers = [local, remote, base === absent ? 0 : base];
      // Both sides removed the counter, or both put the same word there: they agree, though nothing can be counted.
      if (!numbers.every(isNumber)) return equal(local, remote) ? remote : walk.clash(sides);
      return plusMinus(...(numbers as [Counted, Counted, Counted])) ?? walk.clash(sides, 'out-of-range');
    },
  };
});

type Counted = number | bigint;

function isNumber(value: unknown): value is Counted {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** one + other − base; `undefined` where no number can hold the sum. */
function plusMinus(one: Counted, other: Counted, base: Counted): Counted | undefined {
  const all = [one, other, base];
  const isBig = all.some((value) => typeof value === 'bigint');
  if (!all.every((value) => typeof value === 'bigint' || isSafe(value))) return undefined;
  const digits = Math.max(...all.map(decimals));
  const [plus, too, minus] = all.map((value) => scaled(value, digits)) as [bigint, bigint, bigint];
  const sum = plus + too - minus;
  if (isBig) return digits === 0 ? sum : undefined;
  const number = Number(`${sum}e-${digits}`);
  if (!isSafe(number)) return undefined;
  // The nearest number is right if the error is at most a millionth of each side's change.
  const off = size(scaled(number, digits) - sum);
  return [plus - minus, too - minus].every((change) => off * 1_000_000n <= size(change)) ? number : undefined;
}

/**
 * Whether a number is exact. A larger one also stands for its neighbours, so a change of the other side could be lost
 * in it.
 */
function isSafe(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** A number as it is written, in units of its last decimal place, which is given by `digits`. */
function scaled(value: Counted, digits: number): bigint {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(digits - fraction.length + Number(exponent));
}

function decimals(value: Counted): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}
