import { TimeoutError } from 'ky';
import type { Clock } from '../shell/clock.ts';
import { Deadline } from '../shell/deadline.ts';

interface Hooked {
  readonly request: Request;
}

/**
 * The time that a write has, hooks and ky's waits included. While the write is being recovered, recovery measures the
 * time: a person who decides uses none.
 */
export class TimeLeft {
  readonly #clock: Clock;
  readonly #errors = new WeakSet<Error>();
  #left: number;
  #since: number;

  constructor(clock: Clock, totalTimeout: number | false) {
    this.#clock = clock;
    this.#left = totalTimeout === false ? Infinity : totalTimeout;
    this.#since = clock.now();
  }

  /** The milliseconds that are left; negative if the time is up. */
  get remaining(): number {
    return this.#left - (this.#clock.now() - this.#since);
  }

  /** Whether an error says that this time is up. */
  isTimeoutError(error: unknown): boolean {
    return this.#errors.has(error as Error);
  }

  #timeoutError(request: Request): TimeoutError {
    const error = new TimeoutError(request);
    this.#errors.add(error);
    return error;
  }

  /** Wraps hooks so that they end when the time is up. */
  wrapHooks<State extends Hooked, Given>(
    hooks: readonly ((state: State) => Given | Promise<Given>)[] = [],
  ): ((state: State) => Promise<Given>)[] {
    return hooks.map((hook) => (state) => this.within(state.request, () => hook(state)));
  }

  /** Returns a delay that ends when the time does. The step after the delay then finds no time left. */
  capDelay(delay: number): number {
    return Math.min(delay, Math.max(0, this.remaining + 1));
  }

  /**
   * Returns what some work comes to.
   *
   * @param signal The caller's signal, which ends the work as the time does.
   * @throws {TimeoutError} if the work takes too long.
   */
  async within<Value>(
    request: Request,
    work: (signal: AbortSignal) => Value | Promise<Value>,
    signal?: AbortSignal,
  ): Promise<Value> {
    const limit = new Deadline(this.#clock, this.remaining, signal);
    try {
      return await limit.race(work(limit.signal));
    } catch (error) {
      throw limit.expired ? this.#timeoutError(request) : error;
    } finally {
      limit.stop();
    }
  }

  /**
   * Recovers within the time that is left.
   *
   * @throws {TimeoutError} if no time is left.
   */
  async recovering(
    request: Request,
    send: (totalTimeout: number | false) => Promise<Response>,
  ): Promise<Response> {
    this.#left = this.remaining;
    if (this.#left <= 0) throw this.#timeoutError(request);
    try {
      return await send(this.#left === Infinity ? false : this.#left);
    } finally {
      this.#since = this.#clock.now();
    }
  }
}
