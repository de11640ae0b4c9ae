import { formatPointer, type Path } from './pointer.ts';
import { isRecord } from './record.ts';

/** How much JSON is looked at, so that no input can exhaust the stack or hold the thread. */
export interface Bounds {
  /** Levels of objects and arrays inside each other. Default: 500; more than 1000 can't be asked for. */
  readonly maxDepth?: number;
  /** Values, each object, array and leaf counted once, in all sides together. Default: 3,000,000. */
  readonly maxValues?: number;
}

/** Past this a recursive walk could run out of stack where the caller has used some of it. */
const deepest = 1000;

/** Counts what is looked at. `count` and `measure` throw a RangeError that names the limit and the place where it was passed. */
export interface Meter {
  /** Counts the members of one object or array at a place. */
  readonly count: (values: number, path: Path) => void;
  /** Counts a value with all that is inside, and says how much that is: who walks it afterwards needs no care. */
  readonly measure: (value: unknown, path: Path) => number;
  /** Takes steps for what comes next. Where there aren't as many left it takes none, and what was to come must not. */
  readonly spend: (steps: number) => boolean;
}

/** A meter that starts from nothing counted. */
export function createMeter({ maxDepth = 500, maxValues = 3e6 }: Bounds, maxSteps = Infinity): Meter {
  const levels = Math.min(maxDepth, deepest);
  let left = maxValues;
  let steps = maxSteps;

  const count = (values: number, path: Path): void => {
    left -= values;
    const tooDeep = path.length >= levels;
    if (!tooDeep && left >= 0) return;
    const [limit, option] = tooDeep
      ? [`Nested deeper than ${levels} levels`, 'maxDepth']
      : [`More than ${maxValues} values`, 'maxValues'];
    throw new RangeError(`${limit} at ${placeOf(path)}. Raise ${option} if that is meant.`);
  };

  const measure = (value: unknown, path: string[]): void => {
    if (!Array.isArray(value) && !isRecord(value)) return;
    const keys = isRecord(value) ? Object.keys(value) : undefined;
    const values: readonly unknown[] = isRecord(value) ? Object.values(value) : value;
    count(values.length, path);
    for (let index = 0; index < values.length; index++) {
      // Leaves are most of a document, and need no path.
      if (typeof values[index] !== 'object') continue;
      path.push(keys?.[index] ?? String(index));
      measure(values[index], path);
      path.pop();
    }
  };

  return {
    count,
    measure(value, path) {
      const before = left;
      measure(value, [...path]);
      return before - left;
    },
    spend(wanted) {
      if (wanted > steps) return false;
      steps -= wanted;
      return true;
    },
  };
}

/** What it costs to go through a value, in the steps of a merge: an object or a list costs several times what a leaf does. */
export function stepsThrough(value: unknown): number {
  let steps = 0;
  // No recursion: a document may be deeper than the stack.
  const left: unknown[] = [[value]];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    steps += 8;
    const inside: readonly unknown[] = Array.isArray(one) ? one : isRecord(one) ? Object.values(one) : [];
    for (const inner of inside) {
      if (typeof inner === 'object' && inner !== null) left.push(inner);
      else steps += 2 + (typeof inner === 'string' ? inner.length >> 6 : 0);
    }
  }
  return steps;
}

function placeOf(path: Path): string {
  const pointer = formatPointer(path);
  return pointer.length > 80 ? `${pointer.slice(0, 80)}…` : pointer || 'the root';
}
