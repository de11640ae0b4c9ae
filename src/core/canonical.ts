import { stepsThrough } from './bounds.ts';
import { instanceText, isOpaque, isRecord } from './record.ts';

/**
 * A text that two values share exactly when they are `equal`, to find them in a `Map`.
 * Not JSON: `1n` and `1` are the same here, and an instance of a class is shown as such.
 *
 * @throws {TypeError} for what can't be told from its like: a function, a symbol, a `Map`.
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    // Its length says where it ends, so that nothing in it needs to be escaped.
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
 * The canonical texts of some values, to be looked up.
 *
 * @param spend Takes the steps that each costs.
 * @returns `undefined` where there aren't as many.
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
