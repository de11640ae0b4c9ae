import type { Call } from '../recovery/call.ts';
import type { Prepared, SendResult } from '../recovery/records.ts';
import { discard, isStream, letGo } from '../shell/body.ts';
import { isHeaderFailure } from '../shell/fresh-headers.ts';
import { sendAgain } from '../shell/transport.ts';
import { isNoRequest, isUnreached } from '../shell/unsent.ts';

/**
 * Sends the write: as the caller asked for it, or as it was made ready. Gives the answer, or why none came. Rejects where
 * all is over: by the caller's signal, by the whole time, because the user's own headers can't be made, because no request
 * can be made of the call, or because the body is spent.
 */
export async function send(call: Call, prepared: Prepared | undefined, wait: number): Promise<SendResult> {
  const { write, route, shared, deadline, journal } = call;
  const { body, source, url, rest } = write;
  const { signal } = deadline;
  if (prepared || !write.isSent) {
    if (signal.aborted && isStream(source)) letGo(source, signal.reason);
    signal.throwIfAborted();
  }
  // Only these two members: `latest` holds a response, which the report would keep alive.
  journal.sending(prepared && { version: prepared.version, writeId: prepared.writeId }, wait);
  call.inFlight = true;
  // A body that can be sent only once has no time limit of its own, only that of the whole write.
  const cancel = deadline.withTimeout(body ? route.timeout : false);
  let sending: Promise<Response> | undefined;
  try {
    sending = prepared ? sendAgain(shared.fetch, write, prepared.request, signal) : write.send(signal);
    // Also a fetch that doesn't listen to its signal ends in time.
    const response = await deadline.raceFetch(sending);
    // An answer that came in the moment of the timeout counts; the next request gets a fresh signal if time is left.
    deadline.reset();
    call.inFlight = false;
    journal.answered(response);
    return { kind: 'answered', response };
  } catch (cause) {
    const isOver = signal.aborted && !deadline.reset();
    const isHopeless = isHeaderFailure(cause) || isNoRequest(cause, write);
    // We follow no redirect: only the caller's own call may have come to another host.
    const mayFollow = !prepared && (rest.redirect ?? 'follow') === 'follow';
    const isUnsent = isHopeless || isUnreached(cause, prepared?.request.url ?? url, mayFollow);
    if (isUnsent) journal.unsent();
    // Nobody waits for what a fetch that heard no signal may still come to.
    void sending?.then(discard).catch(() => undefined);
    if (isOver || !body || isHopeless) throw cause;
    call.inFlight = false;
    return { kind: 'unanswered', cause, isUnsent };
  } finally {
    cancel();
  }
}
