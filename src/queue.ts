import type { MediaKind } from './core/media.ts';
import { RecoveryError, stopMessage } from './errors.ts';
import type { Seen } from './known.ts';
import type { Merge, Overrides } from './options.ts';
import type { Reach, State } from './reach.ts';
import { applyRecipe, type Recipe } from './recipe.ts';
import { fileReport, type StopCode, type WriteResult } from './report.ts';
import type { Route } from './route.ts';
import type { Clock } from './shell/clock.ts';
import { startDeadline, type Deadline } from './shell/deadline.ts';
import { contentOf, valueOf, type Content } from './shell/representation.ts';
import { brokenAt } from './shell/schema.ts';

/** What an update says for itself. */
interface TurnOptions extends Overrides {
  readonly signal?: AbortSignal;
  readonly together?: boolean;
}

/** One caller's update. */
interface Turn {
  readonly recipe: Recipe;
  readonly recovery: Overrides;
  readonly isAlone: boolean;
  readonly deadline: Deadline;
  /** Settles the caller's promise, once. */
  readonly end: (settle: { readonly result: WriteResult } | { readonly error: unknown }) => void;
  isOver: boolean;
  /** Whether it changed anything when it was last made. */
  hasChanged: boolean;
}

/**
 * The updates of one resource by one client. While a write is under way the next ones wait; then they are applied one
 * after another, first come, first served, and go out as one write.
 */
export class UpdateQueue {
  readonly #reach: Reach;
  readonly #route: Route;
  readonly #clock: Clock;
  readonly #onIdle: () => unknown;
  #waiting: Turn[] = [];
  #travelling: readonly Turn[] = [];
  #request = new AbortController();
  #isBusy = false;
  #isWriting = false;

  constructor(reach: Reach, route: Route, clock: Clock, onIdle: () => unknown) {
    this.#reach = reach;
    this.#route = route;
    this.#clock = clock;
    this.#onIdle = onIdle;
  }

  /** Makes an update, together with those that wait at the same time. */
  update(recipe: Recipe, { signal, together = true, ...recovery }: TurnOptions): Promise<WriteResult> {
    return new Promise((resolve, reject) => {
      const { totalTimeout = this.#route.totalTimeout } = recovery;
      const deadline = startDeadline(this.#clock, totalTimeout, signal);
      const isAlone = !together || Object.keys(recovery).length > 0;
      const leave = (): void => this.#leave(turn);
      const turn: Turn = {
        ...{ recipe, recovery, isAlone, deadline, isOver: false, hasChanged: false },
        end(outcome) {
          if (turn.isOver) return;
          turn.isOver = true;
          deadline.stop();
          deadline.signal.removeEventListener('abort', leave);
          if ('result' in outcome) resolve(outcome.result);
          else reject(outcome.error as Error);
        },
      };
      deadline.signal.addEventListener('abort', leave);
      if (deadline.signal.aborted) return leave();
      this.#waiting.push(turn);
      if (!this.#isBusy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    let left: State | undefined;
    while (this.#waiting.length > 0) left = await this.#round(left);
    this.#isBusy = false;
    this.#onIdle();
  }

  /** Makes one write, and gives the state that it left where that is known: then the next needs no read. */
  async #round(known: State | undefined, given?: readonly Turn[]): Promise<State | undefined> {
    this.#request = new AbortController();
    this.#travelling = given ?? [];
    let state: State;
    try {
      state = known ?? (await this.#reach.read(this.#request.signal));
    } catch (error) {
      for (const turn of given ?? this.#take()) turn.end({ error });
      return undefined;
    }
    // Whoever came while it was read travels, too.
    this.#travelling = given ?? this.#take();
    const { kind, content } = state.seen;
    const made = await this.#apply(kind, content);
    const turns = this.#travelling.filter(({ isOver }) => !isOver);
    if (made !== content && turns.length > 0) return this.#write(turns, state.seen, made);
    // That nothing has to be written is for a state to say that was read after the call.
    if (known && turns.length > 0) return this.#round(undefined, turns);
    for (const { end } of turns) end({ result: state.result });
    return state;
  }

  async #write(turns: readonly Turn[], of: Seen, made: Content): Promise<State | undefined> {
    const { kind } = of;
    const merge: Merge = async ({ remote }) => {
      const content = contentOf(kind, remote, this.#route);
      return content === undefined ? undefined : valueOf(kind, await this.#apply(kind, content), this.#route);
    };
    // Each caller has a deadline of its own.
    const bounds = { limit: this.#route.updateLimit, ...turns[0]?.recovery, totalTimeout: false } as const;
    try {
      this.#isWriting = true;
      const left = await this.#reach.write(
        made,
        of,
        { ...bounds, merge, onConflict: 'fail' },
        this.#request.signal,
      );
      for (const { end, hasChanged } of turns) {
        end({ result: hasChanged ? left.result : { ...left.result, ending: 'kept-remote' } });
      }
      return 'code' in left.seen.version ? undefined : left;
    } catch (error) {
      this.#isWriting = false;
      if (turns.length === 1 || !concernsContent(error)) {
        for (const { end } of turns) end({ error });
        return undefined;
      }
      // What the server refuses may be one caller's change: the others must not fail with it.
      const half = Math.ceil(turns.length / 2);
      const left = await this.#round(undefined, turns.slice(0, half));
      return this.#round(left, turns.slice(half));
    } finally {
      this.#isWriting = false;
    }
  }

  /** Applies the recipes under way one after another. One that fails, or makes what the schema refuses, is left out. */
  async #apply(kind: MediaKind, content: Content): Promise<Content> {
    let made = content;
    for (const turn of this.#travelling) {
      if (turn.isOver) continue;
      try {
        const next = await turn.deadline.race(applyRecipe(turn.recipe, kind, made, this.#route));
        turn.hasChanged = next !== made;
        const broken =
          turn.hasChanged && (await brokenAt(this.#route.schema, valueOf(kind, next, this.#route)));
        if (broken) throw this.#error('merged-invalid', `At ${broken.join(', ')}`);
        made = next;
      } catch (error) {
        turn.end({ error });
      }
    }
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

  /** Its caller has gone, or its time is up. Nobody else notices, but for a request that nobody waits for any more. */
  #leave(turn: Turn): void {
    const { signal, expired } = turn.deadline;
    const isOut = this.#isWriting && this.#travelling.includes(turn);
    turn.end({ error: expired ? this.#error('timeout', undefined, isOut) : signal.reason });
    const rest = this.#travelling.length > 0 ? this.#travelling : this.#waiting;
    if (rest.every(({ isOver }) => isOver)) this.#request.abort(signal.reason);
  }

  #error(code: StopCode, reason?: string, maybeApplied = false): RecoveryError {
    const told = { method: 'PUT', url: this.#reach.url.origin + this.#reach.url.pathname };
    const message = stopMessage(told, undefined, reason === undefined ? { code } : { code, reason });
    const error = new RecoveryError(code, message);
    const report = { ...told, attempts: [], ending: 'refused', code, message, maybeApplied } as const;
    return fileReport(error, () => report);
  }
}

/** Whether a refusal may be about what one of several callers has written. */
function concernsContent(error: unknown): boolean {
  if (!(error instanceof RecoveryError)) return false;
  const status = error.recovery?.attempts.at(-1)?.status ?? 0;
  return error.code === 'no-progress' || [400, 409, 413, 422].includes(status);
}
