import type { Clock } from 'remerge';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes only when nothing else is left to do, and chance that is set by the test. */
export class VirtualClock implements Clock {
  /** What `random` gives. */
  chance = 0.5;
  #time = Date.UTC(2026, 0, 1);
  #ids = 0;
  readonly #timers = new Set<Timer>();

  readonly now = (): number => this.#time;
  readonly random = (): number => this.chance;
  readonly id = (): string => `id-${String((this.#ids += 1))}`;

  readonly after = (delay: number, callback: () => void): (() => void) => {
    const timer = { at: this.#time + delay, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  };

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets everything that can happen now happen. */
  async idle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets so much time pass. */
  async pass(milliseconds: number): Promise<void> {
    await this.run(new Promise<void>((resolve) => this.after(milliseconds, resolve)));
  }

  /** Lets time pass until a promise settles. */
  async run<Value>(promise: Promise<Value>): Promise<Value> {
    const state = { settled: false };
    const done = promise.finally(() => {
      state.settled = true;
    });
    done.catch(() => undefined);
    for (;;) {
      await this.idle();
      if (state.settled) return done;
      this.#fireNext();
    }
  }

  #fireNext(): void {
    const [next] = [...this.#timers].sort((one, other) => one.at - other.at);
    if (!next) throw new Error('Nothing is left to happen, and the promise is not settled.');
    this.#timers.delete(next);
    this.#time = next.at;
    next.callback();
  }
}
