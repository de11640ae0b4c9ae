import type { Version } from './core/version.ts';
import type { Recovery } from './report.ts';
import type { Content } from './shell/representation.ts';
import { attach, attachedTo } from './shell/attached.ts';
import { followCopies } from './shell/watch.ts';

/** What a resource holds after a write, and the version that names it, where the write itself knows. */
export interface Written {
  readonly content: Content;
  /** Its content type. */
  readonly type: string;
  readonly version: Version | undefined;
}

/** What is told of an outcome. Most of it is made when somebody asks: what hangs on a response lives as long as that. */
interface Filed {
  readonly isRefused: boolean;
  readonly report: Recovery;
  readonly written?: Written | undefined;
}

/** The reasons of signals that several writes share: what is true of one of these is not true of the others. */
const shared = new WeakSet<object>();

/** Which abort a reason was last told of. */
const abortedAs = new WeakMap<object, number>();
let aborts = 0;

/**
 * How the write behind a response, or behind an error that the write rejected with, came out.
 *
 * `undefined` for what isn't the outcome of a write on a route: a read, an unmatched URL, somebody else's response. Also
 * for the reason of a signal that has ended several writes at once, as each rejects with the same object: the `end` events
 * tell of each, and a signal for each has a reason for each.
 */
export function recoveryOf(outcome: unknown): Recovery | undefined {
  return shared.has(outcome as object) ? undefined : latestReport(outcome);
}

/** The same, and of a reason that several writes share, the report of the last one. */
export function latestReport(outcome: unknown): Recovery | undefined {
  return filedOf(outcome)?.report;
}

/** Whether the write behind a response was not made. */
export function isRefused(response: Response): boolean {
  return filedOf(response)?.isRefused === true;
}

/** What the write behind a response left behind. */
export function writtenBy(response: Response): Written | undefined {
  return leftBy(response)();
}

/** The same, for somebody who asks later, and doesn't hold the response until then. */
export function leftBy(response: Response): () => Written | undefined {
  const filed = filedOf(response);
  return () => filed?.written;
}

/** Has a copy of a response, or an error in the place of another outcome, tell the same. */
export function fileAs<Outcome extends object>(outcome: Outcome, told: unknown): Outcome {
  const filed = filedOf(told);
  return filed ? fileReport(outcome, filed) : outcome;
}

/** Files what is to be told of the response or error that the caller gets, and of the copies of a response. */
export function fileReport<Outcome extends object>(outcome: Outcome, filed: Filed): Outcome {
  attach(outcome).filed = filed;
  if ('headers' in outcome) followCopies(outcome as Outcome & Response);
  return outcome;
}

function filedOf(outcome: unknown): Filed | undefined {
  return attachedTo(outcome)?.filed as Filed | undefined;
}

/** How many writes were told to be aborted so far. */
export function abortsSoFar(): number {
  return aborts;
}

/**
 * The same for the reason of a signal. If it has ended another write that was under way at the same time, it tells of none.
 *
 * @param since How many had been aborted when this write began.
 */
export function fileAbort<Thrown extends object>(reason: Thrown, filed: Filed, since: number): Thrown {
  if ((abortedAs.get(reason) ?? 0) > since) shared.add(reason);
  else shared.delete(reason);
  abortedAs.set(reason, (aborts += 1));
  return fileReport(reason, filed);
}
