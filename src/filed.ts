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
interface Filed {
  readonly isRefused: boolean;
  readonly report: Recovery;
  readonly written?: StateAfter | undefined;
}

/** The abort reasons that several writes share. The report of one of these writes is false for the others. */
const shared = new WeakSet<object>();

/** The number of the last abort that a reason was filed for. */
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
  return shared.has(outcome as object) ? undefined : latestReport(outcome);
}

/** Returns the same as `recoveryOf`, but the report of the last write for a reason that several writes share. */
export function latestReport(outcome: unknown): Recovery | undefined {
  return filedOf(outcome)?.report;
}

/** Whether the write behind a response was not made. */
export function isRefused(response: Response): boolean {
  return filedOf(response)?.isRefused === true;
}

/** Returns the state that the write behind a response left. */
export function stateAfter(response: Response): StateAfter | undefined {
  return stateAfterLater(response)();
}

/** Returns a function that returns the same later, and doesn't hold the response until then. */
export function stateAfterLater(response: Response): () => StateAfter | undefined {
  const filed = filedOf(response);
  return () => filed?.written;
}

/** Files what is filed for one outcome for another, too: for a copy of a response, or for an error in its place. */
export function fileAs<Settled extends object>(outcome: Settled, told: unknown): Settled {
  const filed = filedOf(told);
  return filed ? fileReport(outcome, filed) : outcome;
}

/** Files the record of the response or error that the caller gets. The copies of a response take the record over. */
export function fileReport<Settled extends object>(outcome: Settled, filed: Filed): Settled {
  attach(outcome).filed = filed;
  if ('headers' in outcome) followCopies(outcome as Settled & Response);
  return outcome;
}

function filedOf(outcome: unknown): Filed | undefined {
  return attachedTo(outcome)?.filed as Filed | undefined;
}

/** Returns the number of writes that were reported as aborted so far. */
export function abortsSoFar(): number {
  return aborts;
}

/**
 * Files the record of a write for the reason of a signal. If the reason has ended another write that was under way at
 * the same time, `recoveryOf` returns the report of neither.
 *
 * @param since The number of aborted writes when this write began.
 */
export function fileAbort<Thrown extends object>(reason: Thrown, filed: Filed, since: number): Thrown {
  if ((abortedAs.get(reason) ?? 0) > since) shared.add(reason);
  else shared.delete(reason);
  abortedAs.set(reason, (aborts += 1));
  return fileReport(reason, filed);
}
