import { benchClientWrites } from './client-writes.ts';
import { startNoteServer, tryWay, type NoteServer } from './trial.ts';
import { printTrials, type Question, type Trials } from './trials-table.ts';
import { allWays } from './ways.ts';

/** Milliseconds that the server lets every request wait: about what a near data centre takes. */
const latency = 5;

const questions: readonly Question[] = [
  {
    what: '100 updates at once by one client',
    load: { processes: 1, updates: 100, together: true },
    rounds: 5,
    wanted: { requests: 4, timeToByHand: 1 / 20 },
  },
  {
    what: "1,000 updates at once by one client ('doubling' takes a minute, and is left out)",
    load: { processes: 1, updates: 1_000, together: true },
    rounds: 1,
    leftOut: ['doubling'],
    wanted: { requests: 6 },
  },
  {
    what: '8 processes at once, each with 50 updates at once',
    load: { processes: 8, updates: 50, together: true },
    rounds: 3,
    wanted: { requestsToByHand: 1 / 10, timeToByHand: 1 / 10 },
  },
  {
    what: '8 processes at once, each with 50 updates one after the other',
    load: { processes: 8, updates: 50, together: false },
    rounds: 3,
    wanted: { requestsToByHand: 1, timeToByHand: 1 },
  },
];

/** Every way once in each round, and each round begins with another one. */
async function tryAll(server: NoteServer, { load, rounds, leftOut = [] }: Question): Promise<Trials> {
  const ways = allWays.filter((way) => !leftOut.includes(way));
  const trials: Trials = new Map(ways.map((way) => [way, []]));
  for (let round = 0; round < rounds; round++) {
    const first = round % ways.length;
    for (const way of [...ways.slice(first), ...ways.slice(0, first)]) {
      trials.get(way)?.push(await tryWay(server, way, load));
    }
  }
  return trials;
}

/** Updates of one resource that meet each other, and a write that meets nobody. */
export async function benchUpdates(): Promise<void> {
  const server = await startNoteServer(latency);
  try {
    for (const question of questions) printTrials(question, await tryAll(server, question), latency);
  } finally {
    server.stop();
  }
  await benchClientWrites();
}
