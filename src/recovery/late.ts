import { RecoveryError } from '../errors.ts';
import { attachAbortReport, attachReport } from '../outcomes.ts';
import type { RecoveryLoader } from '../loader.ts';
import { asRefused, close, end, take } from './accept.ts';
import type { Call, First, Recoverer } from './call.ts';
import { isGone } from './shown.ts';

type Part = Pick<Recoverer, 'recover'>;

/**
 * Recovery that is loaded beside the first write. While it is being loaded, only a write that needs it waits, within its
 * own time. Where it can't be loaded, a write stays as its first send has left it, and the next one tries again.
 */
export function loadedBy(load: RecoveryLoader): Recoverer {
  if (typeof load !== 'function')
    throw new TypeError("recovery has to load it: () => import('remerge/recovery').");
  let loading: Promise<void> | undefined;
  let loaded: Part | undefined;
  const start = (): Promise<void> =>
    (loading ??= (async () => {
      loaded = (await load()) as unknown as Part;
    })().finally(() => {
      loading = undefined;
    }));
  return {
    prepare() {
      // A write that needs it gets the error in `recover`.
      if (!loaded) start().catch(() => undefined);
    },
    async recover(call, first, begin) {
      const { deadline } = call;
      if (loaded) return loaded.recover(call, first, begin);
      let cause: unknown;
      try {
        deadline.start();
        await deadline.race(start());
      } catch (error) {
        cause = error;
      }
      // If it was loaded in the moment of the timeout, it decides what the timeout means.
      return (loaded as Part | undefined)?.recover(call, first, begin) ?? leave(call, first, cause);
    },
  };
}

/** Ends a write without recovery: the server's own answer stands, whatever it is. */
function leave(call: Call, { answer, prepared }: First, cause: unknown): Response {
  const { write, route, journal, deadline } = call;
  deadline.stop();
  const response = answer.kind === 'answered' ? answer.response : undefined;
  const error =
    answer.kind === 'threw' ? answer.error : answer.kind === 'unanswered' ? answer.cause : undefined;
  if (response && route.isGoneFine && isGone(response, route))
    return end(call, new Response(null, { status: 204 }), { outcome: 'already-applied' });
  if (response && route.conflictStatuses.includes(response.status))
    return end(call, response, asRefused(call, response.status, { code: 'recovery-unavailable', cause }));
  // The operation that the write has begun isn't followed.
  if (response?.ok && route.accepted && !response.redirected) return take(call, response, prepared);
  if (response) {
    const isOver = response.ok || !journal.maybeApplied;
    return end(
      call,
      response,
      asRefused(call, response.status, { code: isOver ? 'not-a-conflict' : 'outcome-unknown', cause }),
    );
  }
  if (write.signal?.aborted) {
    const { reason } = write.signal as { readonly reason: unknown };
    close(call, asRefused(call, undefined, { code: 'abort', cause: reason }));
    throw typeof reason === 'object' && reason ? attachAbortReport(reason, journal, call.since) : reason;
  }
  const isSent = answer.kind !== 'not-sent';
  // Nothing was sent: reject with fetch's own error.
  if (isSent && journal.isUnsent) {
    close(call, asRefused(call, undefined, { code: 'network-error', cause: error }));
    throw Object(error) === error ? attachReport(error as object, journal) : error;
  }
  const late = deadline.expired ? 'timeout' : 'recovery-unavailable';
  const code = isSent && !deadline.expired ? 'outcome-unknown' : late;
  const behind = error ?? cause;
  const outcome = asRefused(call, undefined, { code, ...(behind !== undefined && { cause: behind }) });
  throw end(call, new RecoveryError(code, outcome.message, behind), outcome);
}
