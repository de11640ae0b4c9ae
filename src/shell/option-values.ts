import { mediaKind } from '../core/media.ts';
import { parsePointer } from '../core/pointer.ts';

export function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether a value has a format for each content type. */
export function isFormats(value: unknown): boolean {
  const isFormat = (format: unknown): boolean =>
    isObject(format) && isFunction(format.parse) && isFunction(format.stringify);
  return isObject(value) && Object.values(value).every(isFormat);
}

export function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

export function isListOf(test: (item: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(test);
}

export function isBudget(value: unknown): boolean {
  const names = ['tokens', 'conflictCost', 'failureCost', 'successIncrement'];
  if (!isObject(value)) return value === false;
  return Object.entries(value).every(
    ([name, amount]) => names.includes(name) && (amount === undefined || isAmount(amount)),
  );
}

function isReadable(value: unknown): boolean {
  return isObject(value) && 'in' in value && value.in !== 'query';
}

/** Whether the content type by which handles write, if there is one, is JSON or has a format. */
export function isWritable(server: unknown): boolean {
  const { writes, formats } = server as { readonly writes?: string; readonly formats?: object };
  return writes === undefined || Object.hasOwn(formats ?? {}, writes) || mediaKind(writes) === 'json';
}

export function isText(value: unknown): boolean {
  return typeof value === 'string';
}

export function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

/** Whether a value is a JSON Pointer (RFC 6901) to a member. */
export function isPointer(value: unknown): boolean {
  return value !== '' && parses(parsePointer, value);
}

/** Whether a value is a place for a write's id: one in the resource at most, and a key at most. */
export function isWriteId(value: unknown): boolean {
  const places: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isKey = (place: unknown): boolean => isObject(place) && place.in === 'key';
  const keys = places.filter(isKey);
  return (
    places.every((place) => isKey(place) || isReadable(place)) &&
    keys.length < 2 &&
    places.length - keys.length < 2
  );
}

export function parses(parse: (text: string) => unknown, value: unknown): boolean {
  try {
    parse(value as string);
    return typeof value === 'string';
  } catch {
    return false;
  }
}

/**
 * Whether a value is a version option. A version of several parts is written to as many places; a version of one part
 * may go to any number of places. A query can't be read from.
 */
export function isVersion(value: unknown): boolean {
  const isCarrier = (item: unknown): boolean => isObject(item) && 'in' in item;
  const isAll = (test: (item: unknown) => boolean, item: unknown): boolean =>
    Array.isArray(item) ? item.every(test) : test(item);
  if (!isObject(value) || !('read' in value)) return isAll(isReadable, value);
  const count = (item: unknown): number => (Array.isArray(item) ? item.length : 1);
  const { read, write, remove = write, absent = 'creates' } = value;
  const isWrite = (item: unknown): boolean =>
    isAll(isCarrier, item) && count(item) > 0 && (count(read) === 1 || count(read) === count(item));
  return absent === 'creates' && isAll(isReadable, read) && isWrite(write) && isWrite(remove);
}
