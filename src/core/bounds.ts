import { formatPointer, type Path } from './pointer.ts';
import { isRecord } from './record.ts';

/** The most JSON that is looked at, so that no input can exhaust the stack or block the thread. */
export interface Bounds {
  /** The most levels of objects and arrays inside each other. Default: 500. More than 1000 counts as 1000. */
  readonly maxDepth?: number;
  /** The most values, with each object, array and leaf counted once, in all sides together. Default: 3,000,000. */
  readonly maxValues?: number;
}

/** Past this depth a recursive walk could run out of stack if the caller has already used some of it. */
const deepest = 1000;

/**
 * Counts the values that are looked at. `count` and `measure` throw a RangeError that names the limit and the place
 * where the limit was passed.
 */
export interface Meter {
  /** Counts the members of one object or array at a place. */
  readonly count: (values: number, path: Path) => void;
  /**
   * Counts the values at a place with everything inside, and takes the steps for comparing them, so that code that
   * walks them afterwards needs no check. `false` where too few steps are left: the measuring itself took work, so it
   * costs half of the steps that are left.
   */
  readonly measure: (path: string[], ...values: readonly unknown[]) => boolean;
  /**
   * Takes steps for the work that follows. If too few are left, takes none and returns `false`, and the work must not
   * be done.
   */
  readonly spend: (steps: number) => boolean;
}

/** An index becomes a string only for an error message, because lists have many indexes. */
type Step = string | number;

/** Makes a meter that has counted nothing yet. */
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

  const spend = (wanted: number): boolean => {
    if (wanted > steps) return false;
    steps -= wanted;
    return true;
  };

  let cost = 0;

  const measure = (value: unknown, path: Step[]): void => {
    if (cost > steps) return;
    if (Array.isArray(value)) {
      count(value.length, path as Path);
      cost += value.length / 2 + 2;
      for (let index = 0; index < value.length && cost <= steps; index++) inside(value[index], path, index);
    } else if (isRecord(value)) {
      let members = 0;
      count(0, path as Path);
      for (const key in value) {
        members++;
        inside(value[key], path, key);
      }
      count(members, path as Path);
      cost += 0.75 * stepsFor(members) + 1;
    }
  };

  const inside = (value: unknown, path: Step[], step: Step): void => {
    // Leaves are most of a document, and need no path.
    if (typeof value !== 'object' || value === null) return;
    path.push(step);
    measure(value, path);
    path.pop();
  };

  return {
    count,
    spend,
    measure(path, ...values) {
      cost = 0;
      for (const value of values) measure(value, path);
      return spend(cost) || !spend(steps / 2);
    },
  };
}

/**
 * The steps for going through an object. From 1000 members on each member costs ten times as much: engines keep large
 * objects in another layout.
 */
export function stepsFor(members: number): number {
  return members < 1000 ? members + 1 : 10 * members;
}

/** The steps for making the canonical text of a value: an object or a list costs several times as much as a leaf. */
export function stepsThrough(value: unknown): number {
  if (typeof value === 'string') return 3 + (value.length >> 6);
  if (typeof value !== 'object' || value === null) return 3;
  const inside: readonly unknown[] = Array.isArray(value)
    ? value
    : isRecord(value)
      ? Object.values(value)
      : [];
  let steps = 8;
  for (const inner of inside) steps += stepsThrough(inner);
  return steps;
}

function placeOf(path: Path): string {
  const pointer = formatPointer(path.map(String));
  return pointer.length > 80 ? `${pointer.slice(0, 80)}…` : pointer || 'the root';
}
