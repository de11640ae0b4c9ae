import { Worker } from 'node:worker_threads';
import type { WorldName } from './world.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

/** What one thread is asked for: every so-manyth schedule of a seed. */
export interface Share {
  readonly world: WorldName;
  readonly seed: string;
  readonly runs: number;
  readonly first: number;
  readonly step: number;
}

/** Runs many schedules, in as many threads. Which schedules there are doesn't depend on how many threads. */
export async function runMany(
  world: WorldName,
  runs: number,
  seed: string,
  workers: number,
): Promise<Tally> {
  const tally = emptyTally();
  const start = performance.now();
  const shares = Array.from({ length: workers }, (_, first): Share => {
    return { world, seed, runs, first, step: workers };
  });
  for (const part of await Promise.all(shares.map(runShare))) addTally(tally, part);
  tally.milliseconds = performance.now() - start;
  return tally;
}

function runShare(share: Share): Promise<Tally> {
  return new Promise((resolve, reject) => {
    // Options are checked once for all: in production nothing is.
    const env = { ...process.env, NODE_ENV: 'production' };
    // Each schedule leaves much behind and keeps nothing, so a large nursery saves the collector most of its work.
    const resourceLimits = { maxYoungGenerationSizeMb: 64 };
    const worker = new Worker(new URL(import.meta.resolve('./worker.ts')), {
      workerData: share,
      env,
      resourceLimits,
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
