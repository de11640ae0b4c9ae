import pRetry from 'p-retry';

/** Steers p-retry, and reaches nobody. One for all, as an error costs the look at its stack. */
const again = /* @__PURE__ */ new Error('again');

/**
 * Takes a step again until it has an outcome, or until `limit` retries are used up; then it is `undefined`. A step without
 * one gives the wait before the next, in milliseconds. Most writes meet no conflict, and need nobody to count.
 *
 * p-retry counts. The waits are ours, because p-retry knows neither full jitter nor Retry-After, and can't be given a
 * clock. So is the abort: p-retry would turn a write that was committed into an abort that came a moment later.
 */
export async function repeat<Outcome extends object>(
  step: (attempt: number) => Promise<Outcome | number>,
  wait: number,
  limit: number,
  sleep: (delay: number) => Promise<void>,
): Promise<Outcome | undefined> {
  if (limit === 0) return undefined;
  let next = wait;
  await sleep(next);
  const run = async (retry: number): Promise<Outcome | { threw: unknown }> => {
    // What a step throws travels as a value: p-retry would replace what is no Error.
    const taken = await step(retry + 1).catch((threw: unknown) => ({ threw }));
    if (typeof taken !== 'number') return taken;
    next = taken;
    throw again;
  };
  const shouldRetry = async (): Promise<boolean> => {
    await sleep(next);
    return true;
  };
  const taken = await pRetry(run, { retries: limit - 1, minTimeout: 0, shouldRetry }).catch(
    (error: unknown) => {
      if (error === again) return undefined;
      throw error;
    },
  );
  if (taken && 'threw' in taken) throw taken.threw;
  return taken;
}
