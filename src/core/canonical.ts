import { instanceText, isOpaque, isRecord } from './record.ts';

/**
 * A text that two values share exactly when they are `equal`, to find them in a `Map`.
 * Not JSON: `1n` and `1` are the same here, and an instance of a class is shown as such.
 *
 * @throws {TypeError} for what can't be told from its like: a function, a symbol, a `Map`.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return String(Number.isInteger(value) ? BigInt(value) : value);
  if (typeof value === 'function' || typeof value === 'symbol') throw notComparable(typeof value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isRecord(value)) {
    if (isOpaque(value)) throw notComparable(value.constructor.name);
    return `@${instanceText(value)}`;
  }
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
}

function notComparable(what: string): TypeError {
  return new TypeError(`A ${what} is no JSON value and can't be compared with another one.`);
}
