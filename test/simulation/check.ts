import { checkList } from './append-list.ts';
import { checkCounter } from './counter.ts';
import { documentOf, initial, type Document } from './document.ts';
import { judge, type Read, type Violation } from './history.ts';
import type { State } from './model-server.ts';
import { writtenOf, type Entry } from './notebook.ts';
import { checkProgress } from './progress.ts';
import { checkRegister } from './register.ts';
import type { Scenario } from './scenario.ts';
import { checkTaken } from './taken.ts';

/** All that has come of a schedule. */
export interface History {
  readonly scenario: Pick<Scenario, 'workload' | 'once' | 'taker' | 'clients' | 'limit'>;
  readonly server: { readonly states: readonly State[]; readonly unconditional: number };
  readonly entries: readonly Entry[];
  readonly reads: readonly Read<Document>[];
  /** The clients that have crashed. */
  readonly gone: readonly string[];
}

/** What is wrong with a schedule, by what the server had and what the callers were told. */
export function check({ scenario, server, entries, reads, gone }: History): readonly Violation[] {
  const violations: Violation[] = [];
  if (server.unconditional > 0)
    violations.push({ kind: 'unconditional write', what: `${server.unconditional} times` });
  for (const { id, client, outcome } of entries)
    if (outcome === undefined && !gone.includes(client)) violations.push({ kind: 'never ends', what: id });
  if (scenario.once)
    for (const { id, outcome, said } of entries)
      if (outcome !== 'ok') violations.push({ kind: 'not recovered', what: `${id} ended with ${said}` });
  const written = writtenOf(entries);
  const documents = server.states.map(({ text }) => documentOf(text));
  switch (scenario.workload) {
    case 'counter':
      return [
        ...violations,
        ...checkCounter({
          increments: written.map((write) => ({ ...write, applied: countOf(write.id, server, documents) })),
          initial: initial.count,
          final: documents.at(-1)?.count ?? NaN,
        }),
      ];
    case 'register':
      return [
        ...violations,
        ...checkRegister({
          initial: initial.value,
          writes: written,
          reads: reads.map(({ seen, ...read }) => ({ ...read, seen: seen.value })),
        }),
      ];
    case 'lock':
      return [...violations, ...written.flatMap((write) => judge(write, timesOf(write.id, server)))];
    case 'contest':
      violations.push(
        ...checkProgress({
          writers: scenario.clients,
          retries: scenario.limit,
          succeeded: written.filter(({ outcome }) => outcome === 'ok').length,
        }),
      );
  }
  const states = documents.map(({ items }) => items);
  if (scenario.taker) return [...violations, ...checkTaken({ appends: written, states })];
  return [
    ...violations,
    ...checkList({
      appends: written,
      states,
      reads: reads.map(({ seen, ...read }) => ({ ...read, seen: seen.items })),
    }),
  ];
}

/** How many states were made in the name of an operation. */
function timesOf(id: string, { states }: History['server']): number {
  return states.filter(({ operation }) => operation === id).length;
}

/** By how much the counter went up in the name of an operation. */
function countOf(id: string, { states }: History['server'], documents: readonly Document[]): number {
  return states.reduce((sum, { operation }, index) => {
    if (operation !== id) return sum;
    return sum + (documents[index]?.count ?? 0) - (documents[index - 1]?.count ?? 0);
  }, 0);
}
