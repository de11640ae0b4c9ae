import { instanceText, isOpaque, isRecord, type JsonRecord } from './record.ts';

/**
 * Whether two JSON values are the same. The order of members and the spelling of a number don't count (`1n` is `1`);
 * `null`, absent and falsy values are told apart. Instances of a class (a `Date`, a `Decimal`) are compared as one
 * value. Takes input of any depth.
 */
export function equal(one: unknown, other: unknown): boolean {
  // Past some levels the pairs to compare go on this stack instead of the call stack: a server may send 100,000
  // brackets.
  const later: object[] = [];
  if (!sameAt(one, other, later, 0)) return false;
  for (
    let second = later.pop(), first = later.pop();
    first && second;
    second = later.pop(), first = later.pop()
  ) {
    if (!sameNode(first, second, later, 0)) return false;
  }
  return true;
}

/**
 * The levels that are compared by recursion. Recursion takes a third of the time that the stack takes: no pair is put
 * aside, and the first difference ends the comparison.
 */
const levels = 50;

function sameAt(one: unknown, other: unknown, later: object[], level: number): boolean {
  if (one === other) return true;
  if (isNumeric(one) && isNumeric(other)) return one == other || Object.is(one, other);
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (level < levels) return sameNode(one, other, later, level + 1);
  later.push(one, other);
  return true;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function sameNode(one: object, other: object, later: object[], level: number): boolean {
  if (
    (Array.isArray(one) && Array.isArray(other)) ||
    (one instanceof Uint8Array && other instanceof Uint8Array)
  ) {
    if (one.length !== other.length) return false;
    // Not `every`, which skips the holes of a list: here a hole counts as `undefined`.
    for (let index = 0; index < one.length; index++)
      if (!sameAt(one[index], other[index], later, level)) return false;
    return true;
  }
  if (isRecord(one) && isRecord(other)) return sameMembers(one, other, later, level);
  if ([one, other].some((value) => Array.isArray(value) || isRecord(value))) return false;
  return !isOpaque(one) && instanceText(one) === instanceText(other);
}

function sameMembers(one: JsonRecord, other: JsonRecord, later: object[], level: number): boolean {
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(other, key) || !sameAt(one[key], other[key], later, level)) return false;
  }
  return true;
}
