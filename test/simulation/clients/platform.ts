import type { Timeline } from '../timeline.ts';

/** A timer of ky's, in virtual time. */
interface Timer {
  readonly cancel: () => void;
}

/** Runs something while the platform's `fetch` is another one, and its timers go by virtual time. */
export async function onPlatform(
  timeline: Timeline,
  fetch: typeof globalThis.fetch,
  run: () => Promise<void>,
): Promise<void> {
  const before = {
    fetch: globalThis.fetch,
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
  };
  const timers = new WeakSet<object>();
  const setTimeout = (callback: (...given: unknown[]) => void, delay = 0, ...given: unknown[]): Timer => {
    const timer: Timer = { cancel: timeline.after(delay, () => callback(...given)) };
    timers.add(timer);
    return timer;
  };
  const clearTimeout = (timer: unknown): void => {
    if (typeof timer === 'object' && timer !== null && timers.has(timer)) (timer as Timer).cancel();
    else before.clearTimeout(timer as never);
  };
  Object.assign(globalThis, { fetch, setTimeout, clearTimeout });
  try {
    await run();
  } finally {
    Object.assign(globalThis, before);
  }
}
