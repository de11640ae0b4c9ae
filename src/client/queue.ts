import type { KnownState } from '../recovery/known-state.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import { Batch } from './batch.ts';
import type { Depot } from './batch-queue.ts';
import type { Patience } from './recipe-timeout.ts';
import type { State } from './read-state.ts';
import { waitsForItself } from './recipe.ts';
import { endFailed } from './split.ts';
import type { Tried, Turn } from './queued-update.ts';
import type { Reach } from './resource-io.ts';

/**
 * The number of times in a row that later updates end while a recipe is set aside, before that recipe counts as waiting
 * for them.
 */
const mostOvertaken = 3;

/**
 * The updates of one resource by one client. While a write is under way the next updates wait; then their recipes are
 * applied one after another, first come, first served, and go out as one write.
 */
export class UpdateQueue implements Depot {
  readonly reach: Reach;
  readonly route: Route;
  readonly clock: Clock;
  patience: Patience | undefined;
  count = 0;
  readonly #onIdle: (left: KnownState | undefined) => void;
  #left: KnownState | undefined;
  /** Whether no other writer got in between: the last write took a single send. */
  #isCalm = false;
  /** Whether another write went to the resource since the round began. */
  #isOvertaken = false;
  #waiting: Turn[] = [];
  /** The number of updates that are set aside. */
  #aside = 0;
  /** The number of the last update that ended just now. Read only while an update is set aside. */
  #justOver = 0;
  /** The number of the last update that ended while an update was set aside. */
  #lastOver = 0;
  #forgetOver = nothing;
  /** Aborts the request that is made for the updates that wait. */
  #request = new AbortController();
  #isBusy = false;
  /** Whether the next update begins with a new queue. */
  #isDone = false;

  /**
   * @param left The state that the last queue of the resource left.
   * @param onIdle Gets the state that this queue leaves.
   */
  constructor(
    reach: Reach,
    route: Route,
    clock: Clock,
    left: KnownState | undefined,
    onIdle: (left: KnownState | undefined) => void,
  ) {
    this.reach = reach;
    this.route = route;
    this.clock = clock;
    this.#left = left;
    this.#onIdle = onIdle;
  }

  /** Makes an update, together with those that wait at the same time. */
  join(turn: Turn): void {
    turn.number = this.count += 1;
    turn.onOver = () => this.#note(turn);
    this.patience?.hurry(turn.remaining);
    this.#wait(turn);
    this.#waiting.push(turn);
    this.#begin();
  }

  /** Forgets the state that is left, as another write goes to the resource: the next round begins with a read. */
  forget(): void {
    this.#left = undefined;
    this.#isOvertaken = true;
  }

  get waiting(): readonly Turn[] {
    return this.#waiting.filter(({ isOver }) => !isOver);
  }

  putBack(turns: readonly Turn[]): void {
    for (const turn of turns) this.#wait(turn);
    this.#waiting = [...turns, ...this.#waiting].sort((one, other) => one.number - other.number);
    this.#begin();
  }

  setAside(turn: Turn, trying: Promise<Tried>, before: number): void {
    this.#aside += 1;
    turn.onLeave = nothing;
    void trying.then(() => {
      this.#aside -= 1;
      if (this.#aside === 0) this.#forgetOver();
      // If a recipe ends at the very moment that a later update ends, the recipe has waited for that update. The same
      // holds if the recipe ends somewhat later each time: any other recipe gets twice the time, and then ends in time.
      turn.overtaken = this.#lastOver > before ? turn.overtaken + 1 : 0;
      if (this.#justOver > before || turn.overtaken === mostOvertaken)
        turn.refuse(waitsForItself(), 'merge-failed');
      this.putBack([turn]);
    });
  }

  #note({ number }: Turn): void {
    if (this.#aside === 0) return;
    this.#justOver = this.#lastOver = Math.max(number, this.#lastOver);
    this.#forgetOver();
    this.#forgetOver = this.clock.after(0, () => (this.#justOver = 0));
  }

  #wait(turn: Turn): void {
    turn.onLeave = () => {
      if (!this.#isAwaited) this.#request.abort();
    };
  }

  get #isAwaited(): boolean {
    return this.#waiting.some(({ isOver }) => !isOver);
  }

  #begin(): void {
    if (!this.#isBusy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#isAwaited) {
      this.#request = new AbortController();
      const round = (hasWaited: boolean): Promise<void> => this.#round(hasWaited ? undefined : this.#left);
      await this.reach.inTurn(this.#request.signal, round);
    }
    this.#isBusy = false;
    this.#rest();
  }

  /** Ends the queue if no update waits or is set aside: the next update begins with a queue of its own. */
  #rest(): void {
    if (this.#isAwaited || this.#aside > 0 || this.#isDone) return;
    this.#isDone = true;
    this.#onIdle(this.#isCalm ? this.#left : undefined);
    this.#left = undefined;
  }

  /**
   * Makes one write.
   *
   * @param lastState The state that our last write left.
   */
  async #round(lastState: KnownState | undefined): Promise<void> {
    // All updates may have left while they waited for the turn.
    if (!this.#isAwaited) return;
    const request = (this.#request = new AbortController());
    this.#left = undefined;
    this.#isOvertaken = false;
    let state: Pick<State, 'known'> & Partial<State>;
    try {
      // Also without a read, updates that are called in the same tick travel together.
      state = await (lastState ? { known: lastState } : this.reach.read(request.signal));
    } catch (error) {
      // The read was aborted because all its updates had left. Updates that joined since begin anew.
      if (!request.signal.aborted) for (const turn of this.#take()) turn.refuse(error, 'read-failed');
      return;
    }
    // Updates that joined during the read travel, too.
    const batch = new Batch(this, this.#take());
    const arrival = await batch.go(state);
    if (arrival.sends > 0) this.#isCalm = arrival.sends === 1 && !arrival.failed;
    const left = arrival.failed ? await endFailed(this, batch, arrival) : arrival.left;
    this.#keep(left);
    // A caller may update again as soon as it has its result, so the queue ends before that.
    this.#rest();
    arrival.settle?.();
  }

  #keep(left: KnownState | undefined): void {
    this.#left = this.#isOvertaken ? undefined : left;
  }

  /** Takes the next updates: as many as may travel together, in the order in which they joined. */
  #take(): readonly Turn[] {
    const { waiting } = this;
    const alone = waiting.findIndex(({ isAlone }) => isAlone);
    const count = alone < 0 ? waiting.length : Math.max(alone, 1);
    this.#waiting = waiting.slice(count);
    return waiting.slice(0, count);
  }
}

const nothing = (): void => undefined;
