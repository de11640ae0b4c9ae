import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { etag, withConflictRecovery, type RecoveringFetch } from 'remerge';
import { dismiss, nextMessage } from '../crew.ts';
import { entriesOf, medianOf, ratioOf } from '../figures.ts';
import type { Bench } from '../bench.ts';
import type { Tally } from '../server/many.ts';
import { fetchInTime } from './calls.ts';

interface Note {
  readonly mine: number;
  readonly theirs: number;
  readonly title: string;
}
type Write = (url: string) => Promise<Response>;

/** Writes that are under way at a time. */
const lanes = 16;
const body = JSON.stringify({ mine: 1, theirs: 0, title: 'Milk' } satisfies Note);
const headers = { 'content-type': 'application/json', 'if-match': '"v1"' };
const init = { method: 'PUT', headers, body };

/** What can't be less: a write, and for one that is refused a read and another write. */
const byHand =
  (send: typeof fetch): Write =>
  async (url) => {
    const response = await send(url, init);
    if (response.status !== 412) return response;
    await response.arrayBuffer();
    const latest = await send(url);
    const note = (await latest.json()) as Note;
    const fresh = { ...headers, 'if-match': latest.headers.get('etag') ?? '' };
    return send(url, { method: 'PUT', headers: fresh, body: JSON.stringify({ ...note, mine: 1 }) });
  };

const wrapped: RecoveringFetch = withConflictRecovery(fetch, {
  routes: {
    'notes/:id': {
      version: etag(),
      merge: ({ local, remote }) => ({ ...(remote as Note), mine: (local as Note).mine }),
    },
  },
});
const writers: Readonly<Record<string, Write>> = {
  'fetch, by hand': byHand(fetch),
  'fetch in time, by hand': byHand(fetchInTime),
  'remerge, wrapped': (url) => wrapped(url, init),
};

let made = 0;

async function writeAll(origin: string, count: number, write: Write): Promise<number> {
  const start = performance.now();
  const last = made + count;
  const lane = async (): Promise<void> => {
    while (made < last) {
      const response = await write(`${origin}/notes/${String(++made)}`);
      if (response.status !== 204) throw new Error(`The server answered ${String(response.status)}.`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return performance.now() - start;
}

export const resources: Bench = {
  name: 'resources',
  question: 'Many resources, few conflicts',
  how: 'Each write goes to a resource of its own, 16 at a time; one in a hundred meets a conflict, drawn from the seed, so that both ways meet equally many. `fetch, by hand` makes the requests that nobody can save, and nothing else: a write, and for a refused one a read and a second write. `in time` gives each of them a signal and a timer, as every write of remerge has them.',
  async run({ isQuick, seed }) {
    const rounds = isQuick ? 2 : 100;
    const count = isQuick ? 200 : 2_000;
    const child = fork(fileURLToPath(import.meta.resolve('../server/many.ts')), ['0.01', String(seed)]);
    const all = new Map(Object.keys(writers).map((way) => [way, [] as Record<string, number>[]]));
    try {
      const origin = (await nextMessage(child)) as string;
      for (let round = -1; round < rounds; round++) {
        const turn = Object.entries(writers);
        for (const [way, write] of round % 2 === 0 ? turn : turn.reverse()) {
          const ms = await writeAll(origin, count, write);
          const answer = nextMessage(child) as Promise<Tally>;
          child.send('tally');
          const { written, conflicts, requests, overwritten } = await answer;
          // The first round is the compiler's.
          const figures = {
            'µs a write': (ms * 1e3) / count,
            requests,
            conflicts,
            overwritten,
            lost: count - written,
          };
          if (round >= 0) all.get(way)?.push(figures);
        }
      }
    } finally {
      await dismiss(child);
    }
    const name = `${(rounds * count).toLocaleString('en')} writes by each way`;
    const entries = entriesOf(name, all, { ratios: ['µs a write', 'requests'], to: 'fetch, by hand' });
    return {
      name: 'resources',
      measured: `${String(rounds)} rounds of ${String(count)} writes in turns, 0 ms a request; figures are of a round`,
      columns: [
        { name: 'µs a write', digits: 1 },
        { name: 'requests', digits: 0 },
        { name: 'conflicts', digits: 0 },
        { name: 'overwritten', digits: 0, isFault: true },
        { name: 'lost', digits: 0, isFault: true },
      ],
      entries,
      targets: [
        {
          what: 'time, of bare fetch and the requests that nobody can save',
          figure: medianOf(entries, name, 'remerge, wrapped', ratioOf('µs a write')),
          atMost: 1.02,
        },
        {
          what: 'requests, of the same',
          figure: medianOf(entries, name, 'remerge, wrapped', ratioOf('requests')),
          atMost: 1,
        },
      ],
      remarks: [],
    };
  },
};
