import { Chance } from './chance.ts';
import { check } from './check.ts';
import { initialOf, mergeOf, type Document } from './document.ts';
import type { Read, Violation } from './history.ts';
import { ModelServer } from './model-server.ts';
import { Network, type Trace } from './network.ts';
import { Notebook, type Entry } from './notebook.ts';
import { Party, type World } from './party.ts';
import { drawScenario, withDifferences, withOperations, type Fault } from './scenario.ts';
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
  const drawn = withOperations(drawScenario(chance), new Chance(`${seed}:operations`));
  const scenario = withDifferences(drawn, new Chance(`${seed}:differences`));
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

  const { entries } = notebook;
  const gone = parties.filter(({ isGone }) => isGone).map(({ name }) => name);
  const violations = [...flaws, ...notebook.violations, ...check({ scenario, server, entries, reads, gone })];
  for (const { id, outcome, said } of entries) trace(() => `${id} ${outcome ?? 'crashed'}: ${said}`);
  for (const { kind, what } of violations) trace(() => `${kind}: ${what}`);
  return {
    group: `${scenario.workload} by ${scenario.by}${scenario.difference ? `, by ${scenario.difference}` : ''}${scenario.taker ? ', taken back' : ''}`,
    requests: network.requests,
    faults: network.faults,
    entries,
    crashed: gone.length,
    violations,
  };
}
