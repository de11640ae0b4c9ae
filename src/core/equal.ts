import { instanceText, isOpaque, isRecord, type JsonRecord } from './record.ts';

/**
 * Whether two JSON values are the same: the order of members and the spelling of a number don't count (`1n` is `1`),
 * `null`, absent and falsy values are told apart. Instances of a class (a `Date`, a `Decimal`) are compared as one
 * value. Takes input of any depth.
 */
export function equal(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return sameLeaf(one, other);
  }
  // A stack of its own: a server may send 100,000 brackets.
  const pairs: object[] = [one, other];
  for (
    let second = pairs.pop(), first = pairs.pop();
    first && second;
    second = pairs.pop(), first = pairs.pop()
  ) {
    if (first !== second && !sameNode(first, second, pairs)) return false;
  }
  return true;
}

function sameLeaf(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (isNumeric(one) && isNumeric(other)) return one == other || (Number.isNaN(one) && Number.isNaN(other));
  return false;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function sameNode(one: object, other: object, pairs: object[]): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => sameOrLater(item, other[index], pairs))
    );
  }
  if (Array.isArray(other)) return false;
  if (!isRecord(one) || !isRecord(other)) {
    return !isRecord(one) && !isRecord(other) && !isOpaque(one) && instanceText(one) === instanceText(other);
  }
  return sameMembers(one, other, pairs);
}

function sameMembers(one: JsonRecord, other: JsonRecord, pairs: object[]): boolean {
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(other, key) || !sameOrLater(one[key], other[key], pairs)) return false;
  }
  return true;
}

function sameOrLater(one: unknown, other: unknown, pairs: object[]): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return sameLeaf(one, other);
  }
  if (one !== other) pairs.push(one, other);
  return true;
}
