import { canonicals } from '../core/canonical.ts';
import { equal } from '../core/equal.ts';
import { formatPointer } from '../core/pointer.ts';
import { isRecord, memberOf, type JsonRecord } from '../core/record.ts';
import { outsideCommon } from './subsequence.ts';

/** An operation as it is sent. */
export type Change =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** Steps of comparing items with each other, in all lists. Past them a list's items are changed one by one, in their places. */
const mostSteps = 1e6;

/** The operations that turn one value into another, in time that grows with their size. */
export function changesBetween(before: unknown, after: unknown): readonly Change[] {
  const changes: Change[] = [];
  let left = mostSteps;
  const spend = (steps: number): boolean => steps <= left && (left -= steps) >= 0;

  const visit = (one: unknown, other: unknown, path: string): void => {
    if (isRecord(one) && isRecord(other)) members(one, other, path);
    else if (Array.isArray(one) && Array.isArray(other)) items(one, other, path);
    else if (!equal(one, other)) changes.push({ op: 'replace', path, value: other });
  };

  const members = (one: JsonRecord, other: JsonRecord, path: string): void => {
    const at = (name: string): string => path + formatPointer([name]);
    // JSON drops a member that is undefined, so it counts as none.
    for (const name of Object.keys(one))
      if (one[name] !== undefined && memberOf(other, name) === undefined)
        changes.push({ op: 'remove', path: at(name) });
    for (const name of Object.keys(other)) {
      const value = other[name];
      if (value === undefined) continue;
      const present = memberOf(one, name);
      if (present === undefined) changes.push({ op: 'add', path: at(name), value });
      else visit(present, value, at(name));
    }
  };

  const items = (one: readonly unknown[], other: readonly unknown[], path: string): void => {
    const shorter = Math.min(one.length, other.length);
    let head = 0;
    while (head < shorter && equal(one[head], other[head])) head++;
    let tail = 0;
    while (tail < shorter - head && equal(one[one.length - 1 - tail], other[other.length - 1 - tail])) tail++;
    const gone = one.slice(head, one.length - tail);
    const come = other.slice(head, other.length - tail);
    const common = gone.length > 0 && come.length > 0 ? commonOf(gone, come) : undefined;
    // From the end: what is done at a place moves nothing before it.
    let [from, to] = [gone.length, come.length];
    while (from > 0 || to > 0) {
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

  /** Some items in place of some others: each in the place of one, as far as they go. */
  const run = (one: readonly unknown[], other: readonly unknown[], index: number, path: string): void => {
    const both = Math.min(one.length, other.length);
    for (let at = both; at < one.length; at++)
      changes.push({ op: 'remove', path: `${path}/${index + both}` });
    for (let at = both; at < other.length; at++)
      changes.push({ op: 'add', path: `${path}/${index + at}`, value: other[at] });
    for (let at = 0; at < both; at++) visit(one[at], other[at], `${path}/${index + at}`);
  };

  const commonOf = (one: readonly unknown[], other: readonly unknown[]): ReturnType<typeof outsideCommon> => {
    const [before, after] = [one, other].map((side) => canonicals(side, spend));
    return before && after && outsideCommon(before, after, spend);
  };

  visit(before, after, '');
  return changes;
}
