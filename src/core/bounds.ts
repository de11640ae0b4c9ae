import { formatPointer, type Path } from './pointer.ts';
import { isOpaque, isRecord } from './record.ts';

/** How much JSON is looked at, so that no input can exhaust the stack or hold the thread. */
export interface Bounds {
  /** Levels of objects and arrays inside each other. Default: 500; more than 1000 can't be asked for. */
  readonly maxDepth?: number;
  /** Values, each object, array and leaf counted once, in all sides together. Default: 3,000,000. */
  readonly maxValues?: number;
}

/** Past this a recursive walk could run out of stack where the caller has used some of it. */
const deepest = 1000;

/** Counts what is looked at. Every method throws a RangeError that names the limit and the place where it was passed. */
export interface Meter {
  /** Counts the members of one object or array at a place. */
  readonly count: (values: number, path: Path) => void;
  /**
   * Counts a value with all that is inside: who walks it afterwards needs no care.
   *
   * @throws {TypeError} also for a value that JSON has no words for: a function, a symbol, a `Map`.
   */
  readonly measure: (value: unknown, path: Path) => void;
}

/** A meter that starts from nothing counted. */
export function createMeter({ maxDepth = 500, maxValues = 3e6 }: Bounds): Meter {
  const levels = Math.min(maxDepth, deepest);
  let left = maxValues;

  const count = (values: number, path: Path): void => {
    if (path.length >= levels) {
      throw new RangeError(
        `Nested deeper than ${levels} levels at ${placeOf(path)}. Raise maxDepth if that is meant.`,
      );
    }
    left -= values;
    if (left < 0) {
      throw new RangeError(
        `More than ${maxValues} values at ${placeOf(path)}. Raise maxValues if that is meant.`,
      );
    }
  };

  const measureMembers = (node: object, path: string[]): void => {
    const isArray = Array.isArray(node);
    if (!isArray && !isRecord(node)) {
      if (isOpaque(node)) throw notJson(node.constructor.name, path);
      return;
    }
    const values = Object.values(node) as unknown[];
    const keys = isArray ? undefined : Object.keys(node);
    count(values.length, path);
    for (const [index, value] of values.entries()) {
      if (
        typeof value === 'object' ? value === null : typeof value !== 'function' && typeof value !== 'symbol'
      )
        continue;
      path.push(keys?.[index] ?? String(index));
      measure(value, path);
      path.pop();
    }
  };

  const measure = (value: unknown, path: string[]): void => {
    if (typeof value === 'function' || typeof value === 'symbol') throw notJson(typeof value, path);
    if (typeof value === 'object' && value !== null) measureMembers(value, path);
  };

  return { count, measure: (value, path) => measure(value, [...path]) };
}

function notJson(what: string, path: Path): TypeError {
  return new TypeError(`A ${what} at ${placeOf(path)} is no JSON value and can't be compared as one.`);
}

function placeOf(path: Path): string {
  const pointer = formatPointer(path);
  return pointer.length > 80 ? `${pointer.slice(0, 80)}…` : pointer || 'the root';
}
