import { parentPort, workerData } from 'node:worker_threads';
import type { Share } from './crew.ts';
import { runSchedule } from './schedule.ts';
import { count, emptyTally } from './tally.ts';

const { seed, runs, first, step } = workerData as Share;
const tally = emptyTally();
for (let run = first; run < runs; run += step) {
  const name = `${seed}:${run}`;
  count(tally, name, await runSchedule(name));
}
parentPort?.postMessage(tally);
