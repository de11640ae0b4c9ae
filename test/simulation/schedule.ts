import { checkList } from './append-list.ts';
import { Chance } from './chance.ts';
import { checkCounter } from './counter.ts';
import { documentOf, initial, initialOf, mergeOf, type Document } from './document.ts';
import { judge, type Read, type Violation } from './history.ts';
import { ModelServer } from './model-server.ts';
import { Network, type Trace } from './network.ts';
import { Notebook, type Entry } from './notebook.ts';
import { Party, type World } from './party.ts';
import { checkProgress } from './progress.ts';
import { checkRegister } from './register.ts';
import { drawScenario, type Fault, type Scenario } from './scenario.ts';
import { checkTaken } from './taken.ts';
import { takeBack } from './taker.ts';
import { Timeline } from './timeline.ts';
import { Writer } from './writer.ts';

/** What one schedule has come to. */
export interface Outcome {
  /** Of what kind it was. */
  readonly group: string;
  readonly requests: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  readonly entries: readonly Told[];
  readonly crashed: number;
  readonly violations: readonly { readonly kind: string; readonly what: string }[];
}

/** What a caller was told. */
interface Told {
  readonly outcome: Entry['outcome'];
  readonly said: string;
}

const silent: Trace = () => undefined;

/** Runs one schedule: what happens in it, and in which order, is all in its seed. */
export async function runSchedule(seed: string, trace: Trace = silent): Promise<Outcome> {
  const chance = new Chance(seed);
  const scenario = drawScenario(chance);
  trace(() => JSON.stringify(scenario));
  const timeline = new Timeline();
  const server = new ModelServer(scenario, timeline, scenario.isNew ? undefined : initialOf(scenario));
  const network = new Network(scenario, timeline, chance, trace);
  const world: World = { timeline, chance, network, server };
  const notebook = new Notebook(
    timeline,
    scenario.limit,
    scenario.rates.repeated === undefined || scenario.hasKeys,
  );
  const reads: Read<Document>[] = [];
  const merge = mergeOf(scenario);
  const parties = Array.from(
    { length: scenario.clients },
    (_, index) => new Party('abcdefgh'.charAt(index), scenario, merge, world),
  );
  const flaws: Violation[] = [];
  for (const party of parties)
    new Writer(party, scenario, world, notebook, reads).live().catch((error: unknown) => {
      flaws.push({ kind: 'no report', what: `${party.name} stopped: ${String(error)}` });
    });
  if (scenario.taker) void takeBack(scenario.taker, world);
  await timeline.run();

  const history = { scenario, server, notebook, reads, parties };
  const violations = [...flaws, ...notebook.violations, ...check(history)];
  for (const { id, outcome, said } of notebook.entries) trace(() => `${id} ${outcome ?? 'crashed'}: ${said}`);
  for (const { kind, what } of violations) trace(() => `${kind}: ${what}`);
  return {
    group: `${scenario.workload} by ${scenario.by}${scenario.taker ? ', taken back' : ''}`,
    requests: network.requests,
    faults: network.faults,
    entries: notebook.entries,
    crashed: parties.filter(({ isGone }) => isGone).length,
    violations,
  };
}

interface History {
  readonly scenario: Scenario;
  readonly server: ModelServer;
  readonly notebook: Notebook;
  readonly reads: readonly Read<Document>[];
  readonly parties: readonly Party[];
}

function check({ scenario, server, notebook, reads, parties }: History): readonly Violation[] {
  const violations: Violation[] = [];
  if (server.unconditional > 0)
    violations.push({ kind: 'unconditional write', what: `${server.unconditional} times` });
  for (const { id, client, outcome } of notebook.entries)
    if (outcome === undefined && !parties.some(({ name, isGone }) => isGone && name === client))
      violations.push({ kind: 'never ends', what: id });
  if (scenario.once)
    for (const { id, outcome, said } of notebook.entries)
      if (outcome !== 'ok') violations.push({ kind: 'not recovered', what: `${id} ended with ${said}` });
  const { written } = notebook;
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

/** How many times the server has taken a write in the name of an operation. */
function timesOf(id: string, { states }: ModelServer): number {
  return states.filter(({ operation }) => operation === id).length;
}

/** By how much the counter went up in the name of an operation. */
function countOf(id: string, { states }: ModelServer, documents: readonly Document[]): number {
  return states.reduce((sum, { operation }, index) => {
    if (operation !== id) return sum;
    return sum + (documents[index]?.count ?? 0) - (documents[index - 1]?.count ?? 0);
  }, 0);
}
