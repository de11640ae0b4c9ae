import { equal } from './equal.ts';
import { absent } from './pointer.ts';
import { isRecord, type JsonRecord } from './record.ts';

/**
 * The result of comparing a change with the current state. `there`: all of the change is there. `back`: some place is
 * as it was before, so the change was never made, or another writer has undone it. `over`: something else stands in its
 * place.
 */
export type Trace = 'there' | 'back' | 'over';

/** The most comparisons of items, in all lists together, so that no state takes long. */
const most = 1_000_000;

/**
 * Tells what became of the change from one state to another.
 *
 * @param before `undefined` where the state before isn't known: then the current state may be that state.
 * @param after `absent` where the change was to remove the state.
 */
export function trace(before: unknown, after: unknown, now: unknown): Trace {
  let left = most;

  const visit = (before: unknown, after: unknown, now: unknown): Trace => {
    // Member by member, so that each value is compared once, however deep it is.
    if (isRecord(before) && isRecord(after) && isRecord(now)) return members(before, after, now);
    if (equal(before, after) || equal(after, now)) return 'there';
    if (before === undefined || equal(before, now)) return 'back';
    const states = [before, after, now];
    const isText = states.some((state) => typeof state === 'string' && state.includes('\n'));
    const [first, second, third] = states.map((state) => itemsOf(state, isText));
    if (first && second && third) return isWithin(first, second, third) ? 'there' : 'back';
    return 'over';
  };

  const members = (before: JsonRecord, after: JsonRecord, now: JsonRecord): Trace => {
    const at = (state: JsonRecord, name: string): unknown =>
      Object.hasOwn(state, name) ? state[name] : absent;
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    const parts = Array.from(names, (name) => visit(at(before, name), at(after, name), at(now, name)));
    return parts.includes('back') ? 'back' : parts.includes('over') ? 'over' : 'there';
  };

  /** Whether a list has all items that the change added, and none that the change removed. */
  const isWithin = (
    before: readonly unknown[],
    after: readonly unknown[],
    now: readonly unknown[],
  ): boolean => {
    left -= (before.length + now.length) * (after.length + now.length);
    if (left < 0) return false;
    const has = (list: readonly unknown[], item: unknown): boolean => list.some((one) => equal(one, item));
    const gained = after.filter((item) => !has(before, item));
    const lost = before.filter((item) => !has(after, item));
    const changed = gained.length + lost.length;
    return changed > 0 && gained.every((item) => has(now, item)) && !lost.some((item) => has(now, item));
  };

  return visit(before, after, now);
}

/** The items of a list, or the lines of a text: a merge may take some of them and leave others. */
function itemsOf(state: unknown, isText: boolean): readonly unknown[] | undefined {
  if (isText && typeof state === 'string') return state.split('\n');
  return Array.isArray(state) ? state : undefined;
}
