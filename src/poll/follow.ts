import { within, type Call, type Follow } from '../recovery/call.ts';
import { createsBy } from '../recovery/creating.ts';
import type { Intent } from '../recovery/intent.ts';
import { bodyOf } from '../recovery/problem.ts';
import type { Prepared, Verdict } from '../recovery/records.ts';
import { canBeRead } from '../recovery/write-id.ts';
import type { Operation, OperationEnd } from '../operation.ts';
import type { Clock } from '../shell/clock.ts';
import { readLatest } from '../shell/transport.ts';

/** A write that may have begun an operation, and the means to follow it. */
export interface Pending {
  readonly method: string;
  readonly url: URL;
  readonly operationId: string | undefined;
  /** The answer to the write; `undefined` if it was lost. */
  readonly response: Response | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Reads an address on the origin of the write, with the headers of the write. */
  readonly read: (url: URL, signal: AbortSignal) => Promise<Response>;
  /** Returns the body of an answer: JSON, else text; `undefined` if it is too long. The answer stays readable. */
  readonly bodyOf: (response: Response) => Promise<unknown>;
  /** Hears of the operation before it is followed. */
  readonly onPending: (operation: Operation) => void;
}

/** Follows the operation of a write; `undefined` if there is none that may be followed. */
type Watch = (pending: Pending) => Promise<OperationEnd | undefined>;

/**
 * Makes the stage that follows the operation that an answer tells of until it is over, and says what it came to; `undefined`
 * where there is none. The time of the write stands still meanwhile, and so does that of the updates that wait for it.
 */
export function followBy(watch: Watch): Follow {
  return async (answer, sent, intent, call) => {
    const { write, route, shared, deadline, journal } = call;
    const response = answer.kind === 'answered' ? answer.response : undefined;
    const operationId = sent.request.headers.get('operation-id') ?? undefined;
    if (response ? !response.ok : operationId === undefined) return undefined;
    const following = watch({
      method: sent.request.method,
      url: sent.request.url,
      operationId,
      response,
      clock: shared.clock,
      signal: deadline.signal,
      read: (url, signal) => within(call, () => readLatest(shared.fetch, write, url, [], signal)),
      bodyOf: (shown) => bodyOf(call, shown),
      onPending: (operation) => journal.pending(operation),
    });
    route.batch?.onPending(following);
    const end = await deadline.paused(following);
    // A monitor that was never there says nothing of a write whose answer was lost.
    if (!end || (!response && end.kind === 'unknown')) return undefined;
    return verdictOn(end, response, sent, intent, call);
  };
}

function verdictOn(
  end: OperationEnd,
  response: Response | undefined,
  sent: Prepared,
  intent: Intent,
  { write, route, journal }: Call,
): Verdict {
  if (end.kind === 'timeout') return { kind: 'rejected', response: undefined, failure: { code: 'timeout' } };
  journal.done();
  const creates = createsBy(sent, intent);
  if (end.kind === 'unknown') {
    journal.lost(end.response.status, true);
    return {
      kind: 'ambiguous',
      response: undefined,
      sent,
      reason: creates ? 'exists' : 'stale',
      inDoubt: sent,
      // It may still be under way.
      canResend: false,
      canBeRead: canBeRead(sent, write, route),
    };
  }
  if (end.kind === 'succeeded') return { kind: 'finished', response };
  // Where a POST creates isn't known.
  if (end.kind === 'failed' || (creates && write.method === 'POST')) {
    const code = end.kind === 'failed' ? 'operation-failed' : 'exists';
    const cause = Object.assign(new Error('The operation failed.'), end);
    return { kind: 'rejected', response: undefined, failure: { code, cause } };
  }
  const refused = creates ? undefined : sent.version;
  const reason = creates ? 'exists' : refused || sent.origin !== 'caller' ? 'stale' : 'precondition-required';
  return { kind: 'conflict', reason, refused, creates, latest: sent.latest };
}
