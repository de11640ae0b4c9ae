import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { dismiss, nextMessage } from '../crew.ts';
import { entriesOf } from '../figures.ts';
import type { Bench } from '../bench.ts';

/** What a process of its own found, in bytes for each. */
export type Held = Readonly<Record<string, Readonly<Record<string, number>>>>;

export const memory: Bench = {
  name: 'memory',
  question: 'What does it hold in memory?',
  how: 'In a process of its own, after the garbage is collected: what the heap and its buffers have grown by, for each. A base is remembered by a GET that is read as JSON; beside it, a `Map` that keeps the same text and its version by URL. An update is queued while the server does not answer the one before it; beside it, a loop by hand that waits for its answer. Bases count against `memory`, 4 MiB unless you say otherwise: beyond it the oldest are forgotten.',
  async run({ isQuick }) {
    const rounds = isQuick ? 1 : 5;
    const found: Held[] = [];
    for (let round = 0; round < rounds; round++) {
      const file = fileURLToPath(import.meta.resolve('./heap.ts'));
      const child = fork(file, [isQuick ? '200' : '2000'], { execArgv: ['--expose-gc'] });
      try {
        found.push((await nextMessage(child)) as Held);
      } finally {
        await dismiss(child);
      }
    }
    const names = Object.keys(found[0] ?? {});
    const entries = names.flatMap((name) => {
      const ways = Object.keys(found[0]?.[name] ?? {});
      const all = new Map(
        ways.map((way) => [way, found.map((held) => ({ bytes: held[name]?.[way] ?? NaN }))]),
      );
      return entriesOf(name, all, { ratios: ['bytes'] });
    });
    return {
      name: 'memory',
      measured: `${isQuick ? '200' : '2,000'} of each, in ${String(rounds)} processes, one after another`,
      columns: [{ name: 'bytes', digits: 0 }],
      entries,
      targets: [],
      remarks: [],
    };
  },
};
