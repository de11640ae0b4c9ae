import { absent } from '../core/pointer.ts';
import { trace, type Trace } from '../core/trace.ts';
import { valueOf } from '../shell/representation.ts';
import { isNew } from './lost.ts';
import { isCreating } from './prepare.ts';
import { localOf, theirs, type Matter } from './rewrite.ts';
import type { Merged } from './run.ts';
import { bare, stateOf } from './stamp.ts';

/** What the state that is there shows of the sends that are in doubt. Where nobody takes back, nothing is `back`. */
export function traceOf(matter: Matter): Trace {
  const { run } = matter;
  const now = bare(run.route, theirs(matter));
  const found = run.doubts.map((sent) => traceOfSend(sent, matter, now));
  if (found.includes('there')) return 'there';
  return run.route.reverts && found.includes('back') ? 'back' : 'over';
}

function traceOfSend(sent: Merged, matter: Matter, now: unknown): Trace {
  const { run, asked, remote } = matter;
  const { route } = run;
  const { kind } = remote;
  const of = sent.remote;
  const isCreated = !of && (isNew(run, sent) || isCreating(run, asked.version));
  // What there was nothing of before can't be back, and its twin may be of another.
  if (isCreated || sent.isPart) return 'over';
  const from = of ? valueOf(of.kind, of.content, route) : asked.base(kind);
  const before = from === undefined ? undefined : bare(route, from);
  if (sent.rewrite.method === 'DELETE') return before === undefined ? 'over' : trace(before, absent, now);
  const made = stateOf(sent, kind, route);
  const local = made === absent ? localOf(matter, kind, theirs(matter)) : { value: made };
  // What isn't understood is stopped for that.
  return 'code' in local ? 'over' : trace(before, bare(route, local.value), now);
}
