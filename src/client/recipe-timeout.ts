import type { Clock } from '../shell/clock.ts';
import type { QueuedUpdate } from './queued-update.ts';

/**
 * The longest time that other updates wait for one recipe, in milliseconds: longer than most requests that a recipe may
 * make.
 */
const longestWait = 1_000;

/**
 * The time that the updates of one batch wait for each other's recipes: no longer than a quarter of the time that
 * each update has left, so that there is time for the write. A single update waits as long as its recipe takes.
 */
export class RecipeTimeout {
  readonly #clock: Clock;
  readonly #longestWait: number;
  #time = Infinity;
  #endsAt = Infinity;
  #isOver = false;
  #onOver = nothing;
  #cancel = nothing;

  /** @param updates The updates whose recipes are waited for. A recipe that once took too long gets twice that time. */
  constructor(clock: Clock, updates: readonly QueuedUpdate[]) {
    this.#clock = clock;
    this.#longestWait = updates.reduce((most, { took }) => Math.max(most, 2 * took), longestWait);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Shortens the wait for an update that has so much time left, in milliseconds. */
  shorten(remaining: number): void {
    const time = Math.min(this.#longestWait, remaining / 4);
    const endsAt = this.#clock.now() + time;
    if (endsAt >= this.#endsAt) return;
    this.#cancel();
    this.#time = time;
    this.#endsAt = endsAt;
    this.#cancel = this.#clock.after(time, () => {
      this.#isOver = true;
      this.#onOver();
    });
  }

  /**
   * Returns what some work comes to; `undefined` if the work takes too long. Work that waits for nothing is never too late.
   */
  async await<Value>(work: Promise<Value>): Promise<Value | undefined> {
    let cancel = nothing;
    const value = await new Promise<Value | undefined>((resolve) => {
      this.#onOver = () => resolve(undefined);
      if (this.#isOver) cancel = this.#clock.after(0, this.#onOver);
      void work.then(resolve);
    });
    cancel();
    return value;
  }

  /** Whether one recipe, which took so many milliseconds, has used the time up, and not all recipes together. */
  isUsedUpBy(taken: number): boolean {
    return taken >= this.#time / 2;
  }

  end(): void {
    this.#cancel();
  }
}

const nothing = (): void => undefined;
