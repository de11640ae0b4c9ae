import { absent } from './pointer.ts';

/** A JSON object as a parser makes it. */
export type JsonRecord = Readonly<Record<string, unknown>>;

const isRawJson = (JSON as { isRawJSON?: (value: unknown) => boolean }).isRawJSON ?? (() => false);

/**
 * Whether a value is a JSON object with members of its own. An instance of a class isn't: a `Date`, a `Decimal` or the
 * result of `JSON.rawJSON` stands for one value, and taking it apart would destroy it.
 */
export function isRecord(value: unknown): value is JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return true;
  // Another realm (an iframe, a vm context) has an `Object.prototype` of its own, whose prototype is null, too.
  return prototype === null ? !isRawJson(value) : Object.getPrototypeOf(prototype) === null;
}

/** A member of an object, and nothing that the object inherits; `undefined` where it has none. */
export function memberOf(record: JsonRecord, name: string): unknown {
  const value = record[name];
  // Asking whether a name is inherited by all is faster than asking each object whether it is its own.
  return value === undefined || !(name in Object.prototype) || Object.hasOwn(record, name)
    ? value
    : undefined;
}

/** Sets or removes a member of a copy of an object, which is made for the first. */
export function withMember(
  copy: Record<string, unknown> | undefined,
  record: JsonRecord,
  name: string,
  value: unknown,
): Record<string, unknown> {
  // Spreading takes several times as long, and keeps an own `__proto__` as what it is.
  copy ??= Object.hasOwn(record, '__proto__') ? { ...record } : Object.assign({}, record);
  if (value === absent) Reflect.deleteProperty(copy, name);
  else setMember(copy, name, value);
  return copy;
}

/** Sets a member, whatever it is called. */
export function setMember(record: object, name: string, value: unknown): void {
  if (name !== '__proto__') (record as Record<string, unknown>)[name] = value;
  // Assigning would call a setter where there is no such member yet.
  else Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * What tells an instance of a class from another one: its JSON and its text. A `Date` keeps its milliseconds in the
 * first only, a class with private fields has nothing but the second.
 */
export function instanceText(instance: object): string {
  const json = JSON.stringify(instance, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  ) as string | undefined;
  const text = isRawJson(instance) ? '' : (instance as { toString: () => string }).toString();
  return `${json ?? ''} ${text}`;
}

/** Whether an instance shows nothing by which two could be told apart, as a `Map` does. */
export function isOpaque(instance: object): boolean {
  return instanceText(instance).startsWith('{} [object ');
}

/**
 * What the JSON of an answer is to a state that was written: `'state'` where it has all of it, so that it is that state as
 * the server has it; `'part'` where it has some, and may be; `'other'` where it has none, as the status of an action.
 */
export function likeness(shown: unknown, written: unknown): 'state' | 'part' | 'other' {
  if (Array.isArray(shown) && Array.isArray(written)) return 'state';
  if (!isRecord(shown) || !isRecord(written)) return 'other';
  const names = Object.keys(written);
  const isThere = (name: string): boolean => Object.hasOwn(shown, name);
  if (names.length > 0 && !names.some(isThere)) return 'other';
  // What is null may be left out.
  return names.every((name) => isThere(name) || written[name] === null) ? 'state' : 'part';
}
