import pRetry from 'p-retry';

/** Makes p-retry go on, and reaches no caller. One error for all, as each error costs the capture of a stack. */
const again = /* @__PURE__ */ new Error('again');

/**
 * Runs a step again until it has an outcome, or until `limit` retries are used up; then returns `undefined`. A step without
 * an outcome returns the wait before the next step, in milliseconds. Most writes meet no conflict, and need no count.
 *
 * p-retry counts. The waits are ours, because p-retry knows neither full jitter nor Retry-After, and takes no clock.
 * The abort is ours, too: p-retry would report a write that was committed as aborted, if the abort came a moment later.
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
    // An error of a step travels as a value, as p-retry would replace an error that is no Error.
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
