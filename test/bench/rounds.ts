/** The middle of some figures, and how far the middle half of them reaches to both sides. */
export interface Middle {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function middle(figures: readonly number[]): Middle {
  const sorted = figures.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))] ?? NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Nanoseconds per call of two functions, one pair for each round. */
export interface Pair {
  readonly bare: number;
  readonly wrapped: number;
}

/** A batch makes its calls one after the other. What it needs is made by `prepare`, outside of the measured time. */
export interface Batch {
  readonly calls: number;
  readonly prepare: () => () => Promise<unknown>;
}

async function nanosecondsPerCall({ calls, prepare }: Batch): Promise<number> {
  const call = prepare();
  const start = process.hrtime.bigint();
  for (let done = 0; done < calls; done++) await call();
  return Number(process.hrtime.bigint() - start) / calls;
}

/**
 * Measures two batches in turns, so that both meet the same machine: each round begins with the other one. The first
 * rounds are the compiler's, and don't count.
 */
export async function inTurns(bare: Batch, wrapped: Batch, rounds: number): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  const warmUp = Math.ceil(rounds / 4);
  for (let round = -warmUp; round < rounds; round++) {
    const first = round % 2 === 0 ? await nanosecondsPerCall(bare) : undefined;
    const other = await nanosecondsPerCall(wrapped);
    const pair = { bare: first ?? (await nanosecondsPerCall(bare)), wrapped: other };
    if (round >= 0) pairs.push(pair);
  }
  return pairs;
}
