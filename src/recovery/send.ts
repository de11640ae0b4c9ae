import { discard, isStream, letGo } from '../shell/body.ts';
import { isHeaderFailure } from '../shell/fresh-headers.ts';
import { sendAgain } from '../shell/transport.ts';
import { isNoRequest, isUnreached } from '../shell/unsent.ts';
import type { Call, Failure, Merged } from './run.ts';

/**
 * Sends the write: as the caller asked for it, or as it was made ready. Gives the answer, or why none came. Rejects where
 * all is over: by the caller's signal, by the whole time, because the user's own headers can't be made, because no request
 * can be made of the call, or because the body is spent.
 */
export async function send(call: Call, ready: Merged | undefined, wait: number): Promise<Response | Failure> {
  const { write, route, world, deadline, journal } = call;
  const { body, source, url, rest } = write;
  const { signal } = deadline;
  if (ready || !write.isSent) {
    if (signal.aborted && isStream(source)) letGo(source, signal.reason);
    signal.throwIfAborted();
  }
  journal.sending(ready && { version: ready.version }, wait);
  call.inFlight = true;
  // What can be sent only once takes as long as it takes, but for the whole.
  const cancel = deadline.limit(body ? route.timeout : false);
  let sending: Promise<Response> | undefined;
  try {
    sending = ready ? sendAgain(world.fetch, write, ready.rewrite, signal) : write.send(signal);
    // Also a fetch that doesn't listen to its signal ends in time.
    const response = await deadline.attend(sending);
    // What came in the very moment when the time was up has come, and time may be left for what comes next.
    deadline.renew();
    call.inFlight = false;
    journal.answered(response);
    return response;
  } catch (failure) {
    call.failure = failure;
    const isOver = signal.aborted && !deadline.renew();
    const isHopeless = isHeaderFailure(failure) || isNoRequest(failure, write);
    // We follow no redirect: only the caller's own call may have come to another host.
    const mayFollow = !ready && (rest.redirect ?? 'follow') === 'follow';
    if (isHopeless || isUnreached(failure, ready?.rewrite.url ?? url, mayFollow)) journal.unsent();
    // Nobody waits for what a fetch that heard no signal may still come to.
    void sending?.then(discard).catch(() => undefined);
    if (isOver || !body || isHopeless) throw failure;
    return { failure };
  } finally {
    cancel();
  }
}
