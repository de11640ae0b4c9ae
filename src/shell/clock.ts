/** Time and randomness. Pass your own as the option `clock` to drive a test by a virtual clock and a seed. */
export interface Clock {
  /** The milliseconds since 1970, which never run backwards. */
  now(): number;
  /** A random number from 0 up to, but not including, 1. */
  random(): number;
  /** A text that is unique: a UUID, or as many random bits. */
  id(): string;
  /** Calls back after a delay in milliseconds, unless the returned function is called before. */
  after(delay: number, callback: () => void): () => void;
}

/** The longest delay of a timer, in milliseconds: it is held in 31 bits, and a timer with a longer delay fires at once. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  random: () => Math.random(),
  // A page that was loaded by plain http has random values, but no UUIDs (Web Crypto §10.1.2).
  id: () =>
    (crypto as Partial<Crypto>).randomUUID
      ? crypto.randomUUID()
      : crypto.getRandomValues(new Uint32Array(4)).join('-'),
  after(delay, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(delay, 0), longestTimer));
    return () => {
      clearTimeout(timer);
    };
  },
};
