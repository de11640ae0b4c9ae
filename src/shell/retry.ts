import pRetry from 'p-retry';

/** What one attempt came to: an outcome, or the wait before the next attempt, in milliseconds. */
export type Step<Outcome> =
  { readonly kind: 'done'; readonly outcome: Outcome } | { readonly kind: 'again'; readonly wait: number };

/** Steers p-retry, and reaches nobody. One for all, as an error costs the look at its stack. */
const again = /* @__PURE__ */ new Error('again');

/**
 * Takes steps until one is done, or until `limit` retries are used up; then it is `undefined`.
 *
 * p-retry counts. The waits are ours, because p-retry knows neither full jitter nor Retry-After, and can't be given a
 * clock. So is the abort: p-retry would turn a write that was committed into an abort that came a moment later.
 */
export async function repeat<Outcome>(
  step: (attempt: number) => Promise<Step<Outcome>>,
  limit: number,
  sleep: (delay: number) => Promise<void>,
): Promise<Outcome | undefined> {
  // Most writes meet no conflict, and need nobody to count.
  const first = await step(1);
  if (first.kind === 'done') return first.outcome;
  if (limit === 0) return undefined;
  let { wait } = first;
  await sleep(wait);
  const run = async (retry: number): Promise<{ outcome: Outcome } | { threw: unknown }> => {
    // What a step throws travels as a value: p-retry would replace what is no Error.
    const taken = await step(retry + 1).catch((threw: unknown) => ({ kind: 'threw' as const, threw }));
    if (taken.kind !== 'again') return taken;
    wait = taken.wait;
    throw again;
  };
  const shouldRetry = async (): Promise<boolean> => {
    await sleep(wait);
    return true;
  };
  const taken = await pRetry(run, { retries: limit - 1, minTimeout: 0, shouldRetry }).catch(
    (error: unknown) => {
      if (error === again) return undefined;
      throw error;
    },
  );
  if (taken && 'threw' in taken) throw taken.threw;
  return taken?.outcome;
}
