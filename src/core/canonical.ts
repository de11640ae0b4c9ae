import { stepsThrough } from './bounds.ts';
import { instanceText, isOpaque, isRecord } from './record.ts';

/**
 * A text that two values share exactly when they are `equal`, so that they can be found in a `Map`. It is not JSON:
 * `1n` and `1` have the same text, and an instance of a class is marked as an instance.
 *
 * @throws {TypeError} for a value that can't be told from others of its kind: a function, a symbol, a `Map`.
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    // The length of a string says where the string ends, so nothing in it needs to be escaped.
    case 'string':
      return `"${value.length}:${value}`;
    case 'number':
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? String(BigInt(value)) : String(value);
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    case 'function':
    case 'symbol':
      throw notComparable(typeof value);
    default:
      return String(value);
  }
}

/**
 * The canonical texts of some values, to look the values up by.
 *
 * @param spend Takes the steps that each text costs.
 * @returns `undefined` where too few steps are left.
 */
export function canonicals(
  values: readonly unknown[],
  spend: (steps: number) => boolean,
): readonly string[] | undefined {
  const texts: string[] = [];
  for (const value of values) {
    if (!spend(6 + stepsThrough(value))) return undefined;
    texts.push(canonical(value));
  }
  return texts;
}

function canonicalObject(value: object): string {
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) text += `${canonical(item)},`;
    return `[${text}]`;
  }
  if (!isRecord(value)) {
    if (isOpaque(value)) throw notComparable(value.constructor.name);
    return `@${canonical(instanceText(value))}`;
  }
  for (const key of Object.keys(value).sort()) text += `${key.length}:${key}=${canonical(value[key])},`;
  return `{${text}}`;
}

function notComparable(what: string): TypeError {
  return new TypeError(`A ${what} is no JSON value and can't be compared with another one.`);
}
