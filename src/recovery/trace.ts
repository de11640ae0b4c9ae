import { absent } from '../core/pointer.ts';
import { trace, type Trace } from '../core/trace.ts';
import { valueOf } from '../shell/representation.ts';
import { isNew } from './lost.ts';
import { isCreating, localOf, theirs, type Matter } from './rewrite.ts';
import type { Merged } from './run.ts';
import { bare, stateOf } from './stamp.ts';

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
