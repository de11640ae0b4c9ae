import { isHeaderFailure } from '../shell/fresh-headers.ts';
import { sendAgain } from '../shell/transport.ts';
import type { Failure } from './lost.ts';
import type { Merged, Run } from './run.ts';

/**
 * Sends the write: as the caller asked for it, or as it was made ready. Gives the answer, or why none came. Rejects where
 * all is over: by the caller's signal, by the whole time, because the user's own headers can't be made, or because the body is spent.
 */
export async function send(run: Run, ready: Merged | undefined, wait: number): Promise<Response | Failure> {
  const { write, route, world, deadline, journal } = run;
  const { body } = write;
  const { signal } = deadline;
  signal.throwIfAborted();
  journal.sending(ready && { version: ready.version }, wait);
  run.inFlight = true;
  // What can be sent only once takes as long as it takes.
  const cancel = deadline.limit(body ? route.timeout : false);
  try {
    const sending = ready ? sendAgain(world.fetch, write, ready.rewrite, signal) : write.send(signal);
    // Also a fetch that doesn't listen to its signal ends in time.
    const response = await deadline.attend(sending);
    run.inFlight = false;
    journal.answered(response);
    return response;
  } catch (failure) {
    const isOver = signal.aborted && !deadline.renew();
    if (isOver || !body || isHeaderFailure(failure)) throw failure;
    return { failure };
  } finally {
    cancel();
  }
}
