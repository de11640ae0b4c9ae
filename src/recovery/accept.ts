import { stopMessage } from '../errors.ts';
import { attachReport, latestReport, stateAfter } from '../outcomes.ts';
import type { Outcome, Reason } from '../report.ts';
import { noteWritten } from './bases.ts';
import { patchFormat } from './intent.ts';
import type { Left } from './journal.ts';
import { jsonFor } from '../shell/representation.ts';
import type { Call } from './call.ts';
import type { Prepared } from './records.ts';

/**
 * Whether a send was plainly taken. Most writes end here: whatever else a runtime's `Response` is asked for is dear.
 *
 * @param isOurs Whether it was made ready by us: then a redirect was not to be followed, and what is there is no answer.
 */
export function isTaken({ route }: Call, response: Response, isOurs: boolean): boolean {
  const { ok, status, redirected } = response;
  return ok && !route.accepted && !route.conflictStatuses.includes(status) && !(isOurs && redirected);
}

/** The outcome of a send that was made: the caller's own call where nothing was made ready. */
export function outcomeOf(prepared: Prepared | undefined): 'merged' | 'applied' {
  return prepared?.origin === 'merged' ? 'merged' : 'applied';
}

/** Ends a write that the server took. */
export function take(call: Call, response: Response, prepared: Prepared | undefined): Response {
  const { write, route, shared } = call;
  const { method, url, headers } = prepared?.request ?? write;
  const content = prepared ? prepared.state : (write.state ?? write.body?.content);
  const isPatch = method === 'PATCH' || patchFormat({ method, headers }, route) !== undefined;
  const isJson = jsonFor(route, headers.get('content-type')) === route;
  const isWhole = !isPatch && isJson && method !== 'DELETE';
  const saysState = route.means !== 'actions' && (prepared ?? write.state ?? isWhole);
  const outcome = { outcome: outcomeOf(prepared) };
  const told = latestReport(response);
  // A hook has sent it by the client, where it may have been merged once more: that flow knows what it has written.
  if (told && told.outcome !== 'failed') {
    const left = stateAfter(response);
    const described = new Headers(left && { 'content-type': left.type });
    const was = told.outcome === 'applied' ? outcome : { outcome: told.outcome };
    return end(call, response, was, left && { ...left, described, version: () => left.version });
  }
  // Taken on, and not made yet: there is no state to tell, and nothing to remember (RFC 9110 §15.3.3).
  if (response.status === 202) return end(call, response, { outcome: 'accepted' });
  const isMute = !('headers' in response) || !saysState;
  if (isMute || content === undefined || content instanceof Blob) return end(call, response, outcome);
  const exchange = { headers, response, content };
  const version =
    method === 'PUT' && !isPatch ? noteWritten(shared.bases, { route, url }, exchange) : () => undefined;
  // The content type of a PATCH is not that of the state.
  const described = prepared?.latest?.response.headers ?? (method === 'PATCH' ? new Headers() : headers);
  return end(call, response, outcome, { content, described, version });
}

export function end<Settled extends object>(
  call: Call,
  settled: Settled,
  outcome: Outcome,
  left?: Left,
): Settled {
  close(call, outcome, left);
  return attachReport(settled, call.journal);
}

export function close(call: Call, outcome: Outcome, left?: Left): void {
  call.isOver = true;
  if (outcome.outcome !== 'failed') call.shared.budget?.give(call.write.url, call.taken);
  call.journal.end(outcome, left);
}

/** The outcome of a write that isn't made, put into words. */
export function asRefused(
  { journal }: Call,
  status: number | undefined,
  reason: Reason,
): Extract<Outcome, { outcome: 'failed' }> {
  const message = stopMessage(journal, status, reason);
  return { outcome: 'failed', ...reason, message, maybeApplied: journal.maybeApplied };
}
