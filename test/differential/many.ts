import type { Find } from '../mutants/hunt.ts';
import { told } from './choices.ts';
import type { Origins } from './origins.ts';
import { kinds, type KindName } from './kinds.ts';
import { count, emptyTally, numberOf, type Tally } from './tally.ts';
import { runTrial } from './trial.ts';

/** How many calls are under way at once: enough that none waits for the network alone. */
const lanes = 8;

/**
 * Makes the calls `seed:0` up to `seed:calls - 1`.
 *
 * @param only The kind that all are to be of. Default: each draws its own.
 * @param most How many comparisons may fail before no more calls are made. Default: any number.
 * @param until The beginning of the name of a comparison: one that fails is the last. Default: none.
 */
export async function runMany(
  {
    seed,
    calls,
    only,
    most = Infinity,
    until,
  }: {
    readonly seed: string;
    readonly calls: number;
    readonly only?: KindName;
    readonly most?: number;
    readonly until?: string;
  },
  origins: Origins,
): Promise<Tally> {
  const tally = emptyTally();
  let next = 0;
  const isFound = (): boolean => until !== undefined && firstOf(tally, until) !== undefined;
  const lane = async (): Promise<void> => {
    while (next < calls && tally.first.size < most && !isFound())
      count(tally, await runTrial(`${seed}:${(next += 1) - 1}`, origins, only));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return tally;
}

/** The first call that a comparison has told from the usual side, by the beginning of its name. */
export function firstOf({ first }: Tally, until: string): (Find & { readonly kind: string }) | undefined {
  const found = [...first].filter(([name]) => name.startsWith(until));
  const [earliest] = found.sort(([, one], [, other]) => numberOf(one) - numberOf(other));
  if (!earliest) return undefined;
  const [kind, trial] = earliest;
  const what = told(trial.plan, kinds[trial.kind].choices);
  return { kind, runs: numberOf(trial) + 1, seed: trial.name, what };
}
