import type { KnownState } from '../recovery/known-state.ts';
import type { Route } from '../route.ts';
import type { Clock } from '../shell/clock.ts';
import { Batch } from './batch.ts';
import type { BatchQueue } from './batch-queue.ts';
import type { RecipeTimeout } from './recipe-timeout.ts';
import type { ResourceState } from './read-state.ts';
import { waitsForItself } from './recipe.ts';
import { splitFailedBatch } from './split.ts';
import type { RecipeResult, QueuedUpdate } from './queued-update.ts';
import type { ResourceIo } from './resource-io.ts';

/**
 * The number of times in a row that later updates end while a recipe is set aside, before that recipe counts as waiting
 * for them.
 */
const maxOvertaken = 3;

/**
 * The updates of one resource by one client. While a write is under way the next updates wait; then their recipes are
 * applied one after another, first come, first served, and go out as one write.
 */
export class UpdateQueue implements BatchQueue {
  readonly io: ResourceIo;
  readonly route: Route;
  readonly clock: Clock;
  recipeTimeout: RecipeTimeout | undefined;
  count = 0;
  readonly #onIdle: (after: KnownState | undefined) => void;
  #lastState: KnownState | undefined;
  /** Whether no other writer got in between: the last write took a single send. */
  #isUncontended = false;
  /** Whether another write went to the resource since the round began. */
  #isStale = false;
  #waiting: QueuedUpdate[] = [];
  /** The number of updates that are set aside. */
  #setAsideCount = 0;
  /** The number of the last update that ended just now. Read only while an update is set aside. */
  #endedNow = 0;
  /** The number of the last update that ended while an update was set aside. */
  #lastEnded = 0;
  #forgetEnded = nothing;
  /** Aborts the request that is made for the updates that wait. */
  #request = new AbortController();
  /** The operation that the last write has begun, while that goes on. */
  #operation: Promise<unknown> | undefined;
  #isBusy = false;
  /** Whether the next update begins with a new queue. */
  #isDone = false;

  /**
   * @param after The state after the last queue of the resource.
   * @param onIdle Gets the state after this queue.
   */
  constructor(
    io: ResourceIo,
    route: Route,
    clock: Clock,
    after: KnownState | undefined,
    onIdle: (after: KnownState | undefined) => void,
  ) {
    this.io = io;
    this.route = route;
    this.clock = clock;
    this.#lastState = after;
    this.#onIdle = onIdle;
  }

  /** Makes an update, together with those that wait at the same time. */
  join(update: QueuedUpdate): void {
    update.number = this.count += 1;
    update.onOver = () => this.#noteEnd(update);
    this.recipeTimeout?.shorten(update.remaining);
    this.#abortIfNoneWaits(update);
    if (this.#operation) update.pause(this.#operation);
    this.#waiting.push(update);
    this.#start();
  }

  /** Forgets the last state, as another write goes to the resource: the next round begins with a read. */
  forget(): void {
    this.#lastState = undefined;
    this.#isStale = true;
  }

  get waiting(): readonly QueuedUpdate[] {
    return this.#waiting.filter(({ isOver }) => !isOver);
  }

  hold(operation: Promise<unknown>, updates: readonly QueuedUpdate[]): void {
    this.#operation = operation;
    for (const update of [...updates, ...this.waiting]) update.pause(operation);
    const over = (): void => void (this.#operation = undefined);
    operation.then(over, over);
  }

  putBack(updates: readonly QueuedUpdate[]): void {
    for (const update of updates) this.#abortIfNoneWaits(update);
    this.#waiting = [...updates, ...this.#waiting].sort((one, other) => one.number - other.number);
    this.#start();
  }

  setAside(update: QueuedUpdate, pending: Promise<RecipeResult>, before: number): void {
    this.#setAsideCount += 1;
    update.onCancel = nothing;
    void pending.then(() => {
      this.#setAsideCount -= 1;
      if (this.#setAsideCount === 0) this.#forgetEnded();
      // If a recipe ends at the very moment that a later update ends, the recipe has waited for that update. The same
      // holds if the recipe ends somewhat later each time: any other recipe gets twice the time, and then ends in time.
      update.overtaken = this.#lastEnded > before ? update.overtaken + 1 : 0;
      if (this.#endedNow > before || update.overtaken === maxOvertaken)
        update.reject(waitsForItself(), 'merge-error');
      this.putBack([update]);
    });
  }

  #noteEnd({ number }: QueuedUpdate): void {
    if (this.#setAsideCount === 0) return;
    this.#endedNow = this.#lastEnded = Math.max(number, this.#lastEnded);
    this.#forgetEnded();
    this.#forgetEnded = this.clock.after(0, () => (this.#endedNow = 0));
  }

  #abortIfNoneWaits(update: QueuedUpdate): void {
    update.onCancel = () => {
      if (!this.#hasWaiting) this.#request.abort();
    };
  }

  get #hasWaiting(): boolean {
    return this.#waiting.some(({ isOver }) => !isOver);
  }

  #start(): void {
    if (!this.#isBusy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#hasWaiting) {
      this.#request = new AbortController();
      const round = (hasWaited: boolean): Promise<void> =>
        this.#round(hasWaited ? undefined : this.#lastState);
      await this.io.withLock(this.#request.signal, round);
    }
    this.#isBusy = false;
    this.#endIfIdle();
  }

  /** Ends the queue if no update waits or is set aside: the next update begins with a queue of its own. */
  #endIfIdle(): void {
    if (this.#hasWaiting || this.#setAsideCount > 0 || this.#isDone) return;
    this.#isDone = true;
    this.#onIdle(this.#isUncontended ? this.#lastState : undefined);
    this.#lastState = undefined;
  }

  /**
   * Makes one write.
   *
   * @param lastState The state after our last write.
   */
  async #round(lastState: KnownState | undefined): Promise<void> {
    // All updates may have been cancelled while the queue waited for the lock.
    if (!this.#hasWaiting) return;
    const request = (this.#request = new AbortController());
    this.#lastState = undefined;
    this.#isStale = false;
    let state: Pick<ResourceState, 'known'> & Partial<ResourceState>;
    try {
      // Also without a read, updates that are called in the same tick share a batch.
      state = await (lastState ? { known: lastState } : this.io.read(request.signal));
    } catch (error) {
      // The read was aborted because all its updates were cancelled. Updates that joined since begin anew.
      if (!request.signal.aborted) for (const update of this.#takeNext()) update.reject(error, 'read-error');
      return;
    }
    // Updates that joined during the read are in the batch, too.
    const batch = new Batch(this, this.#takeNext());
    const outcome = await batch.write(state);
    if (outcome.sends > 0) this.#isUncontended = outcome.sends === 1 && !outcome.failed;
    const after = outcome.failed ? await splitFailedBatch(this, batch, outcome) : outcome.after;
    this.#keepState(after);
    // A caller may update again as soon as it has its result, so the queue ends before that.
    this.#endIfIdle();
    outcome.settle?.();
  }

  #keepState(after: KnownState | undefined): void {
    this.#lastState = this.#isStale ? undefined : after;
  }

  /** Takes the next updates: as many as may share a write, in the order in which they joined. */
  #takeNext(): readonly QueuedUpdate[] {
    const { waiting } = this;
    const alone = waiting.findIndex(({ isAlone }) => isAlone);
    const count = alone < 0 ? waiting.length : Math.max(alone, 1);
    this.#waiting = waiting.slice(count);
    return waiting.slice(0, count);
  }
}

const nothing = (): void => undefined;
