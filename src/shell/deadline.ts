import type { Clock } from './clock.ts';

/** The time that one write may use, and the signal that ends it early. */
export interface Deadline {
  /** Aborts when the caller's signal does, or when the time is up. */
  readonly signal: AbortSignal;
  /** Whether the time is up. */
  readonly expired: boolean;
  /** Milliseconds left. */
  remaining(): number;
  /** Waits; rejects with the signal's reason as soon as it aborts. */
  sleep(delay: number): Promise<void>;
  /** Settles as the promise does, or rejects with the signal's reason as soon as it aborts. */
  race<Value>(promise: PromiseLike<Value> | Value): Promise<Value>;
  /** The same for a request: as it hears of the signal itself, and may be answered already, it gets a moment to say so. */
  attend<Value>(request: Promise<Value>): Promise<Value>;
  /** The same, while the time stands still: a person may be deciding. */
  untimed<Value>(promise: PromiseLike<Value> | Value): Promise<Value>;
  /** Sets the timer, where that was put off. */
  arm(): void;
  /** Ends what is under way sooner, unless the returned function is called before; at the latest when the time is up. */
  limit(timeout: number | false): () => void;
  /** Whether a limit has ended what was under way, and time is left. What comes next has a new signal. */
  renew(): boolean;
  /** Puts the timer away. The caller's signal stays linked, so that it still aborts a body being read. */
  readonly stop: () => void;
}

/** @param isArmed Whether the timer is set at once. One thing at a time, within its own limit, needs no other. */
export function startDeadline(
  clock: Clock,
  timeout: number | false,
  callers: AbortSignal | undefined,
  isArmed = true,
): Deadline {
  let end = timeout === false ? Infinity : clock.now() + timeout;
  let timer = new AbortController();
  const link = (): AbortSignal => (callers ? AbortSignal.any([callers, timer.signal]) : timer.signal);
  let signal = link();
  const set = (time: number): (() => void) =>
    time === Infinity
      ? () => undefined
      : clock.after(time, () => {
          timer.abort(new DOMException('The time is up.', 'TimeoutError'));
        });
  let stop = isArmed ? set(end - clock.now()) : () => undefined;

  return {
    get signal() {
      return signal;
    },
    get expired() {
      return timer.signal.aborted;
    },
    remaining: () => end - clock.now(),
    async sleep(delay) {
      if (delay <= 0) return;
      let cancel = (): void => undefined;
      const over = new Promise<void>((resolve) => {
        cancel = clock.after(delay, resolve);
      });
      await race(signal, over).finally(cancel);
    },
    race: (promise) => race(signal, promise),
    attend(request) {
      const heard = signal;
      let cancel = (): void => undefined;
      let onAbort = (): void => undefined;
      const unheard = new Promise<never>((_, reject) => {
        onAbort = () => (cancel = clock.after(0, () => reject(heard.reason as Error)));
      });
      heard.addEventListener('abort', onAbort);
      return Promise.race([request, unheard]).finally(() => {
        heard.removeEventListener('abort', onAbort);
        cancel();
      });
    },
    async untimed(promise) {
      const left = end - clock.now();
      stop();
      return race(signal, promise).finally(() => {
        end = clock.now() + left;
        stop = set(left);
      });
    },
    arm() {
      if (!isArmed) stop = set(end - clock.now());
      isArmed = true;
    },
    limit: (time) => {
      const own = time === false ? Infinity : time;
      return set(isArmed ? own : Math.min(own, end - clock.now()));
    },
    renew() {
      if (!timer.signal.aborted || callers?.aborted || clock.now() >= end) return false;
      timer = new AbortController();
      signal = link();
      return true;
    },
    stop: () => stop(),
  };
}

/** Settles as a promise does, or rejects with the signal's reason as soon as it aborts. */
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
