import { Worker } from 'node:worker_threads';
import { addTally, emptyTally, type Tally } from './tally.ts';
import type { WorldName } from './world.ts';

/** Which schedules are to be run: those of a seed, from one on and up to another. */
export interface Order {
  readonly world: WorldName;
  readonly seed: string;
  readonly workers: number;
  /** The first schedule, counted from 0. Default: 0. */
  readonly from?: number;
  /** The end, which isn't run. */
  readonly to: number;
}

/** What one thread is asked for: every so-manyth schedule of a seed. */
export interface Share {
  readonly world: WorldName;
  readonly seed: string;
  readonly first: number;
  readonly step: number;
  readonly to: number;
}

/** Runs many schedules, in as many threads. Which schedules there are doesn't depend on how many threads. */
export async function runMany({ world, seed, workers, from = 0, to }: Order): Promise<Tally> {
  const tally = emptyTally();
  const start = performance.now();
  const shares = Array.from({ length: workers }, (_, index): Share => {
    return { world, seed, first: from + index, step: workers, to };
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
