import type { Origins } from './origins.ts';
import type { KindName } from './kinds.ts';
import { count, emptyTally, type Tally } from './tally.ts';
import { runTrial } from './trial.ts';

/** How many calls are under way at once: enough that none waits for the network alone. */
const lanes = 8;

/**
 * Makes the calls `seed:0` up to `seed:calls - 1`.
 *
 * @param only The kind that all are to be of. Default: each draws its own.
 * @param most How many comparisons may fail before no more calls are made. Default: any number.
 */
export async function runMany(
  {
    seed,
    calls,
    only,
    most = Infinity,
  }: { readonly seed: string; readonly calls: number; readonly only?: KindName; readonly most?: number },
  origins: Origins,
): Promise<Tally> {
  const tally = emptyTally();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < calls && tally.first.size < most)
      count(tally, await runTrial(`${seed}:${(next += 1) - 1}`, origins, only));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return tally;
}
