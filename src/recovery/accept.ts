import { stopMessage } from '../errors.ts';
import { fileReport, latestReport, writtenBy } from '../filed.ts';
import type { Ending, Reason } from '../report.ts';
import { noteWritten } from './bases.ts';
import type { Left } from './journal.ts';
import type { Call, Failure, Merged } from './run.ts';

/**
 * Whether a send was plainly taken. Most writes end here: whatever else a runtime's `Response` is asked for is dear.
 *
 * @param isOurs Whether it was made ready by us: then a redirect was not to be followed, and what is there is no answer.
 */
export function isTaken({ route }: Call, answer: Response | Failure, isOurs: boolean): boolean {
  if ('failure' in answer || !answer.ok || route.statusCodes.includes(answer.status)) return false;
  return !(isOurs && answer.redirected);
}

/** Ends a write that the server took. */
export function take(call: Call, response: Response, merged: Merged | undefined): Response {
  const { write, route, world } = call;
  const { method, url, headers } = merged?.rewrite ?? write;
  const content = merged ? merged.content : (write.state ?? write.body?.content);
  const saysState =
    route.means === 'state' && (merged ?? write.state ?? (method === 'PUT' || method === 'POST'));
  const ending = { ending: merged && !merged.isAsAsked ? 'merged' : 'as-asked' } as const;
  const told = latestReport(response);
  // A hook has sent it by the client, where it may have been merged once more: that flow knows what it has written.
  if (told && told.ending !== 'refused') {
    const left = writtenBy(response);
    const described = new Headers(left && { 'content-type': left.type });
    const isAsAsked = told.ending === 'as-asked';
    const was = isAsAsked ? ending : { ending: told.ending };
    return end(call, response, was, left && { ...left, described, version: () => left.version });
  }
  const isMute = !('headers' in response) || !saysState;
  if (isMute || content === undefined || content instanceof Blob) return end(call, response, ending);
  const exchange = { headers, response, content };
  const version = method === 'PUT' ? noteWritten(world.bases, { route, url }, exchange) : () => undefined;
  const described = merged?.remote?.response.headers ?? headers;
  return end(call, response, ending, { content, described, version });
}

export function end<Outcome extends object>(
  call: Call,
  outcome: Outcome,
  ending: Ending,
  left?: Left,
): Outcome {
  close(call, ending, left);
  return fileReport(outcome, call.journal);
}

export function close(call: Call, ending: Ending, left?: Left): void {
  call.isOver = true;
  if (ending.ending !== 'refused') call.world.budget?.give(call.write.url, call.taken);
  call.journal.end(ending, left);
}

/** The ending of a write that isn't made, put into words. */
export function asRefused(
  { journal }: Call,
  status: number | undefined,
  reason: Reason,
): Extract<Ending, { ending: 'refused' }> {
  const message = stopMessage(journal, status, reason);
  return { ending: 'refused', ...reason, message, maybeApplied: journal.maybeApplied };
}
