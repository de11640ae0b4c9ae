import { entriesOf, medianOf, ratioOf, type Entry } from '../figures.ts';
import type { Bench } from '../bench.ts';
import { startCrew } from '../crew.ts';
import { startServer } from '../server/start.ts';
import { tryWay, tryWays } from '../trial.ts';
import type { Way } from '../ways.ts';
import { updateColumns } from './columns.ts';

/** The ways, and the most updates at once that each is asked for: beyond, it would take minutes. */
const most: readonly (readonly [way: Way, updates: number])[] = [
  ['remerge', Infinity],
  ['by hand, doubling', 100],
  ['by hand, capped', Infinity],
  ['by hand, DefaultRetry', Infinity],
  ['by hand, DefaultBackoff', Infinity],
  ['ky.retry', Infinity],
  ['axios-retry', Infinity],
  ['ofetch', Infinity],
];

/** wretch waits half a minute before it gives up, so it is asked for some amounts only. */
const wretchAmounts = [1, 2, 5, 100];

interface Round {
  readonly latency: number;
  readonly updates: number;
  readonly rounds: number;
  readonly ways: readonly Way[];
}

const amounts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

function plan(isQuick: boolean): readonly Round[] {
  const waysFor = (updates: number): readonly Way[] => [
    ...most.filter(([, limit]) => updates <= limit).map(([way]) => way),
    ...(wretchAmounts.includes(updates) ? (['wretch'] as const) : []),
  ];
  if (isQuick) {
    const ways: readonly Way[] = [
      'remerge',
      'by hand, capped',
      'by hand, DefaultRetry',
      'ky.retry',
      'axios-retry',
    ];
    return [1, 10, 50].map((updates) => ({ latency: 5, updates, rounds: 1, ways }));
  }
  const patient: readonly Way[] = ['remerge', 'by hand, doubling', 'by hand, capped'];
  return [
    ...amounts.map((updates) => ({
      latency: 5,
      updates,
      rounds: roundsFor(updates),
      ways: waysFor(updates),
    })),
    ...[0, 50].flatMap((latency) =>
      [10, 100].map((updates) => ({ latency, updates, rounds: updates > 10 ? 1 : 3, ways: patient })),
    ),
  ];
}

/** What is over in a moment is tried more often: what one of them takes is mostly the machine's. */
function roundsFor(updates: number): number {
  if (updates <= 2) return 15;
  return updates <= 100 ? 3 : 1;
}

export const contention: Bench = {
  name: 'contention',
  question: 'Many updates of one resource at once, by one process',
  how: 'All begin at once, and each adds its own id to one list. The loops by hand that only wait (`doubling`, `capped`) never give up; the others have the limits and waits of their own docs. wretch waits for half a minute before it gives up, and is asked for some amounts only. A loop that gives up early needs few requests and little time: look at the last columns first. In the plots a line ends where its way begins to give up.',
  async run({ isQuick, seed }) {
    const server = await startServer('notes');
    const crew = startCrew(1);
    const entries: Entry[] = [];
    try {
      for (const { latency, updates, rounds, ways } of plan(isQuick)) {
        await server.set({ latency, loss: 0, seed });
        // Half a minute of waiting once is enough.
        const all = await tryWays(ways, rounds, (way, round) =>
          way === 'wretch' && round > 0
            ? Promise.resolve(undefined)
            : tryWay(server, crew, way, { processes: 1, updates, together: true }),
        );
        entries.push(
          ...entriesOf(caseOf(updates, latency), all, {
            ratios: ['requests', 'ms'],
            // The plot is of one latency.
            ...(latency === 5 && { amount: updates }),
          }),
        );
      }
    } finally {
      await crew.stop();
      await server.stop();
    }
    const hundred = isQuick ? caseOf(50, 5) : caseOf(100, 5);
    const loops = ['by hand, doubling', 'by hand, capped'];
    const quickest = Math.min(
      ...loops.map((way) => medianOf(entries, hundred, way, ratioOf('ms'))).filter((ratio) => ratio > 0),
    );
    return {
      name: 'contention',
      measured: isQuick
        ? '1 round'
        : '15 rounds of 1 and 2 updates, 3 of up to 100, 1 of more; every way in each round',
      columns: updateColumns,
      entries,
      targets: [
        {
          what: `requests of ${hundred}`,
          figure: medianOf(entries, hundred, 'remerge', 'requests'),
          atMost: 4,
        },
        { what: `time of ${hundred}, of the quicker loop by hand`, figure: 1 / quickest, atMost: 1 / 20 },
      ],
      remarks: [],
    };
  },
};

function caseOf(updates: number, latency: number): string {
  return `${updates.toLocaleString('en')} at once, ${String(latency)} ms a request`;
}
