import type { Version } from './core/version.ts';
import type { Recovery } from './report.ts';
import type { Content } from './shell/representation.ts';
import { attach, attachedTo } from './shell/attached.ts';
import { followCopies } from './shell/watch.ts';

/** The state of a resource after a write, and the version that names the state, as far as the write itself knows it. */
export interface StateAfter {
  readonly content: Content;
  /** The content type of `content`. */
  readonly type: string;
  readonly version: Version | undefined;
  /** Whether the content holds only some members of the state. */
  readonly isPart?: boolean;
}

/** The record of an outcome. Most of it is made only when it is read, as the record lives as long as its response. */
interface OutcomeRecord {
  readonly isRefused: boolean;
  readonly report: Recovery;
  readonly written?: StateAfter | undefined;
}

/** The abort reasons that several writes share. The report of one of these writes is false for the others. */
const sharedReasons = new WeakSet<object>();

/** The number of the last abort that a reason has the report of. */
const abortedAs = new WeakMap<object, number>();
let aborts = 0;

/**
 * Returns the report of the write behind a response, or behind an error that the write rejected with.
 *
 * Returns `undefined` for anything but the outcome of a write on a route: a read, an unmatched URL, a response of
 * another fetch. Also for the reason of a signal that has ended several writes at once, as each of them rejects with
 * the same object: the `end` events report each write, and a signal for each write has a reason for each.
 */
export function recoveryOf(outcome: unknown): Recovery | undefined {
  return sharedReasons.has(outcome as object) ? undefined : latestReport(outcome);
}

/** Returns the same as `recoveryOf`, but the report of the last write for a reason that several writes share. */
export function latestReport(outcome: unknown): Recovery | undefined {
  return recordOf(outcome)?.report;
}

/** Whether the write behind a response was not made. */
export function isRefused(response: Response): boolean {
  return recordOf(response)?.isRefused === true;
}

/** Returns the state that the write behind a response left. */
export function stateAfter(response: Response): StateAfter | undefined {
  return recordOf(response)?.written;
}

/** Returns a function that returns the same later, with the outcome, and doesn't hold the response until then. */
export function stateAfterLater(
  response: Response,
): () => { readonly outcome: Recovery['outcome'] | undefined; readonly state: StateAfter | undefined } {
  const record = recordOf(response);
  return () => ({ outcome: record?.report.outcome, state: record?.written });
}

/** Gives the record of one outcome to another, too: to a copy of a response, or to an error in its place. */
export function copyReport<Settled extends object>(outcome: Settled, from: unknown): Settled {
  const record = recordOf(from);
  return record ? attachReport(outcome, record) : outcome;
}

/** Attaches the record to the response or error that the caller gets. The copies of a response take the record over. */
export function attachReport<Settled extends object>(outcome: Settled, record: OutcomeRecord): Settled {
  attach(outcome).record = record;
  if ('headers' in outcome) followCopies(outcome as Settled & Response);
  return outcome;
}

function recordOf(outcome: unknown): OutcomeRecord | undefined {
  return attachedTo(outcome)?.record as OutcomeRecord | undefined;
}

/** Returns the number of writes that were reported as aborted so far. */
export function abortsSoFar(): number {
  return aborts;
}

/**
 * Attaches the record of a write to the reason of a signal. If the reason has ended another write that was under way at
 * the same time, `recoveryOf` returns the report of neither.
 *
 * @param since The number of aborted writes when this write began.
 */
export function attachAbortReport<Thrown extends object>(
  reason: Thrown,
  record: OutcomeRecord,
  since: number,
): Thrown {
  if ((abortedAs.get(reason) ?? 0) > since) sharedReasons.add(reason);
  else sharedReasons.delete(reason);
  abortedAs.set(reason, (aborts += 1));
  return attachReport(reason, record);
}
