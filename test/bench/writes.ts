import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { etag, withConflictRecovery, type RecoveringFetch } from 'remerge';
import { inTurns, middle, type Batch } from './rounds.ts';
import { printTable, verdict } from './table.ts';

const calls = 100;
const rounds = 80;
const atMost = 1.03;

const put = {
  method: 'PUT',
  headers: { 'content-type': 'application/json', 'if-match': '"v1"' },
  body: JSON.stringify({ title: 'Milk', body: 'Two litres, and bread. '.repeat(40) }),
};

/** What a write without a conflict costs at a real server. */
export async function benchWrites(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.resolve('./acceptor.ts')));
  try {
    const [origin] = (await once(server, 'message')) as [string];
    const wrapped = withConflictRecovery(fetch, {
      routes: { 'notes/:id': { version: etag(), merge: ({ local }) => local } },
    });
    const batch = (send: RecoveringFetch): Batch => ({
      calls,
      prepare: () => async () => {
        const { status } = await send(`${origin}/notes/1`, put);
        if (status !== 204) throw new Error(`The server answered ${String(status)}.`);
      },
    });
    const bare: RecoveringFetch = (input, init) => fetch(input, init);
    const pairs = await inTurns(batch(bare), batch(wrapped), rounds);
    const ratio = middle(pairs.map((pair) => pair.wrapped / pair.bare));
    const microseconds = (figures: readonly number[]): string => (middle(figures).median / 1e3).toFixed(1);
    printTable(
      `PUT without a conflict, at a server on this machine: medians of ${String(rounds)} rounds of ${String(calls)}, in turns`,
      ['call', 'bare µs', 'wrapped µs', 'ratio', 'middle half', 'at most', ''],
      [
        [
          'PUT on a route',
          microseconds(pairs.map((pair) => pair.bare)),
          microseconds(pairs.map((pair) => pair.wrapped)),
          ratio.median.toFixed(3),
          `${ratio.low.toFixed(3)}…${ratio.high.toFixed(3)}`,
          atMost.toFixed(2),
          verdict({ figure: ratio.median, atMost }),
        ],
      ],
    );
  } finally {
    server.disconnect();
  }
}
