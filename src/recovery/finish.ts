import { RecoveryError } from '../errors.ts';
import { attachAbortReport, attachReport } from '../outcomes.ts';
import type { Outcome, Reason } from '../report.ts';
import { discard } from '../shell/body.ts';
import { responseOf, type Representation } from '../shell/representation.ts';
import { isRedirect } from '../shell/transport.ts';
import { asRefused, close, end, outcomeOf, take } from './accept.ts';
import { isGone } from './shown.ts';
import type { Call } from './call.ts';
import type { Prepared, Progress } from './records.ts';

/** Nothing was written. A delete of what is gone is a success all the same. */
export function stop(call: Call, refused: Response | undefined, reason: Reason): Response {
  if (call.write.method !== 'DELETE' || reason.code !== 'gone') return refuse(call, refused, reason);
  if (refused) discard(refused);
  return end(call, new Response(null, { status: 204 }), { outcome: 'already-applied' });
}

/** The server's answer stands. */
export function accept(call: Call, response: Response, prepared: Prepared | undefined): Response {
  // The caller's own request counts as sent again only from its second send on.
  const isAgain = prepared && (prepared.origin !== 'caller' || call.journal.attempt > 1);
  if ((isAgain || call.route.isGoneFine) && isGone(response, call.route) && !response.redirected)
    return stop(call, response, { code: 'gone' });
  // A fetch that follows where it was told not to may have made a GET of the write.
  const { ok } = response;
  const isElsewhere = (prepared !== undefined && response.redirected) || (!ok && isRedirect(response));
  if (!ok || isElsewhere)
    return refuse(call, response, { code: isElsewhere ? 'redirect' : 'not-a-conflict' });
  return take(call, response, prepared);
}

/** The state that the server has is the answer, and no refusal before it. */
export function endWith(
  call: Call,
  outcome: Exclude<Outcome['outcome'], 'failed' | 'accepted'>,
  latest: Representation,
  refused?: Response,
): Response {
  if (refused) discard(refused);
  const response = responseOf(latest, call.route);
  const { content, version } = latest;
  const left = { content, described: response.headers, version: () => version };
  return end(call, response, { outcome }, left);
}

/**
 * The operation that the server had taken on is done.
 *
 * @param response The answer to the write.
 * @param shown What the server shows since; `undefined` where there is nothing to show.
 */
export function finish(
  call: Call,
  response: Response | undefined,
  sent: Prepared | undefined,
  shown: Representation | Reason | undefined,
): Response {
  const outcome = outcomeOf(sent);
  if (shown && !('code' in shown)) return endWith(call, outcome, shown, response);
  return end(call, response ?? new Response(null, { status: 204 }), { outcome });
}

/** The write isn't made, and the caller gets the server's own refusal. */
export function refuse(call: Call, response: Response | undefined, reason: Reason): Response {
  const { cause } = reason;
  const outcome = asRefused(call, response?.status, reason);
  if (response) return end(call, response, outcome);
  // Nothing was sent: reject with fetch's own error.
  if (reason.code === 'network-error') throw end(call, cause as Error, outcome);
  throw end(call, new RecoveryError(reason.code, outcome.message, cause), outcome);
}

/**
 * There is no answer to give. What wasn't made by us reaches the caller as it is.
 *
 * @param response The last answer, still unread.
 */
export function fail(
  call: Call,
  response: Response | undefined,
  error: unknown,
  { inDoubt, cause }: Pick<Progress, 'inDoubt' | 'cause'>,
): Response {
  const { write, deadline, inFlight, isOver, journal } = call;
  if (isOver) throw error;
  if (!write.signal?.aborted && deadline.expired) {
    const timeout: Reason = { code: 'timeout', cause: (inFlight ? undefined : cause) ?? error };
    // A write that is out may have been made: the refusal before it would be a false answer.
    return refuse(call, inFlight ? undefined : response, timeout);
  }
  if (response) discard(response);
  const sending = !journal.isUnsent || inDoubt.length > 0 ? 'outcome-unknown' : 'network-error';
  const code = write.signal?.aborted ? 'abort' : inFlight ? sending : 'merge-error';
  close(call, asRefused(call, undefined, { code, cause: error }));
  if (typeof error === 'object' && error !== null) {
    if (code === 'abort') attachAbortReport(error, journal, call.since);
    else attachReport(error, journal);
  }
  throw error;
}
