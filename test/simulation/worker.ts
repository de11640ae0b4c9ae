import { parentPort, workerData } from 'node:worker_threads';
import type { Share } from './crew.ts';
import { worlds } from './world.ts';
import { count, emptyTally } from './tally.ts';

const { world, seed, runs, first, step } = workerData as Share;
const tally = emptyTally();
for (let run = first; run < runs; run += step) {
  const name = `${seed}:${run}`;
  count(tally, name, await worlds[world](name), run + 1);
}
parentPort?.postMessage(tally);
