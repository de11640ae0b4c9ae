import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf, medianOf, type Entry } from '../figures.ts';
import type { Bench } from '../bench.ts';
import { startCrew } from '../crew.ts';
import { startServer } from '../server/start.ts';
import { tryWay, tryWays } from '../trial.ts';
import type { Way } from '../ways.ts';
import { updateColumns } from './columns.ts';

const ways: readonly Way[] = ['remerge, couchdb', 'pouchdb-upsert'];
const latency = 5;
const install = 'npm ci --prefix test/servers --ignore-scripts';

export const pouchdb: Bench = {
  name: 'pouchdb',
  question: 'The same at a PouchDB server, beside pouchdb-upsert',
  how: `express-pouchdb, from memory, ${String(latency)} ms a request. pouchdb-upsert tries again for ever, and at once. Nothing of PouchDB is a dependency of remerge: it is installed by \`${install}\`.`,
  async run({ isQuick, seed }) {
    if (!existsSync(join(import.meta.dirname, '../../servers/node_modules/pouchdb-upsert'))) {
      const left = `LEFT OUT: PouchDB is not installed. Run: ${install}`;
      console.error(left);
      return {
        name: 'pouchdb',
        measured: 'not measured',
        columns: updateColumns,
        entries: [],
        targets: [],
        remarks: [left],
      };
    }
    const rounds = isQuick ? 1 : 3;
    const server = await startServer('pouchdb');
    const crew = startCrew(1);
    const entries: Entry[] = [];
    try {
      await server.set({ latency, loss: 0, seed });
      for (const updates of isQuick ? [5] : [1, 10, 50, 100]) {
        const all = await tryWays(ways, rounds, (way) =>
          tryWay(server, crew, way, { processes: 1, updates, together: true }),
        );
        entries.push(
          ...entriesOf(`${String(updates)} at once`, all, {
            ratios: ['requests', 'ms'],
            to: 'remerge, couchdb',
          }),
        );
      }
    } finally {
      await crew.stop();
      await server.stop();
    }
    const last = entries.at(-1)?.case ?? '';
    return {
      name: 'pouchdb',
      measured: `${String(rounds)} rounds, by one process`,
      columns: updateColumns,
      entries,
      targets: [
        {
          what: `requests of ${last}`,
          figure: medianOf(entries, last, 'remerge, couchdb', 'requests'),
          atMost: isQuick ? 6 : 4,
        },
      ],
      remarks: [],
    };
  },
};
