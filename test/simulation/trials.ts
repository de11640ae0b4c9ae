import type { Trace } from './network.ts';
import type { Outcome } from './schedule.ts';
import { count, emptyTally, type Tally } from './tally.ts';

/** Runs one schedule, all of which is in its seed. */
type Run = (seed: string, trace?: Trace) => Promise<Outcome>;

/** What so many schedules come to together, one after another. */
export async function tallyOf(run: Run, runs: number): Promise<Tally> {
  const tally = emptyTally();
  for (let number = 0; number < runs; number += 1) {
    const seed = `ci:${number}`;
    count(tally, seed, await run(seed));
  }
  return tally;
}

/** All that happens in one schedule, line by line. */
export async function traceOf(run: Run, seed: string): Promise<readonly string[]> {
  const lines: string[] = [];
  await run(seed, (line) => lines.push(line()));
  return lines;
}
