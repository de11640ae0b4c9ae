import { entriesOf, medianOf, type Entry } from '../figures.ts';
import type { Bench } from '../bench.ts';
import { startCrew } from '../crew.ts';
import { startServer } from '../server/start.ts';
import { tryWay, tryWays, warmUp } from '../trial.ts';
import type { Way } from '../ways.ts';
import { faultColumns } from './columns.ts';

const peers: readonly Way[] = [
  'remerge',
  'remerge, wrapped',
  'remerge, told',
  'by hand, doubling',
  'by hand, DefaultRetry',
  'by hand, DefaultBackoff',
  'ky.retry',
  'axios-retry',
  'ofetch',
  'ofetch, same again',
  'wretch',
];

export const conflict: Bench = {
  name: 'conflict',
  question: 'What does one conflict cost?',
  how: "An update reads a note; then somebody else writes it, so that the update's own write meets a conflict. The server does that by itself, right after the first read, for every way alike. `remerge` is a handle's `update`, which goes through ky; `remerge, wrapped` is the wrapped fetch by itself, with a merge of its own. `remerge, told` is a route whose refusal carries the state: it saves a read. A loop can be taught that, too; none of these does it by itself. `ofetch, same again` is ofetch's own retry without a hook.",
  async run({ isQuick, seed }) {
    const rounds = isQuick ? 1 : 15;
    const server = await startServer('notes');
    const crew = startCrew(1);
    const entries: Entry[] = [];
    try {
      if (!isQuick) await warmUp(server, crew, peers);
      for (const latency of isQuick ? [0] : [0, 5, 50]) {
        await server.set({ latency, loss: 0, seed });
        const all = await tryWays(peers, rounds, (way) =>
          tryWay(server, crew, way, {
            processes: 1,
            updates: 1,
            together: true,
            kind: way === 'remerge, told' ? 'told-moved' : 'moved',
          }),
        );
        entries.push(...entriesOf(`${String(latency)} ms a request`, all, { ratios: ['requests', 'ms'] }));
      }
    } finally {
      await crew.stop();
      await server.stop();
    }
    const name = entries[0]?.case ?? '';
    return {
      name: 'conflict',
      measured: `${String(rounds)} rounds of each way in turn, by one process`,
      columns: [
        { name: 'requests', digits: 0, isCompared: true },
        { name: 'ms', digits: 1, isCompared: true },
        ...faultColumns,
      ],
      entries,
      targets: [
        {
          what: 'requests of an update that meets a conflict',
          figure: medianOf(entries, name, 'remerge', 'requests'),
          atMost: 4,
        },
        {
          what: 'the same, where the refusal carries the state',
          figure: medianOf(entries, name, 'remerge, told', 'requests'),
          atMost: 3,
        },
      ],
      remarks: [],
    };
  },
};
