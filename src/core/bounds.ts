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
  /**
   * Counts the values at a place with all that is inside, and takes the steps for comparing them: who walks them afterwards needs no
   * care. `false` where there aren't as many: as much was looked at, so it takes half of what is left.
   */
  readonly measure: (path: string[], ...values: readonly unknown[]) => boolean;
  /** Takes steps for what comes next. Where there aren't as many left it takes none, and what was to come must not. */
  readonly spend: (steps: number) => boolean;
}

/** An index becomes a text only where somebody is told of it: lists have many. */
type Step = string | number;

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

/** Steps for going through an object. One of more members than an engine lays out takes several times as long for each. */
export function stepsFor(members: number): number {
  return members < 1000 ? members + 1 : 10 * members;
}

/** What it costs to make the canonical text of a value, in the steps of a merge: an object or a list costs several times what a leaf does. */
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
