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
  return Object.hasOwn(record, name) ? record[name] : undefined;
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
