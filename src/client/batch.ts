import type { MediaKind } from '../core/media.ts';
import { comparesStrongly } from '../core/version-rule.ts';
import type { Merge } from '../merging.ts';
import type { KnownState } from '../recovery/known-state.ts';
import type { Recovery } from '../report.ts';
import { contentOf, valueOf, type Content } from '../shell/representation.ts';
import type { Arrival, Depot } from './batch-queue.ts';
import { Patience } from './recipe-timeout.ts';
import type { State } from './read-state.ts';
import type { Tried, Turn } from './queued-update.ts';

/**
 * Updates that travel in one write: their recipes are applied one after another, and the result is written. A batch
 * holds the state of one write; each later write has a batch of its own.
 */
export class Batch {
  readonly #depot: Depot;
  readonly #request = new AbortController();
  #turns: readonly Turn[];
  #tried = new Map<Turn, Tried>();

  constructor(depot: Depot, turns: readonly Turn[]) {
    this.#depot = depot;
    this.#turns = turns;
    // The request is aborted once all its updates are over.
    const onLeave = (): void => {
      if (this.#turns.every(({ isOver }) => isOver)) this.#request.abort();
    };
    for (const turn of turns) turn.onLeave = onLeave;
  }

  /** The updates that aren't over yet. */
  get turns(): readonly Turn[] {
    return this.#turns.filter(({ isOver }) => !isOver);
  }

  /** The number of recipes in what was written, those of updates that have left since included. */
  get size(): number {
    return this.#turns.length;
  }

  /**
   * Writes what the recipes make of a state.
   *
   * @param state A state without a `result` is the one that our last write left, and no read has confirmed it since the
   * updates were called. The batch may write onto such a state. But that nothing has to be written, or that a recipe
   * fails, counts only together with a write. Default: the batch reads the state.
   * @param limit The number of times that the write may be sent again. Default: as the route says.
   */
  async go(state: (Pick<State, 'known'> & Partial<State>) | undefined, limit?: number): Promise<Arrival> {
    const read = state ?? (await this.#read());
    if (!read) return { left: undefined, sends: 0 };
    const { known, result } = read;
    const made = await this.#apply(known.kind, known.content, !result);
    const { turns } = this;
    if (turns.length > 0) {
      // A past version is written as it is: the server says what is there, and the recipes are applied to that.
      if (made !== known.content || this.#depot.reach.isPast(known)) return this.#write(known, made, limit);
      if (!result) return this.go(undefined, limit);
      return { left: this.#kept(known), sends: 0, settle: () => this.#settle({ known, result }) };
    }
    return { left: this.#kept(known), sends: 0 };
  }

  async #read(): Promise<State | undefined> {
    try {
      return await this.#depot.reach.read(this.#request.signal);
    } catch (error) {
      for (const turn of this.turns) turn.refuse(error, 'read-failed');
      return undefined;
    }
  }

  async #write(of: KnownState, made: Content, limit: number | undefined): Promise<Arrival> {
    const { kind } = of;
    const { reach, route } = this.#depot;
    const merge: Merge = async ({ remote, maybeApplied }) => {
      // The server refused each send so far for certain.
      if (!maybeApplied) for (const turn of this.#turns) turn.maybeApplied = false;
      const content = contentOf(kind, remote, route);
      const made = content === undefined ? undefined : await this.#apply(kind, content, false);
      return made === undefined ? undefined : valueOf(kind, made, route);
    };
    const { turns } = this;
    const idempotent = turns.every(({ isIdempotent }) => isIdempotent);
    const overrides = { merge, idempotent, ...(limit !== undefined && { limit }) };
    // An update with bounds of its own travels alone.
    const bounds = turns[0]?.recovery ?? {};
    const told: { readonly report: Recovery }[] = [];
    const way = { bounds, overrides, onEnd: (write: { readonly report: Recovery }) => void told.push(write) };
    try {
      const { known, result } = await reach.write(made, of, way, this.#request.signal);
      const settle = (): void => this.#settle({ known: known ?? of, result });
      return { left: this.#kept(known), sends: result.attempts.length, settle };
    } catch (error) {
      const [write] = told;
      if (!write) return this.#unsent(error);
      const { report } = write;
      return { left: this.#kept(of), sends: report.attempts.length, failed: { error, report } };
    }
  }

  /** Refuses the updates after a hook of the user's has thrown: nothing was sent. */
  #unsent(error: unknown): Arrival {
    for (const turn of this.turns) {
      turn.maybeApplied = false;
      turn.refuse(error, 'network-error');
    }
    return { left: undefined, sends: 0 };
  }

  /**
   * Returns the state if it may be written to without a read: the server refuses the write if its state has changed by then.
   */
  #kept(known: KnownState | undefined): KnownState | undefined {
    const { version } = known ?? {};
    const isKnown = version && !('code' in version);
    return isKnown && comparesStrongly(this.#depot.route.version, version) ? known : undefined;
  }

  #settle(state: State): void {
    for (const turn of this.turns) {
      const { failure, hasChanged = false } = this.#tried.get(turn) ?? {};
      if (failure) turn.refuse(failure.error, failure.stop);
      else turn.succeed(state, hasChanged);
    }
  }

  /** Applies the recipes until no update has left meanwhile whose change is in the result. Then the result may go out. */
  async #apply(kind: MediaKind, content: Content, isTrial: boolean): Promise<Content> {
    for (;;) {
      const made = await this.#pass(kind, content, isTrial);
      const changed = [...this.#tried].filter(([, { hasChanged }]) => hasChanged);
      if (changed.some(([{ isOver }]) => isOver)) continue;
      for (const [turn] of changed) turn.maybeApplied = true;
      return made;
    }
  }

  /**
   * Applies the recipes one after another. A recipe that fails on the state itself ends its update, and leaves no
   * trace. A recipe that fails on what other recipes made of the state ends its update only once that is written.
   */
  async #pass(kind: MediaKind, content: Content, isTrial: boolean): Promise<Content> {
    const { clock, waiting } = this.#depot;
    const tried = (this.#tried = new Map<Turn, Tried>());
    const turns = (this.#turns = this.turns);
    const patience = (this.#depot.patience = new Patience(clock, turns));
    const all = [...turns, ...waiting];
    if (all.length > 1) for (const { remaining } of all) patience.hurry(remaining);
    let made = content;
    let isHeldUp = false;
    for (const [index, turn] of turns.entries()) {
      if (turn.isOver) continue;
      // The recipes together take too long. What they have made so far goes out.
      if (patience.isOver && !isHeldUp) {
        this.#turns = this.#turns.filter((one) => tried.has(one));
        this.#depot.putBack(turns.slice(index));
        break;
      }
      const { count } = this.#depot;
      const began = clock.now();
      const trying = turn.try(kind, made);
      const one = await patience.await(trying);
      if (!one) {
        isHeldUp ||= patience.isUsedUpBy(clock.now() - began);
        this.#turns = this.#turns.filter((other) => other !== turn);
        void trying.then(() => (turn.took = clock.now() - began));
        this.#depot.setAside(turn, trying, count);
      } else if (one.failure && made === content && !isTrial)
        turn.refuse(one.failure.error, one.failure.stop);
      else {
        tried.set(turn, one);
        made = one.content;
      }
    }
    patience.end();
    this.#depot.patience = undefined;
    return made;
  }
}
