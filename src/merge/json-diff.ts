import { createMeter, stepsFor } from '../core/bounds.ts';
import { canonicals } from '../core/canonical.ts';
import { equal } from '../core/equal.ts';
import { formatPointer } from '../core/pointer.ts';
import { isRecord, memberOf, type JsonRecord } from '../core/record.ts';
import { outsideCommon } from './subsequence.ts';

/** An operation of a JSON Patch, as it is sent. */
export type Change =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** The steps that a change costs: an object with a pointer of its own, which is also sent. */
const stepsOfChange = 5;

/**
 * Returns the operations that turn one value into another. Where they can't be found within the steps, there is one
 * operation, which replaces the whole document. Half of the steps are for comparing the items of lists with each other.
 * Once those are spent, the items of a list are changed one by one, in their places.
 */
export function changesBetween(before: unknown, after: unknown, maxSteps: number): readonly Change[] {
  const changes: Change[] = [];
  const bounds = { maxDepth: 1000, maxValues: Infinity };
  const pairing = createMeter(bounds, maxSteps / 2);
  const meter = createMeter(bounds, maxSteps / 2);
  // A function, because TypeScript doesn't see that a call changes the variable.
  let past = false;
  const isPast = (): boolean => past;

  /** Takes steps. Once too few are left, everything that follows ends at once. */
  const spend = (steps: number): boolean => {
    past ||= !meter.spend(steps);
    return !isPast();
  };

  const isSame = (one: unknown, other: unknown): boolean => {
    // Most leaves are the same, and need no measuring.
    if (one === other) return true;
    past ||= !meter.measure([], one, other);
    return !isPast() && equal(one, other);
  };

  const change = (one: Change): void => {
    if (spend(stepsOfChange)) changes.push(one);
  };

  const visit = (one: unknown, other: unknown, path: string): void => {
    if (isRecord(one) && isRecord(other)) members(one, other, path);
    else if (Array.isArray(one) && Array.isArray(other)) items(one, other, path);
    else if (!isSame(one, other)) change({ op: 'replace', path, value: other });
  };

  const members = (one: JsonRecord, other: JsonRecord, path: string): void => {
    const [names, wanted] = [Object.keys(one), Object.keys(other)];
    if (!spend(stepsFor(names.length) + stepsFor(wanted.length))) return;
    const at = (name: string): string => path + formatPointer([name]);
    // JSON drops a member that is undefined, so such a member counts as missing.
    for (const name of names)
      if (one[name] !== undefined && memberOf(other, name) === undefined)
        change({ op: 'remove', path: at(name) });
    for (const name of wanted) {
      if (isPast()) return;
      const value = other[name];
      if (value === undefined) continue;
      const present = memberOf(one, name);
      if (present === undefined) change({ op: 'add', path: at(name), value });
      else if (present !== value) visit(present, value, at(name));
    }
  };

  const items = (one: readonly unknown[], other: readonly unknown[], path: string): void => {
    if (!spend((one.length + other.length) / 2)) return;
    const shorter = Math.min(one.length, other.length);
    let head = 0;
    while (head < shorter && isSame(one[head], other[head])) head++;
    let tail = 0;
    while (tail < shorter - head && isSame(one[one.length - 1 - tail], other[other.length - 1 - tail]))
      tail++;
    if (isPast()) return;
    const gone = one.slice(head, one.length - tail);
    const come = other.slice(head, other.length - tail);
    const common = gone.length > 0 && come.length > 0 ? commonOf(gone, come) : undefined;
    // From the end: an operation at an index moves no item before that index.
    let [from, to] = [gone.length, come.length];
    while ((from > 0 || to > 0) && !isPast()) {
      if (common && from > 0 && to > 0 && !common.removed[from - 1] && !common.added[to - 1]) {
        from--;
        to--;
        continue;
      }
      let [first, start] = [from, to];
      while (first > 0 && (!common || common.removed[first - 1])) first--;
      while (start > 0 && (!common || common.added[start - 1])) start--;
      run(gone.slice(first, from), come.slice(start, to), head + first, path);
      [from, to] = [first, start];
    }
  };

  /** Replaces a run of items by another run: item by item as far as both go, then removes or adds the rest. */
  const run = (one: readonly unknown[], other: readonly unknown[], index: number, path: string): void => {
    const both = Math.min(one.length, other.length);
    for (let at = both; at < one.length && !isPast(); at++)
      change({ op: 'remove', path: `${path}/${index + both}` });
    for (let at = both; at < other.length && !isPast(); at++)
      change({ op: 'add', path: `${path}/${index + at}`, value: other[at] });
    for (let at = 0; at < both && !isPast(); at++) visit(one[at], other[at], `${path}/${index + at}`);
  };

  const commonOf = (one: readonly unknown[], other: readonly unknown[]): ReturnType<typeof outsideCommon> => {
    const [before, after] = [one, other].map((side) => canonicals(side, pairing.spend));
    return before && after && outsideCommon(before, after, pairing.spend);
  };

  visit(before, after, '');
  return isPast() ? [{ op: 'replace', path: '', value: after }] : changes;
}
