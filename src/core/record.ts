import { absent } from './pointer.ts';

/** A JSON object as a parser makes it. */
export type JsonRecord = Readonly<Record<string, unknown>>;

const isRawJson = (JSON as { isRawJSON?: (value: unknown) => boolean }).isRawJSON ?? (() => false);

/**
 * Whether a value is a JSON object with members of its own. An instance of a class is not: a `Date`, a `Decimal` or the
 * result of `JSON.rawJSON` stands for one value, and taking it apart would destroy it.
 */
export function isRecord(value: unknown): value is JsonRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return true;
  // Another realm (an iframe, a vm context) has an `Object.prototype` of its own, whose prototype is null, too.
  return prototype === null ? !isRawJson(value) : Object.getPrototypeOf(prototype) === null;
}

/** An own member of an object; `undefined` where the object has none. Inherited members don't count. */
export function memberOf(record: JsonRecord, name: string): unknown {
  const value = record[name];
  // Asking whether `Object.prototype` has the name is faster than asking each object whether the member is its own.
  return value === undefined || !(name in Object.prototype) || Object.hasOwn(record, name)
    ? value
    : undefined;
}

/** Sets or removes a member in a copy of an object. The copy is made at the first change. */
export function withMember(
  copy: Record<string, unknown> | undefined,
  record: JsonRecord,
  name: string,
  value: unknown,
): Record<string, unknown> {
  // Spreading takes several times as long, but keeps an own member named `__proto__`.
  copy ??= Object.hasOwn(record, '__proto__') ? { ...record } : Object.assign({}, record);
  if (value === absent) Reflect.deleteProperty(copy, name);
  else setMember(copy, name, value);
  return copy;
}

/** Sets a member of any name. */
export function setMember(record: object, name: string, value: unknown): void {
  if (name !== '__proto__') (record as Record<string, unknown>)[name] = value;
  // An assignment to `__proto__` would call a setter where there is no such member yet.
  else Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * The JSON and the text of an instance of a class, to tell the instance from another one. A `Date` has its milliseconds
 * only in its JSON; a class with private fields has only its text.
 */
export function instanceText(instance: object): string {
  const json = JSON.stringify(instance, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  ) as string | undefined;
  const text = isRawJson(instance) ? '' : (instance as { toString: () => string }).toString();
  return `${json ?? ''} ${text}`;
}

/** Whether an instance shows nothing by which it could be told from another one, as a `Map`. */
export function isOpaque(instance: object): boolean {
  return instanceText(instance).startsWith('{} [object ');
}

/**
 * Compares the JSON of an answer with the state that was written. `'state'`: the answer has all members of that state,
 * so it is the state as the server has it. `'part'`: the answer has some of the members, and may be that state.
 * `'other'`: the answer has none of them, as the status of an action.
 */
export function likeness(shown: unknown, written: unknown): 'state' | 'part' | 'other' {
  if (Array.isArray(shown) && Array.isArray(written)) return 'state';
  if (!isRecord(shown) || !isRecord(written)) return 'other';
  const names = Object.keys(written);
  const isThere = (name: string): boolean => Object.hasOwn(shown, name);
  if (names.length > 0 && !names.some(isThere)) return 'other';
  // An answer may leave out a member that is null.
  return names.every((name) => isThere(name) || written[name] === null) ? 'state' : 'part';
}
