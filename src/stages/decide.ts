import { isResolution, isStrategy, settle, type Sides } from '../core/resolution.ts';
import type { Trace } from '../core/trace.ts';
import type { MergeContext } from '../merging.ts';
import { stopped } from '../errors.ts';
import type { Call } from '../recovery/call.ts';
import type { Intent } from '../recovery/intent.ts';
import {
  rejected,
  type Aligned,
  type ConflictVerdict,
  type Decided,
  type Target,
} from '../recovery/records.ts';
import { baseState, faultsOf, localState, leavesState } from '../recovery/states.ts';
import { sameState } from '../recovery/write-id.ts';
import type { Representation } from '../shell/representation.ts';

/** The matter to decide. */
interface Undecided {
  readonly intent: Intent;
  readonly aligned: Aligned;
  readonly latest: Representation;
  readonly reason: ConflictVerdict['reason'];
  /** Whether nothing was sent yet, as the write names its base and no version. */
  readonly isUnsent: boolean;
  /** Whether a send may have been made. */
  readonly isInDoubt: boolean;
  /** The trace of such sends. With `back`, the write isn't made again, so no person is asked. */
  readonly trace: Trace | undefined;
}

/** Has the route, and the user's functions, decide what becomes of a write. No time runs meanwhile: a person may be asked. */
export async function decide(at: Undecided, call: Call): Promise<Exclude<Decided, { kind: 'recreate' }>> {
  const { intent, aligned, latest, reason } = at;
  const { route } = call;
  const broken = await faultsOf(latest.kind, latest.content, route);
  if (broken) return rejected({ code: 'remote-invalid', reason: broken });
  if (aligned.kind === 'rejected') return aligned;
  const { sides } = aligned;
  const own = sides();
  const { base, local, remote } = own;
  // A write that wasn't sent, as it names no version, was made of the very state that is there.
  const isUntouched = at.isUnsent && sameState(route, base, remote);
  if (intent.write.method === 'DELETE') {
    if (isUntouched) return { kind: 'delete', by: 'caller' };
    const chosen = await choice(call, route.onConflict.changed, { base, remote });
    return chosen === 'delete' ? { kind: 'delete', by: 'route' } : rejected({ code: 'changed' });
  }
  if (reason === 'exists') {
    const { local, remote } = sides();
    const chosen = await choice(call, route.onConflict.exists, { local, remote });
    if (chosen === 'adopt') return { kind: 'keep' };
    if (chosen !== 'merge') return rejected({ code: 'exists' });
  }
  if (isUntouched) return { kind: 'write', value: local, by: 'caller' };
  return decideMerge(at, own, sides, call);
}

/** Has the route decide what becomes of a write whose target is gone. */
export async function decideGone(
  intent: Intent,
  target: Target,
  call: Call,
): Promise<Extract<Decided, { kind: 'recreate' | 'rejected' }>> {
  const { gone } = call.route.onConflict;
  if (gone === 'fail' || !leavesState(target, call.route)) return rejected({ code: 'gone' });
  const kind = intent.kind ?? 'json';
  const local = localState(intent, kind, undefined);
  if ('code' in local) return rejected(local);
  const states = { base: baseState(intent, kind), local: local.value };
  const chosen = await choice(call, gone, states);
  return chosen === 'recreate' ? { kind: 'recreate' } : rejected({ code: 'gone' });
}

/** The choice of a route: the word it has, or what its function returns for the states. */
async function choice<States>(
  { deadline }: Call,
  option: string | ((states: States) => unknown),
  states: States,
): Promise<unknown> {
  const chosen = new Promise((resolve) => resolve(typeof option === 'function' ? option(states) : option));
  return deadline.paused(chosen);
}

async function decideMerge(
  at: Undecided,
  own: Sides,
  sides: () => Sides,
  call: Call,
): Promise<Exclude<Decided, { kind: 'recreate' | 'delete' }>> {
  const { write, journal, deadline } = call;
  const decision = await deadline.paused(merge(at, own, sides, call));
  if (decision === undefined)
    throw stopped(
      write.method,
      write.url,
      'merge-error',
      'The merge returned undefined (did it forget a return?)',
    );
  if (!isResolution(decision)) return { kind: 'write', value: decision, by: 'merge' };
  journal.tell(journal.attempt + 1, { kind: 'merge', decision: decision.kind });
  if (decision.kind === 'keep-remote') return { kind: 'keep' };
  const { reason, conflicts = [] } = decision;
  return { kind: 'undecided', reason, conflicts, merged: decision.merged ?? sides().remote };
}

/**
 * Has the merge decide and, where it gives up, the route's `onConflict.edited`.
 *
 * @param own The states that the merge gets. Everything else gets copies of its own.
 */
async function merge(
  { reason, isInDoubt, trace }: Undecided,
  own: Sides,
  sides: () => Sides,
  { route, deadline, journal }: Call,
): Promise<unknown> {
  // A strategy that the decision is left to gets copies that the user's function hasn't touched.
  const settled = (decision: unknown): unknown =>
    isStrategy(decision) ? settle(decision, sides()) : decision;
  const circumstances = {
    attempt: journal.attempt + 1,
    reason,
    maybeApplied: isInDoubt,
    signal: deadline.signal,
  };
  const context: MergeContext = { ...own, ...circumstances };
  const decision = settled(await route.merge(context));
  if (!isResolution(decision) || decision.kind !== 'give-up') return decision;
  const { edited } = route.onConflict;
  if (edited === 'fail' || trace === 'back') return decision;
  const { conflicts = [], merged = sides().remote } = decision;
  const answer = settled(await edited({ ...sides(), ...circumstances, merged, conflicts }));
  // A function that leaves it open needn't repeat what was contested.
  return isResolution(answer) && answer.kind !== 'keep-remote' ? { conflicts, merged, ...answer } : answer;
}
