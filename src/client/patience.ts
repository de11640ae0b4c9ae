import type { Clock } from '../shell/clock.ts';
import type { Turn } from './turn.ts';

/** The longest that others wait for one recipe, in milliseconds: longer than most requests that it may make. */
const longest = 1_000;

/**
 * How long those who travel together wait for each other's recipes: no longer than a quarter of the time that each has left,
 * so that there is time for the write. One who is alone waits as long as it takes.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #longest: number;
  #time = Infinity;
  #endsAt = Infinity;
  #isOver = false;
  #onOver = nothing;
  #cancel = nothing;

  /** @param turns Those whose recipes are waited for. One that once took too long gets twice that time. */
  constructor(clock: Clock, turns: readonly Turn[]) {
    this.#clock = clock;
    this.#longest = turns.reduce((most, { took }) => Math.max(most, 2 * took), longest);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Somebody waits who has so much time left, in milliseconds. */
  hurry(remaining: number): void {
    const time = Math.min(this.#longest, remaining / 4);
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

  /** What some work comes to; `undefined` where that takes too long. What waits for nothing is never too late. */
  async await<Value>(work: Promise<Value>): Promise<Value | undefined> {
    let cancel = nothing;
    const came = await new Promise<Value | undefined>((resolve) => {
      this.#onOver = () => resolve(undefined);
      if (this.#isOver) cancel = this.#clock.after(0, this.#onOver);
      void work.then(resolve);
    });
    cancel();
    return came;
  }

  /** Whether one recipe has used it up, which took so long, in milliseconds, and not all of them together. */
  isUsedUpBy(taken: number): boolean {
    return taken >= this.#time / 2;
  }

  end(): void {
    this.#cancel();
  }
}

const nothing = (): void => undefined;
