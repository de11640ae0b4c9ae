import type { Seen } from '../recovery/known.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import { Batch } from './batch.ts';
import type { Depot } from './depot.ts';
import type { Patience } from './patience.ts';
import type { State } from './reach.ts';
import { waitsForItself } from './recipe.ts';
import { endFailed } from './split.ts';
import type { Tried, Turn } from './turn.ts';
import type { Reach } from './way.ts';

/** How often in a row a recipe is aside while updates come to their end that were called meanwhile, before it counts as what waits for them. */
const mostOvertaken = 3;

/**
 * The updates of one resource by one client. While a write is under way the next ones wait; then they are applied one
 * after another, first come, first served, and go out as one write.
 */
export class UpdateQueue implements Depot {
  readonly reach: Reach;
  readonly route: Route;
  readonly clock: Clock;
  patience: Patience | undefined;
  count = 0;
  readonly #onIdle: (left: Seen | undefined) => void;
  #left: Seen | undefined;
  /** Whether nobody else has got in between. */
  #isCalm = false;
  /** Whether somebody else has written since the round began. */
  #isOvertaken = false;
  #waiting: Turn[] = [];
  /** How many are aside. */
  #aside = 0;
  /** The last of those that came to their end just now. Looked at only while one is aside. */
  #justOver = 0;
  /** The last of those that came to their end while one was aside. */
  #lastOver = 0;
  #forgetOver = nothing;
  /** The request that is made for those who wait. */
  #request = new AbortController();
  #isBusy = false;
  /** Whether another queue has taken over. */
  #isDone = false;

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

  /** Somebody else writes: the next round begins with a read. */
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
      // The recipe goes on at the very moment that an update is over which was called meanwhile: it has waited for that.
      // Or somewhat later, and that each time: another one is given twice the time, and then is in time.
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

  /** Has the next update begin with a queue of its own, if nobody is to come to this one. */
  #rest(): void {
    if (this.#isAwaited || this.#aside > 0 || this.#isDone) return;
    this.#isDone = true;
    this.#onIdle(this.#isCalm ? this.#left : undefined);
    this.#left = undefined;
  }

  /**
   * Makes one write.
   *
   * @param known The state that our last write left.
   */
  async #round(known: Seen | undefined): Promise<void> {
    // Those who waited for a turn may all have left.
    if (!this.#isAwaited) return;
    const request = (this.#request = new AbortController());
    this.#left = undefined;
    this.#isOvertaken = false;
    let state: Pick<State, 'seen'> & Partial<State>;
    try {
      // Also without a read, those who call in the same breath travel together.
      state = await (known ? { seen: known } : this.reach.read(request.signal));
    } catch (error) {
      // Called off, as nobody waited any more. Whoever has come since begins anew.
      if (!request.signal.aborted) for (const turn of this.#take()) turn.refuse(error, 'read-failed');
      return;
    }
    // Whoever came while it was read travels, too.
    const batch = new Batch(this, this.#take());
    const arrival = await batch.go(state);
    if (arrival.sends > 0) this.#isCalm = arrival.sends === 1 && !arrival.failed;
    const left = arrival.failed ? await endFailed(this, batch, arrival) : arrival.left;
    this.#keep(left);
    // Whoever gets a result may call again at once.
    this.#rest();
    arrival.settle?.();
  }

  #keep(left: Seen | undefined): void {
    this.#left = this.#isOvertaken ? undefined : left;
  }

  /** The next ones to travel: as many as may together, in the order they came. */
  #take(): readonly Turn[] {
    const { waiting } = this;
    const alone = waiting.findIndex(({ isAlone }) => isAlone);
    const count = alone < 0 ? waiting.length : Math.max(alone, 1);
    this.#waiting = waiting.slice(count);
    return waiting.slice(0, count);
  }
}

const nothing = (): void => undefined;
