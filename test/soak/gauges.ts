import { fork, type ChildProcess } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { getHeapSnapshot, queryObjects } from 'node:v8';
import type { World } from './world.ts';

/** What a client may hold on to, looked at while nothing is under way. */
export type Gauges = Readonly<Record<keyof typeof slack, number>>;

/** How much more than at the first look may be there at the last. */
const slack = {
  'heap used, bytes': (first: number) => first * 0.1 + 2 * 2 ** 20,
  'sockets of the client': () => 0,
  'connections at the server': () => 0,
  'other resources of the process': () => 0,
  'listeners on the shared signal': () => 0,
  'timers set': () => 0,
  'bodies unread': () => 0,
  'signals alive': () => 0,
  'responses alive': () => 0,
  'bases remembered': () => 0,
};

const names = Object.keys(slack) as readonly (keyof Gauges)[];

/** One row for each gauge: what it showed first and last, and whether that is as it was. */
export function compare(
  first: Gauges,
  last: Gauges,
): readonly {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly held: boolean;
}[] {
  return names.map((name) => ({
    name,
    first: first[name],
    last: last[name],
    held: last[name] - first[name] <= slack[name](first[name]),
  }));
}

/** The server, and how many connections it has when the idle ones are closed. */
export interface Server {
  readonly url: string;
  readonly connections: () => Promise<number>;
  readonly stop: () => void;
}

export async function startServer(): Promise<Server> {
  const server: ChildProcess = fork(new URL('./server.ts', import.meta.url));
  const [url] = (await once(server, 'message')) as [string];
  return {
    url,
    async connections() {
      server.send('count');
      const [count] = (await once(server, 'message')) as [number];
      return count;
    },
    stop: () => server.disconnect(),
  };
}

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;

/** Looks at everything. Nothing may be under way. */
export async function look(world: World, server: Server, shared: AbortSignal): Promise<Gauges> {
  const connections = await server.connections();
  // That they are closed reaches this side a moment later.
  for (let turn = 0; turn < 100 && sockets() > 0; turn += 1) await sleep(10);
  const other = process.getActiveResourcesInfo().filter((name) => !name.startsWith('TCP')).length;
  await collect();
  const { heapUsed } = process.memoryUsage();
  return {
    'heap used, bytes': heapUsed,
    'sockets of the client': sockets(),
    'connections at the server': connections,
    'other resources of the process': other,
    'listeners on the shared signal': getEventListeners(shared, 'abort').length,
    'timers set': world.timers,
    'bodies unread': world.unread,
    'signals alive': alive(AbortSignal),
    'responses alive': alive(Response),
    'bases remembered': await remembered(server.url),
  };
}

/** Collects what nobody holds; some of it is let go only by what runs after a collection. */
async function collect(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await sleep(20);
  }
}

/** How many objects of a kind are held. */
function alive(kind: typeof Response | typeof AbortSignal): number {
  return queryObjects(kind, { format: 'count' });
}

/** How many states are held, by the keys that they are held under: a URL and a version, by a line of each. */
async function remembered(origin: string): Promise<number> {
  const { strings } = JSON.parse(await text(getHeapSnapshot())) as { readonly strings: readonly string[] };
  return strings.filter((string) => string.startsWith(`\n\n\n${origin}/notes/`)).length;
}
