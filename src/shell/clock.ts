/** Time and chance. Give your own as the option `clock` to drive a test by a virtual clock and a seed. */
export interface Clock {
  /** Milliseconds since 1970 that never run backwards. */
  now(): number;
  /** From 0 up to, but not including, 1. */
  random(): number;
  /** A text that nobody else has made: a UUID. */
  id(): string;
  /** Calls back after a delay in milliseconds, unless the returned function is called before. */
  after(delay: number, callback: () => void): () => void;
}

/** Beyond this a timer fires at once: the delay is held in 31 bits. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  random: () => Math.random(),
  id: () => crypto.randomUUID(),
  after(delay, callback) {
    const timer = setTimeout(callback, Math.min(delay, longestTimer));
    return () => {
      clearTimeout(timer);
    };
  },
};
