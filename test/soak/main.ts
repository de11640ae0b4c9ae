// Makes writes that meet a conflict, for long, and sees whether anything is left of them.
import { parseArgs } from 'node:util';
import { printTable } from '../bench/table.ts';
import { compare, look, startServer } from './gauges.ts';
import { startLane, type Lane, type Tally } from './lane.ts';
import { World } from './world.ts';

const lanes = 8;

/** Every so many writes the server's answer gets lost. */
const loseEvery = 20;

/** What was made so far, and how many of the writes met a conflict. */
interface Made {
  readonly tallies: Tally[];
  recovered: number;
}

/** Writes until so many writes have met a conflict. A lane waits for each write before the next. */
async function recover(all: readonly Lane[], made: Made, until: number): Promise<void> {
  let underWay = 0;
  const work = all.map(async (lane, index) => {
    while (made.recovered + underWay < until) {
      underWay += 1;
      const { way, sends } = await lane.write();
      underWay -= 1;
      if (sends > 1) made.recovered += 1;
      const tally = made.tallies[index] ?? none;
      made.tallies[index] = { ...tally, [way]: tally[way] + 1 };
    }
  });
  await Promise.all(work);
}

const none: Tally = { put: 0, replace: 0, update: 0 };

/** Whether all is as it was when a tenth of the writes was made. */
async function soak(writes: number): Promise<boolean> {
  const server = await startServer();
  try {
    const world = new World(loseEvery);
    const { signal } = new AbortController();
    const start = performance.now();
    const all = await Promise.all(
      Array.from({ length: lanes }, (_, index) => startLane(world, server.url, `lane-${index}`, signal)),
    );
    const made: Made = { tallies: all.map(() => none), recovered: 0 };
    const tenth = Math.round(writes / 10);
    await recover(all, made, tenth);
    const first = await look(world, server, signal);
    await recover(all, made, writes);
    const last = await look(world, server, signal);

    const rows = compare(first, last);
    const seconds = (performance.now() - start) / 1000;
    printTable(
      `${made.recovered} writes that met a conflict, in ${seconds.toFixed(0)} s and ${world.requests} requests; ${world.lost} answers lost`,
      ['', `after ${tenth}`, `after ${writes}`, ''],
      rows.map(({ name, first, last, held }) => [name, String(first), String(last), held ? 'held' : 'GREW']),
    );
    const kept = (await Promise.all(all.map((lane) => lane.read()))).map(({ put, replace, update }) => ({
      put,
      replace,
      update,
    }));
    const isExact = JSON.stringify(kept) === JSON.stringify(made.tallies);
    console.log(isExact ? 'Each write is in its document, once.' : 'Writes were LOST or DOUBLED.');
    return isExact && rows.every(({ held }) => held);
  } finally {
    server.stop();
  }
}

const { values } = parseArgs({ options: { writes: { type: 'string', default: '200000' } } });
const writes = Number(values.writes);
if (Number.isSafeInteger(writes) && writes >= 1000) {
  process.exitCode = (await soak(writes)) ? 0 : 1;
} else {
  console.error(`--writes takes a number from 1000 on, not '${values.writes}'.`);
  process.exitCode = 2;
}
