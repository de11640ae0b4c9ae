import { waitBefore } from '../core/backoff.ts';
import type { Budget } from '../core/budget.ts';
import type { RecoveryListener } from '../events.ts';
import { abortsSoFar } from '../outcomes.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import { Deadline } from '../shell/deadline.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import type { Fetch, Write } from '../shell/transport.ts';
import type { Bases } from './bases.ts';
import type { Intent } from './intent.ts';
import { Journal } from './journal.ts';
import type { Answer, Prepared, SendResult, Verdict } from './records.ts';

/** The outcome of the first send, and what was found out before it. */
export interface First {
  /** Set where the caller's intent had to be known before the send. */
  readonly intent: Intent | undefined;
  /** The request that was sent, where it isn't the caller's own call. */
  readonly prepared: Prepared | undefined;
  readonly answer: Answer | { readonly kind: 'threw'; readonly error: unknown };
}

/** Makes a write of its own. */
export type Begin = (write: Write, route: Route, shared: Shared) => Promise<Response>;

/** Follows the operation that an answer tells of, and says what it came to; `undefined` for no operation. */
export type Follow = (
  answer: SendResult,
  sent: Prepared,
  intent: Intent,
  call: Call,
) => Promise<Verdict | undefined>;

/** Recovers the writes that their first send has not made. */
export interface Recoverer {
  /** Hears of each write before it is sent. */
  readonly prepare?: () => void;
  /** @param begin Begins anew, with what a person has decided. */
  readonly recover: (call: Call, first: First, begin: Begin) => Promise<Response>;
}

/** The state that all writes of one client share. */
export interface Shared {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly bases: Bases;
  readonly recovery: Recoverer;
  /** The user that headers name. */
  readonly userOf: (headers: HeaderFields) => string;
  /** Whether the client's `scope` says so. */
  readonly isScoped: boolean;
  readonly onEvent: RecoveryListener | undefined;
  /** Whether the body of a refusal is read at once, as by ky for its error: then that is within the time of the write. */
  readonly readsRefusals?: boolean;
  /** The retry budget; `undefined` where it is unlimited. */
  readonly budget: Budget | undefined;
}

/** One write on its way: what was asked, by which route, and what it shares with other writes. */
export interface Call {
  readonly write: Write;
  readonly route: Route;
  readonly shared: Shared;
  readonly deadline: Deadline;
  readonly journal: Journal;
  /** The write's own id, if the route has a `writeId`. */
  readonly id: string | undefined;
  /** How many writes had been aborted when it began. */
  readonly since: number;
  /** Whether the write itself is out, and not yet answered. */
  inFlight: boolean;
  /** How much it took from the budget. */
  taken: number;
  /** Whether it has ended, and its report is attached. */
  isOver: boolean;
}

/** @param deadline Its time, where that runs already. */
export function startCall(
  write: Write,
  route: Route,
  shared: Shared,
  deadline = new Deadline(shared.clock, route.totalTimeout, write.signal, false),
): Call {
  return {
    write,
    route,
    shared,
    deadline,
    journal: new Journal(write, route, shared.onEvent),
    id: route.writeId && shared.clock.id(),
    // One that is aborted already may have ended others in the same breath.
    since: write.signal?.aborted ? 0 : abortsSoFar(),
    inFlight: false,
    taken: 0,
    isOver: false,
  };
}

/** Takes from the budget what one more try costs; `false` where there isn't as much. */
export function spend(call: Call, reason: 'conflict' | 'failure'): boolean {
  const { budget } = call.shared;
  if (!budget) return true;
  const taken = budget.take(call.write.url.origin, reason);
  call.taken += taken ?? 0;
  return taken !== undefined;
}

/** Reads, the body included, within the time that one request has. That it takes too long is for the caller to judge. */
export async function within<Value>(
  { route, shared, deadline }: Call,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  if (route.timeout === false) return deadline.race(work(deadline.signal));
  const limit = new Deadline(shared.clock, route.timeout, deadline.signal);
  return limit.race(work(limit.signal)).finally(() => limit.stop());
}

/** How long to wait before a retry, in milliseconds. */
export function waitFor({ route, shared, deadline }: Call, retry: number, retryAfter?: number): number {
  return waitBefore(retry, route.retry, deadline.elapsed(), shared.clock.random(), retryAfter);
}

/** Waits before a send, within the time that the write has. */
export async function pause({ deadline, journal }: Call, attempt: number, delay: number): Promise<void> {
  if (delay > 0) journal.tell(attempt, { kind: 'wait', delay });
  await deadline.sleep(delay);
}
