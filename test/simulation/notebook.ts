import { recoveryOf } from 'remerge';
import type { Outcome, Violation, Written } from './history.ts';
import type { Timeline } from './timeline.ts';

/** A write under way, or what it has come to. */
export interface Entry {
  readonly id: string;
  readonly client: string;
  readonly start: number;
  readonly isIdempotent: boolean;
  end: number;
  /** `undefined` for as long as nobody was told anything. */
  outcome: Outcome | undefined;
  /** The outcome, or the code of the stop. */
  said: string;
}

/** What the callers of all writes saw. */
export class Notebook {
  readonly entries: Entry[] = [];
  readonly violations: Violation[] = [];
  readonly #timeline: Timeline;
  readonly #limit: number;
  readonly #believes: boolean;

  /**
   * @param limit How many times a write may be sent again.
   * @param believes Whether a refusal says that the write wasn't made. It doesn't where a proxy repeats what was made.
   */
  constructor(timeline: Timeline, limit: number, believes: boolean) {
    this.#timeline = timeline;
    this.#limit = limit;
    this.#believes = believes;
  }

  begin(id: string, client: string, isIdempotent: boolean): Entry {
    const start = this.#timeline.moment();
    const entry = { id, client, start, end: Infinity, isIdempotent, outcome: undefined, said: 'nothing' };
    this.entries.push(entry);
    return entry;
  }

  /** Notes what a call with a report has come to: the response it resolved to, or the error it rejected with. */
  note(entry: Entry, result: unknown): void {
    const report = recoveryOf(result);
    if (!report) {
      this.#flaw('no report', `${entry.id}: ${String(result)}`);
      this.#end(entry, 'unknown', 'no report');
      return;
    }
    if (report.attempts.length > this.#limit + 1)
      this.#flaw('out of bounds', `${entry.id} was sent ${report.attempts.length} times`);
    if (report.outcome !== 'failed') this.succeed(entry, report.outcome);
    else this.#end(entry, report.maybeApplied || !this.#believes ? 'unknown' : 'failed', report.code);
  }

  succeed(entry: Entry, outcome: string): void {
    this.#end(entry, 'ok', outcome);
  }

  /** Nothing was sent. */
  fail(entry: Entry, code: string): void {
    this.#end(entry, 'failed', code);
  }

  #end(entry: Entry, outcome: Outcome, said: string): void {
    entry.end = this.#timeline.moment();
    entry.outcome = outcome;
    entry.said = said;
  }

  #flaw(kind: Violation['kind'], what: string): void {
    this.violations.push({ kind, what });
  }
}

/** What the checkers are told. What nobody was told of is unknown, and may still come true. */
export function writtenOf(entries: readonly Entry[]): readonly Written[] {
  return entries.map(({ id, start, end, isIdempotent, outcome = 'unknown' }) => {
    return { id, start, isIdempotent, outcome, end: outcome === 'unknown' ? Infinity : end };
  });
}
