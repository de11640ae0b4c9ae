import { stopMessage } from '../errors.ts';
import { abortsSoFar, attachAbortReport } from '../outcomes.ts';
import { Journal } from '../recovery/journal.ts';
import { addressOf, type StopCode } from '../report.ts';
import type { Route } from '../route.ts';
import type { ClientInstance } from './client-instance.ts';

/** The end of a write that never reaches recovery, since a hook throws, takes too long or answers by itself. */
export interface UnsentEnd {
  /** Recovery has the write, and reports its end. */
  readonly handOver: () => void;
  /** Reports the end by an error. */
  readonly failed: (request: Request, error: unknown, isTimeout: boolean) => void;
  /** Reports the end by an answer of a hook. */
  readonly answered: (request: Request, response: Response) => void;
}

/** Makes sure that a write has one report and one `end` event, whether or not it reaches recovery. */
export function unsentEnd({ shared: { onEvent } }: ClientInstance, route: Route): UnsentEnd {
  const since = abortsSoFar();
  let isOver = false;

  function end({ method, url, headers }: Request, code?: StopCode, status?: number): Journal | undefined {
    if (isOver) return undefined;
    isOver = true;
    const at = new URL(url);
    const journal = new Journal({ method, url: at, headers, body: undefined }, route, onEvent);
    const message = code && stopMessage({ method, url: addressOf(at) }, status, { code });
    journal.end(
      message ? { outcome: 'failed', code, message, maybeApplied: false } : { outcome: 'applied' },
      undefined,
    );
    return journal;
  }

  return {
    handOver: () => (isOver = true),
    failed(request, error, isTimeout) {
      const isAbort = request.signal.aborted;
      const journal = end(request, isAbort ? 'abort' : isTimeout ? 'timeout' : 'network-error');
      // An error of a hook reaches the caller as it is.
      if (journal && isAbort && Object(error) === error) attachAbortReport(error as object, journal, since);
    },
    answered: (request, { ok, status }) => void end(request, ok ? undefined : 'not-a-conflict', status),
  };
}
