import { RecoveryError } from '../errors.ts';
import { fileAbort, fileReport } from '../filed.ts';
import type { Reason } from '../report.ts';
import { discard } from '../shell/body.ts';
import { responseOf } from '../shell/representation.ts';
import { isRedirect } from '../shell/transport.ts';
import { asRefused, close, end, take } from './accept.ts';
import { isGone } from './look.ts';
import type { Merged, Run, Unwritten } from './run.ts';

/** Nothing was written. A delete of what is gone is a success all the same. */
export function stop(run: Run, refused: Response | undefined, reason: Reason): Response {
  if (run.write.method !== 'DELETE' || reason.code !== 'gone') return refuse(run, refused, reason);
  if (refused) discard(refused);
  return end(run, new Response(null, { status: 204 }), { ending: 'already-applied' });
}

/** The server's answer stands. */
export function accept(run: Run, response: Response, merged: Merged | undefined): Response {
  // What the caller asked for is still as it was asked, until it is sent again.
  const isAgain = merged && (!merged.isOriginal || run.journal.attempt > 1);
  if ((isAgain || run.route.isGoneFine) && isGone(response) && !response.redirected)
    return stop(run, response, { code: 'gone' });
  // A fetch that follows where it was told not to may have made a GET of the write.
  const { ok } = response;
  const isElsewhere = (merged !== undefined && response.redirected) || (!ok && isRedirect(response));
  if (!ok || isElsewhere)
    return refuse(run, response, { code: isElsewhere ? 'redirected' : 'not-a-conflict' });
  return take(run, response, merged);
}

/** There is nothing to write: what the server has is the answer, and no refusal before it. */
export function keepRemote(run: Run, { kind, remote }: Unwritten, refused?: Response): Response {
  if (refused) discard(refused);
  const response = responseOf(remote);
  const { content, version } = remote;
  const left = { content, described: response.headers, version: () => version };
  return end(run, response, { ending: kind }, left);
}

/** The write isn't made, and the caller gets the server's own refusal. */
export function refuse(run: Run, response: Response | undefined, reason: Reason): Response {
  // What a send came to is behind all that comes of it. What a look came to after it says less.
  const cause = run.failure ?? reason.cause;
  const ending = asRefused(run, response?.status, cause === undefined ? reason : { ...reason, cause });
  if (response) return end(run, response, ending);
  // What never left is no news of ours.
  if (reason.code === 'network-error') throw end(run, cause as Error, ending);
  throw end(run, new RecoveryError(reason.code, ending.message, cause), ending);
}

/**
 * There is no answer to give. What wasn't made by us reaches the caller as it is.
 *
 * @param response The last answer, which nobody has read.
 */
export function fail(run: Run, response: Response | undefined, error: unknown): Response {
  const { write, deadline, inFlight, isOver, journal } = run;
  if (isOver) throw error;
  if (!write.signal?.aborted && deadline.expired) {
    const timeout: Reason = { code: 'timeout', cause: error };
    // A write that is out may have been made: the refusal before it would be a false answer.
    return refuse(run, inFlight ? undefined : response, timeout);
  }
  if (response) discard(response);
  const sending = !journal.isUnsent || run.doubts.length > 0 ? 'outcome-unknown' : 'network-error';
  const code = write.signal?.aborted ? 'aborted' : inFlight ? sending : 'merge-failed';
  close(run, asRefused(run, undefined, { code, cause: error }));
  if (typeof error === 'object' && error !== null) {
    if (code === 'aborted') fileAbort(error, run.journal, run.since);
    else fileReport(error, run.journal);
  }
  throw error;
}
