import { instanceText, isOpaque, isRecord, type JsonRecord } from './record.ts';

/**
 * Whether two JSON values are the same: the order of members and the spelling of a number don't count (`1n` is `1`),
 * `null`, absent and falsy values are told apart. Instances of a class (a `Date`, a `Decimal`) are compared as one
 * value. Takes input of any depth.
 */
export function equal(one: unknown, other: unknown): boolean {
  // A stack of its own: a server may send 100,000 brackets.
  const pairs: object[] = [];
  if (!sameOrLater(one, other, pairs)) return false;
  for (
    let second = pairs.pop(), first = pairs.pop();
    first && second;
    second = pairs.pop(), first = pairs.pop()
  ) {
    if (!sameNode(first, second, pairs)) return false;
  }
  return true;
}

/** Compares what has nothing inside; the rest goes onto the stack. */
function sameOrLater(one: unknown, other: unknown, pairs: object[]): boolean {
  if (one === other) return true;
  if (isNumeric(one) && isNumeric(other)) return one == other || Object.is(one, other);
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  pairs.push(one, other);
  return true;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function sameNode(one: object, other: object, pairs: object[]): boolean {
  if (
    (Array.isArray(one) && Array.isArray(other)) ||
    (one instanceof Uint8Array && other instanceof Uint8Array)
  ) {
    if (one.length !== other.length) return false;
    // Not `every`, which passes over the holes of a list: what is read there is `undefined`.
    for (let index = 0; index < one.length; index++)
      if (!sameOrLater(one[index], other[index], pairs)) return false;
    return true;
  }
  if (isRecord(one) && isRecord(other)) return sameMembers(one, other, pairs);
  if ([one, other].some((value) => Array.isArray(value) || isRecord(value))) return false;
  return !isOpaque(one) && instanceText(one) === instanceText(other);
}

function sameMembers(one: JsonRecord, other: JsonRecord, pairs: object[]): boolean {
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(other, key) || !sameOrLater(one[key], other[key], pairs)) return false;
  }
  return true;
}
