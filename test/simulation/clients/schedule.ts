import { Chance } from '../chance.ts';
import { Network, type Trace } from '../network.ts';
import { clockOf } from '../party.ts';
import type { Outcome } from '../schedule.ts';
import { Timeline } from '../timeline.ts';
import { clientOf, origin } from './client.ts';
import { Credentials } from './credentials.ts';
import { Gate } from './gate.ts';
import { Ledger } from './ledger.ts';
import { onPlatform } from './platform.ts';
import { drawScenario } from './scenario.ts';
import { DocumentServer } from './server.ts';
import { judge } from './verdict.ts';
import { Visitor } from './visitor.ts';
import { pause, type World } from './world.ts';

const silent: Trace = () => undefined;

/** Runs one schedule of users who call through one client: all that happens in it is in its seed. One at a time. */
export async function runClients(seed: string, trace: Trace = silent): Promise<Outcome> {
  const chance = new Chance(seed);
  const scenario = drawScenario(chance);
  trace(() => JSON.stringify(scenario));
  const timeline = new Timeline();
  const server = new DocumentServer(scenario, timeline);
  const network = new Network(scenario, timeline, chance, trace);
  const ledger = new Ledger(timeline, (line) =>
    trace(() => `${timeline.now.toFixed(0).padStart(6)} ${line}`),
  );
  const gate = new Gate(network, server, ledger, scenario);
  const credentials = new Credentials(scenario);
  const world: World = {
    scenario,
    timeline,
    chance,
    server,
    gate,
    ledger,
    credentials,
    clock: clockOf(timeline, chance),
  };
  const ends: { readonly url: string; readonly isMade: boolean }[] = [];

  await onPlatform(timeline, gate.fetch, async () => {
    if (scenario.teller === 'static') credentials.signedIn = scenario.visits[0]?.user;
    const api = clientOf(world, (event) => {
      if (event.kind === 'end') ends.push({ url: event.url, isMade: event.recovery.outcome !== 'failed' });
    });
    for (const at of scenario.others) timeline.after(at, () => server.write('notes/1'), true);
    for (const at of scenario.expiries) timeline.after(at, () => expire(world), true);
    const visitors = scenario.visits.map((visit, index) => new Visitor(visit, index, api, world));
    const living = scenario.place === 'page' ? takeTurns(world, visitors) : actAtOnce(world, visitors);
    living.catch((error: unknown) => ledger.flaw('broken', String(error)));
    await timeline.run();
  });

  const violations = [
    ...ledger.flaws,
    ...judge({ scenario, server, ledger, requests: network.requests, ends, origin }),
  ];
  for (const { kind, what } of violations.slice(ledger.flaws.length)) trace(() => `${kind}: ${what}`);
  const { teller, place, versions, isCrowd } = scenario;
  const group = isCrowd ? 'crowd' : `${teller} on a ${place}, ${versions}`;
  return {
    group,
    requests: network.requests,
    faults: network.faults,
    entries: ledger.entries,
    crashed: 0,
    violations,
  };
}

/** Tokens run out. Where no hook sees to it, the application has new ones a while later by itself. */
function expire({ server, scenario, credentials, timeline, chance }: World): void {
  server.expire();
  if (scenario.refresh !== 'never') return;
  timeline.after(chance.between(0, 200), () => {
    for (const { user } of scenario.visits) credentials.renew(user, server.serialOf(user));
  });
}

/** One user after another signs in on a page. */
async function takeTurns(world: World, visitors: readonly Visitor[]): Promise<void> {
  const { scenario, credentials } = world;
  for (const [index, visitor] of visitors.entries()) {
    const { user, at, stay } = scenario.visits[index] ?? { user: '', at: 0, stay: 0 };
    if (at > 0) await pause(world, at);
    credentials.signedIn = user;
    const lives = visitor.live();
    await (stay === Infinity ? lives : pause(world, stay));
    if (stay === Infinity) return;
    visitor.leave();
    credentials.signedIn = undefined;
  }
}

/** All users of a server act at once, each in a context of its own. */
async function actAtOnce(world: World, visitors: readonly Visitor[]): Promise<void> {
  const { scenario, credentials } = world;
  const act = async (visitor: Visitor, index: number): Promise<void> => {
    const { user = '', at = 0 } = scenario.visits[index] ?? {};
    await pause(world, at);
    await credentials.as(user, () => visitor.live());
  };
  await Promise.all(visitors.map(act));
}
