import {
  createClient,
  field,
  recoveryOf,
  threeWay,
  withConflictRecovery,
  type Schema,
  type Sides,
} from 'remerge';
import type { World } from './world.ts';

/** How often each way to write has written. Each is changed by its own writer alone. */
export interface Tally {
  readonly put: number;
  readonly replace: number;
  readonly update: number;
}

type Way = keyof Tally;

const ways: readonly Way[] = ['put', 'replace', 'update'];

const schema: Schema<Tally> = {
  '~standard': {
    version: 1,
    vendor: 'soak',
    validate: (value) => (typeof (value as Tally).put === 'number' ? {} : { issues: [{ path: ['put'] }] }),
  },
};

/** Small, so that it is full, and forgets, long before the first look at it. */
const memory = 1024;

/** One document with three writers that take turns, so that each of them is always behind the two others. */
export interface Lane {
  /** Has the next writer write once. Gives who it was, and how many times it was sent. */
  write(): Promise<{ readonly way: Way; readonly sends: number }>;
  read(): Promise<Tally>;
}

export async function startLane(
  world: World,
  origin: string,
  id: string,
  signal: AbortSignal,
): Promise<Lane> {
  const { fetch, ended } = world.lane();
  // After a lost answer there is a wait. A short one will do.
  const options = { clock: world.clock, memory };
  const retry = { delay: () => 5 };
  let base: Tally = { put: 0, replace: 0, update: 0 };
  // What is written is known where it is made: a PUT is answered without it.
  const merge = ({ local, remote }: Sides<Tally>): Tally => (base = { ...remote, put: local.put });
  const recovering = withConflictRecovery(fetch, { ...options, defaults: { merge, retry } });
  const handle = () =>
    createClient({
      baseUrl: origin,
      fetch,
      ...options,
      routes: {
        'notes/:id': { schema, retry, writeId: field('/lastWrite'), merge: threeWay<Tally>() },
      },
    }).resource('notes/:id', { id });
  // Each writer has a client of its own, as they would know of each other's writes otherwise.
  const [replacer, updater] = [handle(), handle()];
  const url = `${origin}/notes/${id}`;
  let replaced = await replacer.create(base);
  let tag = String(replaced.version);
  let turns = 0;

  const writers: Readonly<Record<Way, () => Promise<number>>> = {
    async put() {
      const before = base;
      base = { ...before, put: before.put + 1 };
      const headers = { 'content-type': 'application/json', 'if-match': tag };
      const call = { method: 'PUT', body: JSON.stringify(base), headers, base: before, signal };
      const response = await recovering(url, call);
      await response.body?.cancel();
      if (!response.ok) throw new Error(`PUT ended with ${response.status}`);
      tag = response.headers.get('etag') ?? tag;
      return recoveryOf(response)?.attempts.length ?? 0;
    },
    async replace() {
      const { value } = replaced;
      replaced = await replacer.replace({ ...value, replace: value.replace + 1 }, { base: replaced, signal });
      return replaced.attempts.length;
    },
    async update() {
      const { attempts } = await updater.update((now) => ({ ...now, update: now.update + 1 }), { signal });
      return attempts.length;
    },
  };
  return {
    async write() {
      const way = ways[turns++ % ways.length] ?? 'put';
      const sends = await writers[way]();
      ended();
      return { way, sends };
    },
    async read() {
      const { value } = await replacer.read();
      ended();
      return value;
    },
  };
}
