import { equal } from '../core/equal.ts';
import { absent } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import { isNew } from './lost.ts';
import { isCreating, localOf, theirs, type Matter } from './rewrite.ts';
import type { Merged } from './run.ts';
import { bare, stateOf } from './stamp.ts';
import { valueOf } from '../shell/representation.ts';

/**
 * What became of a change, as the state that is there shows it. `there`: all of it is there. `back`: some place of it is as
 * it was before, so it was never made, or somebody has taken it back. `over`: something else stands there.
 */
export type Trace = 'there' | 'back' | 'over';

/** What the state that is there shows of the sends that are in doubt. */
export function traceOf(matter: Matter): Trace {
  const { run, remote } = matter;
  const now = bare(run.route, theirs(matter));
  const found = run.doubts.map((sent) => {
    const { before, after } = changeBy(sent, matter);
    const state = remote.kind === 'json' ? now : theirs(matter);
    return sent.isPart || before === absent ? 'over' : trace(before, after, state);
  });
  return found.find((one) => one === 'there') ?? found.find((one) => one === 'back') ?? 'over';
}

/** What a send changes: a state into another. `absent` stands for what has no state before it. */
function changeBy(sent: Merged, matter: Matter): { readonly before: unknown; readonly after: unknown } {
  const { run, asked, remote } = matter;
  const { route } = run;
  const { kind } = remote;
  const of = sent.remote;
  if (!of && (isNew(run, sent) || isCreating(run, asked.version))) return { before: absent, after: absent };
  const from = of ? valueOf(of.kind, of.content, route) : asked.base(kind);
  const before = from === undefined ? undefined : bare(route, from);
  if (sent.rewrite.method === 'DELETE') return { before: before ?? absent, after: absent };
  const made = stateOf(sent, kind, route);
  const local = made === absent ? localOf(matter, kind, theirs(matter)) : { value: made };
  // What isn't understood is stopped for that.
  return 'code' in local ? { before: absent, after: absent } : { before, after: bare(route, local.value) };
}

/** @param before `undefined` where nobody knows it: then what is there may be that. */
function trace(before: unknown, after: unknown, now: unknown): Trace {
  if (equal(before, after) || equal(after, now)) return 'there';
  if (before === undefined || equal(before, now)) return 'back';
  if (Array.isArray(before) && Array.isArray(after) && Array.isArray(now))
    return isWithin(before, after, now) ? 'there' : 'back';
  if (!isRecord(before) || !isRecord(after) || !isRecord(now)) return 'over';
  const at = (state: Readonly<Record<string, unknown>>, name: string): unknown =>
    Object.hasOwn(state, name) ? state[name] : absent;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const parts = [...names].map((name) => trace(at(before, name), at(after, name), at(now, name)));
  return parts.find((one) => one === 'back') ?? parts.find((one) => one === 'over') ?? 'there';
}

/** The most comparisons of items, so that no list takes long. */
const most = 1_000_000;

/** Whether a list has what another one has gained, and nothing of what that has lost. */
function isWithin(before: readonly unknown[], after: readonly unknown[], now: readonly unknown[]): boolean {
  if ((before.length + now.length) * (after.length + now.length) > most) return false;
  const has = (list: readonly unknown[], item: unknown): boolean => list.some((one) => equal(one, item));
  const gained = after.filter((item) => !has(before, item));
  const lost = before.filter((item) => !has(after, item));
  const changed = gained.length + lost.length;
  return changed > 0 && gained.every((item) => has(now, item)) && !lost.some((item) => has(now, item));
}
