import { parentPort, workerData } from 'node:worker_threads';
import type { Share } from './crew.ts';
import { count, emptyTally } from './tally.ts';
import { worlds } from './world.ts';

const { world, seed, first, step, to } = workerData as Share;
const tally = emptyTally();
for (let run = first; run < to; run += step) {
  const name = `${seed}:${run}`;
  count(tally, name, await worlds[world](name), run + 1);
}
parentPort?.postMessage(tally);
