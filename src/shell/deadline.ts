import type { Clock } from './clock.ts';

/** The time that one write may use, and the signal that ends it early. A class, because every write makes one. */
export class Deadline {
  readonly #clock: Clock;
  readonly #callers: AbortSignal | undefined;
  readonly #timeout: number;
  #began: number;
  #timer = new AbortController();
  #signal: AbortSignal;
  #isStarted: boolean;
  #cancel: () => void;
  #onOver: () => void = nothing;
  #cancelRejection = nothing;

  /**
   * @param isStarted Whether the timer is set at once. As long as one request runs at a time, the timer of `withTimeout`
   * suffices.
   */
  constructor(clock: Clock, timeout: number | false, callers: AbortSignal | undefined, isStarted = true) {
    this.#clock = clock;
    this.#callers = callers && ownSignal(callers);
    this.#timeout = timeout === false ? Infinity : timeout;
    this.#began = clock.now();
    this.#signal = this.#link();
    this.#isStarted = isStarted;
    this.#cancel = isStarted ? this.#set(this.remaining()) : nothing;
  }

  /** The signal that aborts when the caller's signal does, or when the time is up. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** Whether the time is up. */
  get expired(): boolean {
    return this.#timer.signal.aborted;
  }

  /** The milliseconds that have gone by. */
  elapsed(): number {
    return this.#clock.now() - this.#began;
  }

  /** The milliseconds that are left. */
  remaining(): number {
    return this.#timeout - this.elapsed();
  }

  /** Waits for some milliseconds; rejects with the signal's reason as soon as the signal aborts. */
  async sleep(delay: number): Promise<void> {
    if (delay <= 0) return;
    let cancel = nothing;
    const over = new Promise<void>((resolve) => {
      cancel = this.#clock.after(delay, resolve);
    });
    await this.race(over).finally(cancel);
  }

  /** Settles as the promise does, or rejects with the signal's reason as soon as the signal aborts. */
  race<Value>(promise: PromiseLike<Value> | Value): Promise<Value> {
    return race(this.#signal, promise);
  }

  /**
   * Settles as the request does. When the signal aborts, the request, which gets the signal itself and may be answered
   * already, has a moment to settle before `raceFetch` rejects with the signal's reason.
   */
  raceFetch<Value>(request: Promise<Value>): Promise<Value> {
    const signal = this.#signal;
    return new Promise((resolve, reject) => {
      // To listen to a signal is costly. Our own signal aborts when the time is up, and calls `#onOver` without a listener.
      this.#onOver = () =>
        (this.#cancelRejection = this.#clock.after(0, () => reject(signal.reason as Error)));
      this.#callers?.addEventListener('abort', this.#onOver);
      if (signal.aborted) this.#onOver();
      // A fetch of the caller's own may return something else than a promise.
      Promise.resolve(request).then(resolve, reject);
    });
  }

  /** Does the same as `race`, but the time stands still: a person may be deciding. */
  async paused<Value>(promise: PromiseLike<Value> | Value): Promise<Value> {
    const before = this.elapsed();
    this.#cancel();
    return this.race(promise).finally(() => {
      this.#began += this.elapsed() - before;
      this.#cancel = this.#set(this.remaining());
    });
  }

  /** Sets the timer, if the constructor hasn't set it. */
  start(): void {
    if (!this.#isStarted) this.#cancel = this.#set(this.remaining());
    this.#isStarted = true;
  }

  /**
   * Ends the work under way when a shorter time is up, at the latest at the deadline, unless the returned function is
   * called before.
   */
  withTimeout(timeout: number | false): () => void {
    const own = timeout === false ? Infinity : timeout;
    const cancel = this.#set(this.#isStarted ? own : Math.min(own, this.remaining()));
    return () => {
      cancel();
      this.#cancelRejection();
      this.#callers?.removeEventListener('abort', this.#onOver);
      this.#onOver = nothing;
    };
  }

  /** Makes a new signal if a timeout has ended the work and time is left. Returns whether it did. */
  reset(): boolean {
    if (!this.expired || this.#callers?.aborted || this.remaining() <= 0) return false;
    this.#timer = new AbortController();
    this.#signal = this.#link();
    return true;
  }

  /** Cancels the timer. The caller's signal stays linked, so that it still aborts a body being read. */
  stop(): void {
    this.#cancel();
  }

  #link(): AbortSignal {
    const { signal } = this.#timer;
    if (!this.#callers) return signal;
    const linked = AbortSignal.any([this.#callers, signal]);
    sources.set(linked, this.#callers);
    return linked;
  }

  #set(time: number): () => void {
    if (time === Infinity) return nothing;
    return this.#clock.after(time, () => {
      this.#timer.abort(new DOMException('The time is up.', 'TimeoutError'));
      this.#onOver();
    });
  }
}

const nothing = (): void => undefined;

/** Keeps a signal for as long as the signal that follows it: else Node collects it, and a body being read isn't aborted. */
const sources = new WeakMap<AbortSignal, AbortSignal>();

/** The signals that abort with a signal of another library or realm. One for each, as the listener is never removed. */
const forwarded = new WeakMap<AbortSignal, AbortSignal>();

/** Returns a signal that `AbortSignal.any` accepts: the fetch of another library may accept other signals. */
function ownSignal(signal: AbortSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const foreign: AbortSignal = signal;
  const known = forwarded.get(foreign);
  if (known) return known;
  const controller = new AbortController();
  const abort = (): void => controller.abort(foreign.reason);
  forwarded.set(foreign, controller.signal);
  if (foreign.aborted) abort();
  else foreign.addEventListener('abort', abort);
  return controller.signal;
}

/** Settles as a promise does, or rejects with the signal's reason as soon as the signal aborts. */
export function race<Value>(signal: AbortSignal, promise: PromiseLike<Value> | Value): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
