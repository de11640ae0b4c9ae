import type { Clock } from '../shell/clock.ts';

/** A clock whose time passes only when a test lets it pass; see `createClock`. */
export interface TestClock extends Clock {
  /** How many timers are set. After a test there should be none. */
  readonly timers: number;
  /** Lets time pass until a promise settles, from timer to timer, and returns what the promise settles to. */
  run<Value>(promise: Promise<Value>): Promise<Value>;
  /** Lets so many milliseconds pass. */
  pass(milliseconds: number): Promise<void>;
}

/** The settings of a test clock. */
export interface TestClockOptions {
  /** The time at first, in milliseconds since 1970. Default: 2026-01-01, 00:00 UTC. */
  readonly now?: number;
  /** Returns the random numbers, from 0 up to, but not including, 1. Default: always 0.5. */
  readonly random?: () => number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * Makes a clock for the option `clock` of a client, a wrapped fetch or `createOrigin`. Its time passes in `run` and `pass`
 * alone, so a test of a timeout of 30 seconds ends in milliseconds. It sets no timer of the runtime and replaces none, so
 * it works beside the fake timers of vitest and jest, whether they are on or off.
 *
 * Time passes as soon as nothing is left to do in this process. An answer that comes over a real socket (`listen`) may
 * take longer than that: test such a service by the real clock.
 *
 * @throws {Error} In `run`, if no timer is left and the promise is still pending: nothing will settle it.
 */
export function createClock({
  now = Date.UTC(2026, 0, 1),
  random = () => 0.5,
}: TestClockOptions = {}): TestClock {
  const timers = new Set<Timer>();
  let time = now;
  let ids = 0;

  function after(delay: number, callback: () => void): () => void {
    const timer = { at: time + Math.max(delay, 0), callback };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  }

  function fireNext(): void {
    const [next] = [...timers].sort((one, other) => one.at - other.at);
    if (!next) throw new Error('No timer is left, and the promise is pending: nothing will settle it.');
    timers.delete(next);
    time = next.at;
    next.callback();
  }

  async function run<Value>(promise: Promise<Value>): Promise<Value> {
    const state = { isSettled: false };
    const settle = (): void => {
      state.isSettled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      await quiet();
      if (state.isSettled) return promise;
      fireNext();
    }
  }

  return {
    now: () => time,
    random,
    id: () => `id-${(ids += 1)}`,
    after,
    get timers() {
      return timers.size;
    },
    run,
    pass: (milliseconds) => run(new Promise<void>((resolve) => void after(milliseconds, resolve))),
  };
}

/** The turns of the event loop after which nothing is left to do: a body that is read takes several. */
const turns = 20;

async function quiet(): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
}

/** Waits for one turn of the event loop. No fake timers replace a message channel, as they do `setTimeout`. */
function nextTurn(): Promise<void> {
  // Messages of one channel may all arrive in the same turn, so each turn has its own.
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
