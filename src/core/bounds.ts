import { formatPointer } from './pointer.ts';
import { isOpaque, isRecord } from './record.ts';

/** How much one JSON value may hold. */
export interface Bounds {
  /** Levels of objects and arrays inside each other. Default: 500; more than 1000 can't be asked for. */
  readonly maxDepth?: number;
  /** Values in all, each object, array and leaf counted once. Default: 1,000,000. */
  readonly maxValues?: number;
}

/** Past this a recursive walk could run out of stack where the caller has used some of it. */
const deepest = 1000;

/**
 * Checks that a value is JSON within bounds, so that whoever walks it afterwards needs no care.
 *
 * @param name What the value is called in messages: `local`.
 * @throws {RangeError} when it is too deep or too large: the message names the limit, and where it was passed.
 * @throws {TypeError} for a value that JSON has no words for: a function, a symbol, a `Map`.
 */
export function assertBounds(
  value: unknown,
  name: string,
  { maxDepth = 500, maxValues = 1e6 }: Bounds,
): void {
  const path: string[] = [];
  const levels = Math.min(maxDepth, deepest);
  let left = maxValues;

  const where = () => {
    const pointer = formatPointer(path);
    return pointer.length > 80 ? `${pointer.slice(0, 80)}…` : pointer || 'the root';
  };

  const count = (node: unknown, depth: number): void => {
    if (--left < 0) {
      throw new RangeError(
        `${name} has more than ${maxValues} values (passed at ${where()}). Raise maxValues?`,
      );
    }
    if (typeof node === 'function' || typeof node === 'symbol') {
      throw new TypeError(`${name} has a ${typeof node} at ${where()}, which is no JSON value.`);
    }
    if (typeof node !== 'object' || node === null) return;
    if (depth >= levels) {
      throw new RangeError(`${name} is nested deeper than ${levels} levels at ${where()}. Raise maxDepth?`);
    }
    if (Array.isArray(node)) {
      for (let index = 0; index < node.length; index++) member(String(index), node[index], depth);
    } else if (isRecord(node)) {
      for (const key of Object.keys(node)) member(key, node[key], depth);
    } else if (isOpaque(node)) {
      throw new TypeError(`${name} has ${String(node)} at ${where()}, which can't be compared by value.`);
    }
  };

  const member = (step: string, node: unknown, depth: number): void => {
    path.push(step);
    count(node, depth + 1);
    path.pop();
  };

  count(value, 0);
}
