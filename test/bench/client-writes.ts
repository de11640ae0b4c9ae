import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import ky from 'ky';
import { createClient, etag } from 'remerge';
import { inTurns, middle, type Batch } from './rounds.ts';
import { printTable, verdict } from './table.ts';

const atMost = 1.05;
const json = { title: 'Milk', body: 'Two litres, and bread. '.repeat(40) };
const put = { json, headers: { 'if-match': '"v1"' } };

/** What is measured of a client: ky, or what claims to be one. */
interface Client {
  put(path: string, options: typeof put): PromiseLike<Response>;
}

interface Case {
  readonly what: string;
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly calls: number;
  readonly rounds: number;
  /** Makes what a stub is going to answer, outside of the measured time. */
  readonly prepare?: (calls: number) => void;
}

/**
 * A transport whose answers are made before the clock starts, as a real one makes them somewhere else.
 *
 * @param take What it does with a request before it answers.
 */
function stub(take: (...call: Parameters<typeof fetch>) => unknown): Pick<Case, 'fetch' | 'prepare'> {
  let answers: Response[] = [];
  const init = { status: 204, headers: { etag: '"v2"' } };
  return {
    fetch: async (...call) => {
      await take(...call);
      const answer = answers.pop();
      if (!answer) throw new Error('No answer is left.');
      return answer;
    },
    prepare: (calls) => {
      answers = Array.from({ length: calls }, () => new Response(null, init));
    },
  };
}

async function rowsOf({ what, baseUrl, fetch, calls, rounds, prepare }: Case) {
  const batch = (client: Client): Batch => ({
    calls,
    prepare: () => {
      prepare?.(calls);
      return async () => {
        const { status } = await client.put('notes/1', put);
        if (status !== 204) throw new Error(`The server answered ${String(status)}.`);
      };
    },
  });
  const bare = ky.create({ baseUrl, fetch });
  const remerge = createClient({
    baseUrl,
    fetch,
    routes: { 'notes/:id': { version: etag(), merge: ({ local }) => local } },
  });
  const row = async (name: string, client: Client, limit?: number): Promise<readonly string[]> => {
    const pairs = await inTurns(batch(bare), batch(client), rounds);
    const ratio = middle(pairs.map((pair) => pair.wrapped / pair.bare));
    const microseconds = (figures: readonly number[]): string => (middle(figures).median / 1e3).toFixed(1);
    return [
      `${what}: ${name}, ${String(rounds)} rounds of ${String(calls)}`,
      microseconds(pairs.map((pair) => pair.bare)),
      microseconds(pairs.map((pair) => pair.wrapped)),
      ratio.median.toFixed(3),
      `${ratio.low.toFixed(3)}…${ratio.high.toFixed(3)}`,
      limit === undefined ? '' : limit.toFixed(2),
      verdict({ figure: ratio.median, ...(limit === undefined ? {} : { atMost: limit }) }),
    ];
  };
  // How far two of the same are apart is what the machine adds by itself. They come first, and warm up what all share.
  return [await row('a second ky', ky.create({ baseUrl, fetch })), await row('remerge', remerge, atMost)];
}

/** What a write without a conflict costs through `createClient`, against ky with the same options. */
export async function benchClientWrites(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.resolve('./acceptor.ts')));
  try {
    const [origin] = (await once(server, 'message')) as [string];
    // Many short rounds: what else a busy machine does spoils some of them, and the median doesn't see it.
    const real: Case = { what: 'a server here', baseUrl: origin, fetch, calls: 20, rounds: 400 };
    const stubbed = { baseUrl: 'https://api.example.com/', calls: 50, rounds: 800 };
    const cases: readonly Case[] = [
      real,
      // Every real transport reads the body that it is given, so a client that hands it on unread saves nothing.
      {
        ...stubbed,
        what: 'a stub that reads',
        ...stub((input, init) => new Request(input, init).arrayBuffer()),
      },
      { ...stubbed, what: 'a stub', ...stub(() => undefined) },
    ];
    const rows: (readonly string[])[] = [];
    for (const each of cases) rows.push(...(await rowsOf(each)));
    printTable(
      'PUT with If-Match and without a conflict, by createClient and by ky: medians, in turns',
      ['call', 'ky µs', 'its µs', 'ratio', 'middle half', 'at most', ''],
      rows,
    );
  } finally {
    server.disconnect();
  }
}
