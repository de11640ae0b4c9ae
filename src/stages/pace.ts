import { parseRetryAfter } from '../core/backoff.ts';
import { spend, waitFor, type Call } from '../recovery/call.ts';
import type { AmbiguousVerdict, Pace, Trouble } from '../recovery/records.ts';
import type { Reason } from '../report.ts';

/**
 * Says whether the bounds let a recovery go on, and how long it waits first. Takes from the budget what that costs.
 *
 * @param isInDoubt Whether a send may have been made.
 */
export function pace(verdict: Trouble, isInDoubt: boolean, call: Call): Pace {
  const { route, shared, deadline, journal } = call;
  const { response } = verdict;
  const sends = journal.attempt;
  const isLost = verdict.kind === 'ambiguous';
  if (isLost && !verdict.canResend && !verdict.canBeRead) return stop(givenUp(verdict, isInDoubt));
  // It begins with a read, and nothing has been tried yet.
  if (!isLost && sends === 0) return { kind: 'go', delay: 0 };
  const asks = parseRetryAfter(response?.headers.get('retry-after') ?? null, shared.clock.now());
  // After a failure the free first retry is skipped: the server may be overloaded. A stale version says nothing about load.
  const delay = waitFor(call, isLost ? sends + 1 : sends, asks);
  const isLate = delay >= deadline.remaining();
  if (sends > route.retry.limit) return lastLook(verdict, isInDoubt, delay, isLate);
  if (isLate) return stop({ code: 'timeout' });
  return spend(call, isLost ? 'failure' : 'conflict')
    ? { kind: 'go', delay }
    : stop({ code: 'retry-budget' });
}

/** Of a write that may not be sent again: whether to find out what became of its last send. */
function lastLook(verdict: Trouble, isInDoubt: boolean, delay: number, isLate: boolean): Pace {
  const { kind, response } = verdict;
  if (kind !== 'ambiguous') return stop({ code: 'retry-limit' });
  if (verdict.inDoubt)
    return verdict.canBeRead && !isLate ? { kind: 'last-look', delay } : stop(givenUp(verdict, isInDoubt));
  return stop(response ? { code: 'retry-limit' } : givenUp(verdict, isInDoubt));
}

/** Why a lost write ends, where nothing more can be done about it. */
function givenUp({ response }: AmbiguousVerdict, isInDoubt: boolean): Reason {
  if (isInDoubt) return { code: 'outcome-unknown' };
  return { code: response ? 'not-a-conflict' : 'network-error' };
}

function stop(failure: Reason): Pace {
  return { kind: 'stop', failure };
}
