import type { MediaKind } from '../core/media.ts';
import { absent } from '../core/pointer.ts';
import { isStrategy } from '../core/resolution.ts';
import { trace, type Trace } from '../core/trace.ts';
import { isNew, replaces } from '../recovery/creating.ts';
import type { Intent } from '../recovery/intent.ts';
import { versionMoved } from '../recovery/moved.ts';
import type { ConflictVerdict, Evidence, Prepared } from '../recovery/records.ts';
import { localState, remoteState } from '../recovery/states.ts';
import {
  bare,
  isDisproved,
  provesByEquality,
  sameState,
  saysUnseen,
  stateOf,
  writeIdsIn,
} from '../recovery/write-id.ts';
import type { Route } from '../route.ts';
import type { Representation } from '../shell/representation.ts';

/** The sends in doubt, and the state that is there now. */
interface Weighed {
  readonly intent: Intent;
  /** The write's own id, where the route gives writes one. */
  readonly id: string | undefined;
  readonly inDoubt: readonly Prepared[];
  /** The last send, if its answer was lost. */
  readonly last: Prepared | undefined;
  /** Why the write was refused, or would have been. */
  readonly reason: ConflictVerdict['reason'];
  /** `undefined` where nothing is there. */
  readonly latest: Representation | undefined;
}

/**
 * Says what the latest state proves of the sends in doubt. A proxy may have sent a write twice, so its id is looked for in any
 * case.
 */
export function weigh(at: Weighed, route: Route): Evidence {
  const { intent, id, inDoubt, last, latest } = at;
  if (!latest) {
    // It was to be created, and isn't there.
    if (last && isNew(last, route)) return { kind: 'not-applied', sent: last };
    return inDoubt.length === 0
      ? { kind: 'none-applied' }
      : { kind: 'unclear', mayRepeat: mayRepeat(at, route) };
  }
  const ids = id === undefined ? undefined : writeIdsIn(route, latest);
  if (id !== undefined && [ids].flat().includes(id)) return { kind: 'applied' };
  if (inDoubt.length === 0) return { kind: 'none-applied' };
  const isThere = (sent: Prepared): boolean => isUnmade(sent, latest, intent, route);
  if (last && isThere(last)) return { kind: 'not-applied', sent: last };
  // The very version that each was to replace is still there.
  const areUnmade = inDoubt.every((sent) => sent.version?.length && isThere(sent));
  if (areUnmade || isDisproved(inDoubt, ids, id, route)) return { kind: 'none-applied' };
  const theirs = remoteState(latest, route);
  // Two may have made the same, and only one of them has.
  const isEqual = inDoubt.some(
    (sent) =>
      provesByEquality(sent, route) &&
      !isNew(sent, route) &&
      sameState(route, stateOf(sent, latest.kind, route), theirs) &&
      changesSeen(sent, latest.kind, intent, route),
  );
  if (isEqual) return { kind: 'applied' };
  if (!mayRepeat(at, route)) return { kind: 'unclear', mayRepeat: false };
  return { kind: 'unclear', mayRepeat: true, trace: traceOf(inDoubt, latest, intent, route) };
}

/** Whether a send changes something that a read shows. If not, an equal state was there before, and proves nothing. */
function changesSeen(sent: Prepared, kind: MediaKind, intent: Intent, route: Route): boolean {
  const made = stateOf(sent, kind, route);
  const before = stateBefore(sent, kind, intent, route);
  if (!saysUnseen(route, made, before)) return true;
  return before !== undefined && !sameState(route, before, made);
}

/** The state that a send was made of; `undefined` where it isn't known. */
function stateBefore({ latest }: Prepared, kind: MediaKind, intent: Intent, route: Route): unknown {
  return latest ? remoteState(latest, route) : intent.base(kind);
}

/** Whether what a send was to replace is still there. */
function isUnmade(sent: Prepared, remote: Representation, intent: Intent, route: Route): boolean {
  const { version: refused, latest } = sent;
  return (
    refused !== undefined &&
    replaces(sent, route) &&
    !versionMoved({ refused, latest }, remote, intent, route)
  );
}

/** Whether the write may be made once more, onto a state that may hold it already. */
function mayRepeat({ intent, inDoubt, reason, latest }: Weighed, route: Route): boolean {
  const sent = inDoubt.at(-1);
  if (latest && inDoubt.some((one) => saysUnseen(route, madeBy(one, latest, intent, route), undefined)))
    return false;
  const { merge, means, onConflict } = route;
  if (intent.write.method === 'DELETE') return onConflict.changed !== 'fail';
  // An unconditional write says nothing of what it was to replace.
  if (sent && !replaces(sent, route)) return false;
  if (reason === 'exists' && onConflict.exists !== 'merge') return onConflict.exists === 'adopt';
  // A ready-made merge knows nothing of actions: it may do them twice.
  return merge.repeatable === true && (means !== 'actions' || !isStrategy(merge));
}

/** The trace of the sends in doubt in the latest state. With `reverts: false` it is never `back`. */
function traceOf(inDoubt: readonly Prepared[], latest: Representation, intent: Intent, route: Route): Trace {
  const now = bare(route, remoteState(latest, route));
  const found = inDoubt.map((sent) => traceOfSend(sent, now, latest, intent, route));
  if (found.includes('there')) return 'there';
  return route.reverts && found.includes('back') ? 'back' : 'over';
}

function traceOfSend(
  sent: Prepared,
  now: unknown,
  remote: Representation,
  intent: Intent,
  route: Route,
): Trace {
  const { kind } = remote;
  const of = sent.latest;
  const isCreated = !of && (isNew(sent, route) || intent.creates);
  // A created resource has no state before to be back at, and an equal one may be another writer's.
  if (isCreated || sent.isPart) return 'over';
  const from = stateBefore(sent, kind, intent, route);
  const before = from === undefined ? undefined : bare(route, from);
  if (sent.request.method === 'DELETE') return before === undefined ? 'over' : trace(before, absent, now);
  const made = madeBy(sent, remote, intent, route);
  // A body that can't be understood ends the write later, for that reason.
  return made === absent ? 'over' : trace(before, bare(route, made), now);
}

/** The state that a send makes, or the one that its caller asked for; `absent` for a body that can't be understood. */
function madeBy(sent: Prepared, remote: Representation, intent: Intent, route: Route): unknown {
  const made = stateOf(sent, remote.kind, route);
  if (made !== absent) return made;
  const local = localState(intent, remote.kind, remoteState(remote, route));
  return 'code' in local ? absent : local.value;
}
