import { deepStrictEqual as equal } from 'node:assert/strict';
import { writers } from '../adapter.ts';
import type { Lag } from './replication.ts';
import type { Visit } from './visit.ts';

const rounds = 4;

/** Eight clients update one document at once: each change is there in the end, and none is made twice. */
async function storm(
  { through, make, held, log }: Visit,
  gateway: string,
  lag: Lag['kind'],
): Promise<string> {
  await make({ title: 'new' }, lag);
  log(gateway);
  const work = async (name: string): Promise<void> => {
    const note = through(gateway);
    for (let round = 1; round <= rounds; round += 1)
      await note.update((draft) => ({ ...draft, [name]: `${draft[name] ?? ''}${round}` }));
  };
  // Whoever goes on after another has failed would meet the next promise.
  const ended = await Promise.allSettled(writers.map(work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  const all = Array.from({ length: rounds }, (_, index) => String(index + 1)).join('');
  equal(await held(), { title: 'new', ...Object.fromEntries(writers.map((name) => [name, all])) });
  const lines = log(gateway);
  const count = (line: string): number => lines.filter((each) => each === line).length;
  const parts = ['PUT 204', 'PUT 412', 'GET 200'].map((line) => `${count(line)} ${line}`);
  return `0 of ${writers.length * rounds} lost, ${lines.length} requests: ${parts.join(', ')}`;
}

export async function writersAtPrimary(visit: Visit): Promise<string> {
  return storm(visit, 'plain', 'none');
}

export async function writersAtReplica(visit: Visit): Promise<string> {
  return storm(visit, 'replica-reads', 'reads');
}

export async function writersPinned(visit: Visit): Promise<string> {
  return storm(visit, 'rereads-from-primary', 'reads');
}
