import { medianOf, ratioOf } from '../figures.ts';
import type { Bench } from '../bench.ts';
import { startServer } from '../server/start.ts';
import { overStub } from './calls.ts';
import { overBases, overRoutes } from './growth.ts';
import { onWire } from './wire.ts';

export const cost: Bench = {
  name: 'cost',
  question: 'What does a call cost that meets no conflict?',
  how: 'The same call through the bare function and through remerge, in turns of many calls each; the ratio is taken in each turn, so that a busy machine slows both. Over a stub the network is left out: a stub has its answers ready. At a server it is there, and the server is another process. `fetch again` and `ky again` are the bare ones once more: how far they are from 1 is what the machine adds by itself. `fetch, in time` is fetch with a signal and a timer of 30 seconds, as every write of remerge has them: what a deadline costs by itself.',
  async run({ isQuick, seed }) {
    const [rounds, calls] = isQuick ? [4, 50] : [40, 2_000];
    const server = await startServer('notes');
    try {
      await server.set({ latency: 0, loss: 0, seed });
      const entries = [
        ...(await overStub(rounds, calls)),
        ...(await overRoutes(rounds, calls)),
        ...(await overBases(rounds, calls)),
        ...(await onWire(server, isQuick ? 4 : 1_000, isQuick ? 5 : 20)),
      ];
      const ratio = (name: string, way: string) => medianOf(entries, name, way, ratioOf('µs'));
      const more = Math.max(
        ...entries
          .filter(({ case: name, way }) => name.startsWith('GET') && name.endsWith('stub') && way !== 'fetch')
          .filter(({ case: name }) => !name.includes('JSON'))
          .map(({ figures }) => figures['µs more']?.median ?? NaN),
      );
      return {
        name: 'cost',
        measured: `${String(rounds)} turns of ${String(calls)} calls over a stub; ${isQuick ? '4 of 5' : '1,000 of 20'} at a server`,
        columns: [
          { name: 'µs', digits: 2 },
          { name: 'µs more', digits: 2 },
        ],
        entries,
        targets: [
          { what: 'µs that a GET takes longer through the wrapper, at most', figure: more, atMost: 1 },
          {
            what: 'PUT through the wrapper at a server, of bare fetch',
            figure: ratio('PUT, at a server', 'remerge, wrapped'),
            atMost: 1.03,
          },
          {
            what: 'PUT through createClient at a server, of bare ky',
            figure: ratio('PUT by a client, at a server', 'remerge, client'),
            atMost: 1.05,
          },
          {
            what: 'PUT with 1,000 routes, of one with 1',
            figure: ratio('PUT on a literal route, over a stub', '1,000 routes'),
            atMost: 1.1,
          },
          {
            what: 'PUT with 1,000 remembered bases, of one with none',
            figure: ratio('PUT with remembered bases, over a stub', '1,000 bases'),
            atMost: 1.1,
          },
        ],
        remarks: [],
      };
    } finally {
      await server.stop();
    }
  },
};
