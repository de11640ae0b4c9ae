import { leavesOpen } from '../core/outcome.ts';
import { isStrategy } from '../core/resolution.ts';
import type { Reason } from '../report.ts';
import type { Route } from '../route.ts';
import { valueOf, type Representation } from '../shell/representation.ts';
import type { Asked } from './asked.ts';
import { moved } from './reread.ts';
import { isCreating } from './prepare.ts';
import type { Failure, Merged, Run } from './run.ts';
import { isDisproved, sameState, stateOf, writeIdsIn } from './stamp.ts';

/** A send that came to no answer of the server's own: whether the write was made is to be found out. */
export interface Lost {
  readonly kind: 'lost';
  /** The answer that doesn't tell; `undefined` where none came. */
  readonly response: Response | undefined;
  /** What was sent. */
  readonly sent: Merged;
  /** Whether it may have been made. It wasn't with 429, if it never left, or where the route says 'in-progress'. */
  readonly isOpen: boolean;
}

/** Whether the server has answered for itself: the send didn't fail, nor did a gateway or an overload get in between. */
export function isAnswered({ route }: Run, answer: Response | Failure): answer is Response {
  if ('failure' in answer) return false;
  const { status, redirected } = answer;
  return (status !== 429 && !leavesOpen(status)) || redirected || route.statusCodes.includes(status);
}

/**
 * Takes down a send that was lost.
 *
 * @param isAtWork Whether the server says that it is still at work on this very write.
 */
export function lost(run: Run, answer: Response | Failure, sent: Merged, isAtWork = false): Lost {
  const isFailed = 'failure' in answer;
  run.inFlight = false;
  const isOpen = isFailed ? !run.journal.isUnsent : isAtWork || leavesOpen(answer.status);
  if (isOpen) run.doubts.push(sent);
  run.journal.lost(isFailed ? undefined : answer.status, isOpen);
  return { kind: 'lost', response: isFailed ? undefined : answer, sent, isOpen };
}

/** Why a lost write ends, where nothing more can be done about it. */
export function givenUp({ doubts }: Run, { isOpen, response }: Lost): Reason {
  if (isOpen || doubts.length > 0) return { code: 'outcome-unknown' };
  return { code: response ? 'not-a-conflict' : 'network-error' };
}

/** Whether the very same request may go out again without a look: it does no harm if it was made before. */
export function isRepeatable(run: Run, { sent, isOpen }: Lost): boolean {
  return (!isOpen && isConditional(run, sent)) || hasKey(run, sent);
}

/** Whether a look at the resource can tell what became of a send. */
export function isTraceable(run: Run, { sent, isOpen }: Lost): boolean {
  const { rewrite, content } = sent;
  if (!isOpen) return false;
  if (replaces(run, sent)) return true;
  const isStamped = run.journal.writeId !== undefined;
  // What a POST creates is elsewhere.
  if (rewrite.method === 'POST' && isCreating(run, sent.version)) return false;
  return isStamped || rewrite.method === 'DELETE' || (content !== undefined && isWhole(run.route, sent));
}

/** Whether a send says which state it replaces, be it by having none to name. Of a POST only a precondition says it. */
function replaces(run: Run, sent: Merged): boolean {
  return isConditional(run, sent) || (sent.version !== undefined && sent.rewrite.method !== 'POST');
}

function isConditional(run: Run, sent: Merged): boolean {
  return (sent.version !== undefined && sent.version.length > 0) || isNew(run, sent);
}

/** Whether a send is refused where there is something: it says so, or its server takes one without a version for it. */
export function isNew({ route }: Run, { version, rewrite }: Merged): boolean {
  const isBare = version === undefined && rewrite.method === route.writeBy;
  return rewrite.headers.has('if-none-match') || (isBare && route.version.absent === 'creates');
}

/** A key of the caller's own says nothing of the server, so where there is a version that goes first. */
function hasKey(run: Run, sent: Merged): boolean {
  const isSure = run.route.idempotencyKey || !isConditional(run, sent);
  return isSure && sent.rewrite.headers.has('idempotency-key');
}

/** Whether an equal state is as good as this write: it says a whole state, and equal changes don't add up. */
function isWhole({ merge, idempotent, means, writeBy }: Route, { rewrite }: Merged): boolean {
  const isAdditive = isStrategy(merge) && merge.additive;
  const saysState = means === 'state' && (rewrite.method === 'PUT' || rewrite.method === writeBy);
  return saysState && (idempotent ?? !isAdditive);
}

/**
 * What the state that is there says of this write. `applied`: it was made; a proxy may have sent it twice, so the id is
 * looked for in any case. `unchanged`: the last send was not made. `disproved`: none was.
 *
 * @param last The last send, if it was lost.
 */
export function evidence(
  run: Run,
  asked: Asked,
  last: Merged | undefined,
  remote: Representation,
): 'applied' | 'unchanged' | 'disproved' | 'unclear' {
  const { route, doubts, id } = run;
  const ids = id === undefined ? undefined : writeIdsIn(run, remote);
  if (id !== undefined && [ids].flat().includes(id)) return 'applied';
  if (doubts.length === 0) return 'disproved';
  if (last && isUnmade(run, asked, last, remote)) return 'unchanged';
  // The very version that each was to replace is still there.
  const areUnmade = doubts.every((sent) => sent.version?.length && isUnmade(run, asked, sent, remote));
  if (areUnmade || isDisproved(run, doubts, ids)) return 'disproved';
  const { kind } = remote;
  const theirs = valueOf(kind, remote.content, route);
  // Two may have made the same, and only one of them has.
  const isThere = doubts.some(
    (sent) =>
      isWhole(route, sent) && !isNew(run, sent) && sameState(route, stateOf(sent, kind, route), theirs),
  );
  return isThere ? 'applied' : 'unclear';
}

/** Whether what a send was to replace is still there. */
function isUnmade(run: Run, asked: Asked, sent: Merged, remote: Representation): boolean {
  const { version: refused, remote: seen } = sent;
  return refused !== undefined && replaces(run, sent) && !moved(run, asked, { refused, seen }, remote);
}

/** Whether the write may be made once more, onto a state that may hold it already. */
export function isSafeTwice(run: Run, sent: Merged | undefined, isExisting: boolean): boolean {
  const { write, route } = run;
  const { merge, idempotent, means, onExists, onStaleDelete } = route;
  if (write.method === 'DELETE') return onStaleDelete !== 'fail';
  // An unconditional write says nothing of what it was to replace.
  if (sent && !replaces(run, sent)) return false;
  if (isExisting && onExists !== 'merge') return onExists === 'adopt';
  return idempotent ?? (means === 'state' && isStrategy(merge) && merge.idempotent);
}
