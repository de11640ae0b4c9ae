import type { Clock } from 'remerge';

/** Time that passes when the test says so. A timer of no delay goes off at once. */
export class HandClock implements Clock {
  #time = 0;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  readonly now = (): number => this.#time;
  readonly random = (): number => 0;
  readonly id = (): string => crypto.randomUUID();

  readonly after = (delay: number, callback: () => void): (() => void) => {
    if (delay <= 0) {
      const timer = setTimeout(callback);
      return () => clearTimeout(timer);
    }
    const timer = { at: this.#time + delay, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets so many milliseconds pass. */
  pass(milliseconds: number): void {
    this.#time += milliseconds;
    for (const timer of this.#timers) {
      if (timer.at > this.#time) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}
