import { entriesOf, type Entry } from '../figures.ts';
import type { Bench } from '../bench.ts';
import { startCrew } from '../crew.ts';
import { startServer } from '../server/start.ts';
import { tryWay, tryWays } from '../trial.ts';
import type { Way } from '../ways.ts';

const ways: readonly Way[] = [
  'remerge',
  'remerge, writeLog',
  'by hand, capped',
  'by hand, any error',
  'ky.retry',
  'axios-retry',
  'ofetch',
  'wretch',
];

const quickWays: readonly Way[] = ['remerge', 'remerge, writeLog', 'by hand, any error', 'ofetch'];

const latency = 2;

export const lostAnswers: Bench = {
  name: 'lost',
  question: 'What becomes of updates whose answers are lost?',
  how: 'Four processes update one note, one update after another. Of the writes that the server would take, it drops the connection of some: half of them before it has written, half of them after. The chance is drawn from the seed. Counted is what is in the note at the end: `once`: made once, and its maker was told so. `lost`: told that it was made, and it is not there. `doubled`: there twice. `failed, yet there`: told that it failed, and it is there. `told unknown`: told that nobody can know, with what is needed to look (`outcome-unknown`). `gave up`: told that it failed, and it did.',
  async run({ isQuick, seed }) {
    const updates = isQuick ? 10 : 50;
    const rates = isQuick ? [0.2] : [0.01, 0.05, 0.2];
    const asked = isQuick ? quickWays : ways;
    const server = await startServer('notes');
    const crew = startCrew(4);
    const entries: Entry[] = [];
    try {
      for (const loss of rates) {
        const all = await tryWays(asked, 1, async (way, round) => {
          await server.set({ latency, loss: 0, seed });
          return tryWay(server, crew, way, { processes: 4, updates, together: false }, () =>
            server.set({ latency, loss, seed: seed + round }),
          );
        });
        entries.push(...entriesOf(`${String(loss * 100)} % lost`, all, { ratios: ['ms'] }));
      }
    } finally {
      await crew.stop();
      await server.stop();
    }
    const worst = (way: Way, column: string) =>
      Math.max(
        ...entries.filter((entry) => entry.way === way).map(({ figures }) => figures[column]?.median ?? NaN),
      );
    const total = 4 * updates;
    return {
      name: 'lost',
      measured: `4 processes, ${String(updates)} updates each, ${String(latency)} ms a request, 1 round`,
      columns: [
        { name: 'unanswered', digits: 0 },
        { name: 'once', digits: 0 },
        { name: 'lost', digits: 0, isFault: true },
        { name: 'doubled', digits: 0, isFault: true },
        { name: 'failed, yet there', digits: 0, isFault: true },
        { name: 'told unknown', digits: 0 },
        { name: 'gave up', digits: 0, isFault: true },
        { name: 'requests', digits: 0 },
        { name: 'ms', digits: 0 },
      ],
      entries,
      targets: (['remerge', 'remerge, writeLog'] as const).flatMap((way) => [
        { what: `lost by ${way}, of ${String(total)}`, figure: worst(way, 'lost'), atMost: 0 },
        { what: `doubled by ${way}`, figure: worst(way, 'doubled'), atMost: 0 },
        { what: `left unknown by ${way}`, figure: worst(way, 'told unknown'), atMost: 0 },
      ]),
      remarks: [
        'Without an id of each write, no client can tell an update that was made and then changed by others from one that was not made. remerge says so (`told unknown`) instead of guessing; with `writeLog` it knows.',
      ],
    };
  },
};
