import type { MediaKind } from '../core/media.ts';
import { RecoveryError } from '../errors.ts';
import type { Merge } from '../merging.ts';
import type { Seen } from '../recovery/known.ts';
import type { WriteResult } from '../report.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import { contentOf, valueOf, type Content } from '../shell/representation.ts';
import type { Reach, State } from './reach.ts';
import type { Recipe } from './recipe.ts';
import { startTurn, type Turn, type TurnOptions } from './turn.ts';

/**
 * The updates of one resource by one client. While a write is under way the next ones wait; then they are applied one
 * after another, first come, first served, and go out as one write.
 */
export class UpdateQueue {
  readonly #reach: Reach;
  readonly #route: Route;
  readonly #clock: Clock;
  readonly #onIdle: (left: Seen | undefined) => void;
  #left: Seen | undefined;
  /** Whether nobody else has got in between. */
  #isCalm = false;
  /** Whether somebody else has written since the round began. */
  #isOvertaken = false;
  #waiting: Turn[] = [];
  #travelling: readonly Turn[] = [];
  #request = new AbortController();
  #isBusy = false;
  #isWriting = false;

  /**
   * @param left What the last queue of the resource left.
   * @param onIdle Is given what this one leaves.
   */
  constructor(
    reach: Reach,
    route: Route,
    clock: Clock,
    left: Seen | undefined,
    onIdle: (left: Seen | undefined) => void,
  ) {
    this.#reach = reach;
    this.#route = route;
    this.#clock = clock;
    this.#left = left;
    this.#onIdle = onIdle;
  }

  /** Makes an update, together with those that wait at the same time. */
  async update(recipe: Recipe, options: TurnOptions): Promise<WriteResult> {
    const of = { route: this.#route, url: this.#reach.url, clock: this.#clock };
    const turn = startTurn(recipe, options, of, (leaving) => this.#leave(leaving));
    if (!turn.isOver) this.#waiting.push(turn);
    if (!this.#isBusy) void this.#run();
    return turn.settled;
  }

  /** Somebody else writes: the next round begins with a read. */
  forget(): void {
    this.#left = undefined;
    this.#isOvertaken = true;
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      this.#travelling = [];
      this.#request = new AbortController();
      const round = (hasWaited: boolean): Promise<Seen | undefined> =>
        this.#round(hasWaited ? undefined : this.#left);
      const left = await this.#reach.inTurn(this.#request.signal, round);
      this.#left = this.#isOvertaken ? undefined : left;
    }
    this.#isBusy = false;
    this.#onIdle(this.#isCalm ? this.#left : undefined);
  }

  /**
   * Makes one write, and gives the state that it left where that is known: then the next needs no read.
   *
   * @param known The state that our last write left. Nobody has read it since the turns were called, so it may be
   * written to, but it doesn't say that nothing has to be written, nor that a recipe fails.
   */
  async #round(known: Seen | undefined, given?: readonly Turn[]): Promise<Seen | undefined> {
    // Those who waited for a turn may all have left.
    if (!given && this.#waiting.every(({ isOver }) => isOver)) this.#waiting = [];
    if (!given && this.#waiting.length === 0) return known;
    this.#request = new AbortController();
    this.#travelling = given ?? [];
    this.#isOvertaken = false;
    let state: Pick<State, 'seen'> & Partial<State>;
    try {
      // Also without a read, those who call in the same breath travel together.
      state = await (known ? { seen: known } : this.#reach.read(this.#request.signal));
    } catch (error) {
      // Called off, as nobody waited any more. Whoever has come since begins anew.
      if (this.#request.signal.aborted) this.#waiting = this.#waiting.filter(({ isOver }) => !isOver);
      else for (const turn of given ?? this.#take()) turn.fail(error);
      return undefined;
    }
    // Whoever came while it was read travels, too.
    this.#travelling = given ?? this.#take();
    const { seen, result } = state;
    const made = await this.#apply(seen.kind, seen.content, !result);
    const turns = this.#travelling.filter(({ isOver }) => !isOver);
    if (turns.length === 0) return seen;
    if (made !== undefined && made !== seen.content) return this.#write(turns, seen, made);
    if (!result) return this.#round(undefined, turns);
    for (const turn of turns) turn.succeed({ seen, result });
    return seen;
  }

  async #write(turns: readonly Turn[], of: Seen, made: Content): Promise<Seen | undefined> {
    const { kind } = of;
    const merge: Merge = async ({ remote }) => {
      const content = contentOf(kind, remote, this.#route);
      const made = content === undefined ? undefined : await this.#apply(kind, content, false);
      return made === undefined ? undefined : valueOf(kind, made, this.#route);
    };
    // Each caller has a deadline of its own.
    const bounds = { ...turns[0]?.recovery, totalTimeout: false } as const;
    try {
      this.#isWriting = true;
      const idempotent = turns.every(({ isIdempotent }) => isIdempotent);
      const recovery = { ...bounds, merge, idempotent, onConflict: 'fail', onGone: 'fail' } as const;
      const left = await this.#reach.write(made, of, recovery, this.#request.signal);
      for (const turn of turns) turn.succeed(left);
      this.#isCalm = left.result.attempts.length === 1;
      const { version } = left.seen;
      return version && !('code' in version) ? left.seen : undefined;
    } catch (error) {
      if (turns.length > 1 && concernsContent(error)) return await this.#split(turns);
      for (const turn of turns) turn.fail(error);
      return undefined;
    } finally {
      this.#isWriting = false;
    }
  }

  /** What the server refuses may be one caller's change: the others must not fail with it. */
  async #split(turns: readonly Turn[]): Promise<Seen | undefined> {
    const half = Math.ceil(turns.length / 2);
    const left = await this.#round(undefined, turns.slice(0, half));
    return this.#round(left, turns.slice(half));
  }

  /** Applies the recipes under way one after another. `undefined` where one fails that may only be tried. */
  async #apply(kind: MediaKind, content: Content, isTrial: boolean): Promise<Content | undefined> {
    let made: Content | undefined = content;
    for (const turn of this.#travelling)
      if (!turn.isOver && made !== undefined) made = await turn.apply(kind, made, isTrial);
    return made;
  }

  /** The next ones to travel: as many as may together, in the order they came. */
  #take(): readonly Turn[] {
    const waiting = this.#waiting.filter(({ isOver }) => !isOver);
    const alone = waiting.findIndex(({ isAlone }) => isAlone);
    const count = alone < 0 ? waiting.length : Math.max(alone, 1);
    this.#waiting = waiting.slice(count);
    return waiting.slice(0, count);
  }

  /** Nobody else notices that one leaves, but for a request that nobody waits for any more. */
  #leave(turn: Turn): void {
    turn.leave(this.#isWriting && this.#travelling.includes(turn));
    const rest = this.#travelling.length > 0 ? this.#travelling : this.#waiting;
    if (rest.every(({ isOver }) => isOver)) this.#request.abort();
  }
}

/** Whether a refusal may be about what one of several callers has written. */
function concernsContent(error: unknown): boolean {
  if (!(error instanceof RecoveryError)) return false;
  const { code, recovery } = error;
  // Then the changes may be there already, or no write can match the version, whatever it says.
  if (recovery?.ending === 'refused' && (recovery.maybeApplied || recovery.likely === 'unmatchable-etag'))
    return false;
  const status = recovery?.attempts.at(-1)?.status ?? 0;
  return code === 'no-progress' || [400, 409, 413, 422].includes(status);
}
