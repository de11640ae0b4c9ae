import { recoveryOf } from 'remerge';
import type { Outcome } from '../history.ts';
import type { Timeline } from '../timeline.ts';
import { nameOf } from './document.ts';
import type { Call } from './visit.ts';

/** A call under way, or what it has come to. */
export interface Entry {
  readonly id: string;
  readonly user: string;
  readonly call: Call;
  /** Whether it is a call of its own, a person's answer to one, or an update within a recipe. */
  readonly kind: 'call' | 'answer' | 'nested';
  /** The document that it is about. */
  readonly name: string;
  /** When it began: the moment, and the milliseconds from the start. */
  readonly start: number;
  readonly began: number;
  ended: number;
  /** `undefined` for as long as its caller was told nothing. */
  outcome: Outcome | undefined;
  /** The outcome, the code of the stop, or the name of the error. */
  said: string;
  /** Whether it was refused before there was anything to report. */
  isUnbegun: boolean;
}

/** Something that must not happen. Its kind tells the fault. */
export interface Flaw {
  readonly kind: string;
  readonly what: string;
}

/** What a recipe of a user's throws. */
export class SoldOut extends Error {}

/** What the callers of all calls saw, and what is wrong with it. */
export class Ledger {
  readonly entries: Entry[] = [];
  readonly flaws: Flaw[] = [];
  /** What hooks of a user's have thrown: recovery knows nothing of that. */
  readonly foreign = new WeakSet();
  readonly #timeline: Timeline;
  readonly #byId = new Map<string, Entry>();
  readonly #trace: (line: string) => void;

  constructor(timeline: Timeline, trace: (line: string) => void) {
    this.#timeline = timeline;
    this.#trace = trace;
  }

  begin(id: string, user: string, call: Call, kind: Entry['kind'] = 'call'): Entry {
    const told = { ended: Infinity, outcome: undefined, said: 'nothing', isUnbegun: false };
    const [start, began] = [this.#timeline.moment(), this.#timeline.now];
    const entry: Entry = { id, user, call, kind, name: nameOf(call.path, user), start, began, ...told };
    this.entries.push(entry);
    this.#byId.set(id, entry);
    this.#trace(
      `${id} ${kind} ${call.verb} ${call.path} ${call.manner}${call.abort ? `, aborts ${call.abort.by}` : ''}`,
    );
    return entry;
  }

  find(id: string | null): Entry | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  succeed(entry: Entry, outcome: string): void {
    this.#end(entry, 'ok', outcome);
  }

  /** Notes what a call has rejected with. */
  fail(entry: Entry, error: unknown): void {
    const report = typeof error === 'object' && error !== null ? recoveryOf(error) : undefined;
    const { name = typeof error, code } = (error ?? {}) as {
      readonly name?: string;
      readonly code?: unknown;
    };
    const said = report?.outcome === 'failed' ? report.code : typeof code === 'string' ? code : name;
    if (error instanceof SoldOut) this.#end(entry, 'failed', 'sold out');
    else if (report?.outcome === 'failed') this.#end(entry, report.maybeApplied ? 'unknown' : 'failed', said);
    // An error without a report is one of a write that was never sent; but for an abort, of which nobody has to be told.
    else if (name === 'RecoveryError' || isOdd(entry.call)) {
      entry.isUnbegun = true;
      this.#end(entry, 'failed', said);
    } else {
      const isOwn = name === 'AbortError' || this.foreign.has(error as object);
      if (!isOwn) this.flaw('no report', `${entry.id}: ${String(error)}`);
      this.#end(entry, 'unknown', `${said}, without a report`);
    }
  }

  flaw(kind: string, what: string): void {
    this.flaws.push({ kind, what });
    this.#trace(`! ${kind}: ${what}`);
  }

  #end(entry: Entry, outcome: Outcome, said: string): void {
    if (entry.outcome !== undefined) this.flaw('told twice', entry.id);
    Object.assign(entry, { ended: this.#timeline.now, outcome, said });
    this.#trace(`${entry.id} ${outcome}: ${said}`);
  }
}

/** Whether a recipe returns what is no document, as one in JavaScript does. */
export function isOdd({ verb, manner }: Call): boolean {
  return verb === 'update' && ['pushes', 'true', 'number', 'null', 'text', 'member'].includes(manner);
}
