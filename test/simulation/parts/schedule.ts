import { Chance } from '../chance.ts';
import type { Violation } from '../history.ts';
import { ModelServer, shownHeader, tagOf } from '../model-server.ts';
import { Network, type Trace } from '../network.ts';
import { Notebook } from '../notebook.ts';
import { clockOf } from '../party.ts';
import type { Outcome } from '../schedule.ts';
import { Timeline } from '../timeline.ts';
import { initialOf, namesOf, type Document } from './document.ts';
import { Member } from './member.ts';
import { Met, type Deed } from './record.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import { readingOf } from './server.ts';
import { toolsOf } from './tools.ts';
import { judgeParts } from './verdict.ts';

const silent: Trace = () => undefined;

/** Runs one schedule of clients who change parts of one resource: all that happens in it is in its seed. */
export async function runParts(seed: string, trace: Trace = silent): Promise<Outcome> {
  const chance = new Chance(seed);
  const scenario = drawScenario(chance);
  trace(() => JSON.stringify(scenario));
  const timeline = new Timeline();
  const server = new ModelServer(scenario, timeline, initialOf(scenario), readingOf(scenario));
  const network = new Network(scenario, timeline, chance, trace);
  const notebook = new Notebook(timeline, scenario.workload === 'lagging' ? 100 : scenario.limit, true);
  const deeds: Deed[] = [];
  const flaws: Violation[] = [];
  const world = { timeline, chance, server };
  for (const name of namesOf(scenario.clients)) {
    const met = new Met();
    const plain = network.fetchFor({ name, isGone: false }, server);
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await plain(input, init);
      const shown = response.headers.get(shownHeader);
      if (shown !== null) met.show(Number(shown));
      return response;
    };
    const tools = toolsOf(scenario, fetch, clockOf(timeline, chance), name);
    new Member(name, tools, scenario, world, { notebook, deeds, met }).live().catch((error: unknown) => {
      flaws.push({ kind: 'no report', what: `${name} stopped: ${String(error)}` });
    });
  }
  turnPhases(world, scenario);
  await timeline.run();

  const { states, unconditional } = server;
  const past = { scenario, states, unconditional, deeds };
  const violations = [...flaws, ...notebook.violations, ...judgeParts(past)];
  for (const { id, outcome, said } of notebook.entries)
    trace(() => `${id} ${outcome ?? 'never ended'}: ${said}`);
  for (const { kind, what } of violations) trace(() => `${kind}: ${what}`);
  return {
    group: groupOf(scenario),
    requests: network.requests,
    faults: network.faults,
    entries: notebook.entries,
    crashed: 0,
    violations,
  };
}

/** Somebody else turns the phase, and has nothing to do with remerge. */
function turnPhases(
  { timeline, chance, server }: { timeline: Timeline; chance: Chance; server: ModelServer },
  { version }: Scenario,
): void {
  for (let times = chance.between(0, 2); times > 0; times -= 1)
    timeline.after(chance.between(0, 400), () => {
      const document = JSON.parse(server.newest.text ?? '') as Document;
      const next = { ...document, phase: document.phase === 'open' ? 'shut' : 'open' };
      const headers = new Headers(version === 'header' ? { 'if-match': tagOf(server.newest) } : {});
      server.receive({ method: 'PUT', url: '', headers, body: JSON.stringify(next) }, 0, 0, () => undefined);
    });
}

function groupOf({ workload, by, format, isShallow, showsLast }: Scenario): string {
  if (workload === 'patches') return `${format}, ${isShallow ? 'shallow' : 'deep'}, by ${by}`;
  return workload === 'actions' ? `actions by ${by}${showsLast ? ', the last is shown' : ''}` : workload;
}
