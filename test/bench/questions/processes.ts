import { entriesOf, medianOf, ratioOf, type Entry } from '../figures.ts';
import type { Bench } from '../bench.ts';
import { startCrew } from '../crew.ts';
import { startServer } from '../server/start.ts';
import { tryWay, tryWays, warmUp } from '../trial.ts';
import type { Way } from '../ways.ts';
import { updateColumns } from './columns.ts';

const ways: readonly Way[] = [
  'remerge',
  'by hand, doubling',
  'by hand, capped',
  'by hand, DefaultRetry',
  'by hand, DefaultBackoff',
  'ky.retry',
  'axios-retry',
  'ofetch',
];

const quickWays: readonly Way[] = [
  'remerge',
  'by hand, doubling',
  'by hand, capped',
  'by hand, DefaultRetry',
];

/** The loops that go on until their update is made. */
const patient: readonly Way[] = ['by hand, doubling', 'by hand, capped'];

const latency = 5;

export const processes: Bench = {
  name: 'processes',
  question: 'Several processes that update one resource',
  how: `Each process has its updates to make, either all together or one after another. The server takes ${String(latency)} ms for each request. The same processes serve every way. remerge is held against the loops that give nothing up.`,
  async run({ isQuick, seed }) {
    const updates = isQuick ? 5 : 20;
    const sizes = isQuick ? [4] : [2, 4, 8, 16];
    const server = await startServer('notes');
    const crew = startCrew(Math.max(...sizes));
    const entries: Entry[] = [];
    try {
      if (!isQuick) await warmUp(server, crew, ways);
      await server.set({ latency, loss: 0, seed });
      for (const size of sizes) {
        for (const together of [true, false]) {
          const all = await tryWays(isQuick ? quickWays : ways, roundsFor(size, isQuick), (way) =>
            tryWay(server, crew, way, { processes: size, updates, together }),
          );
          entries.push(...entriesOf(caseOf(size, together), all, { ratios: ['requests', 'ms'] }));
        }
      }
    } finally {
      await crew.stop();
      await server.stop();
    }
    const size = isQuick ? 4 : 8;
    const target = (together: boolean, column: string, atMost: number) => {
      const name = caseOf(size, together);
      const ratios = patient.map((way) => medianOf(entries, name, way, ratioOf(column)));
      return {
        what: `${column} of ${name}, of the better patient loop`,
        figure: 1 / Math.min(...ratios),
        atMost,
      };
    };
    return {
      name: 'processes',
      measured: `${String(updates)} updates by each process; ${isQuick ? '1 round' : '5 rounds with 8 processes, 1 with others'}`,
      columns: updateColumns,
      entries,
      targets: [
        target(true, 'requests', 0.1),
        target(true, 'ms', 0.1),
        target(false, 'requests', 1),
        target(false, 'ms', 1),
      ],
      remarks: [],
    };
  },
};

function roundsFor(size: number, isQuick: boolean): number {
  if (isQuick) return 1;
  return size === 8 ? 5 : 1;
}

function caseOf(size: number, together: boolean): string {
  return `${String(size)} processes, ${together ? 'all together' : 'one after another'}`;
}
