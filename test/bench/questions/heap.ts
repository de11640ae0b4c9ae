// A process that tells what its memory grows by. It needs --expose-gc.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createClient, withConflictRecovery } from 'remerge';
import { byHandCapped } from '../peers/by-hand.ts';
import { route } from './calls.ts';
import type { Held } from './memory.ts';

const count = Number(process.argv[2]);
const origin = 'https://api.example.com';

async function held(): Promise<number> {
  // What is freed by one collection may be all that holds something else.
  for (let turn = 0; turn < 4; turn++) {
    await nextTurn();
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Bytes for each that are held more when `make` is done. What it returns is held until then. */
async function perEach(make: () => Promise<unknown>): Promise<number> {
  const before = await held();
  const kept = await make();
  const after = await held();
  keep.push(kept);
  return (after - before) / count;
}

const keep: unknown[] = [];

function answer(bytes: number, id: number): Response {
  const note = JSON.stringify({ id, title: 'x'.repeat(bytes - 40) });
  return new Response(note, { headers: { 'content-type': 'application/json', etag: `"v${String(id)}"` } });
}

async function remembered(bytes: number): Promise<unknown> {
  let id = 0;
  const wrapped = withConflictRecovery(() => Promise.resolve(answer(bytes, id)), {
    routes: { 'notes/:id': route },
    memory: 2 ** 30,
  });
  for (; id < count; id++) await (await wrapped(`${origin}/notes/${String(id)}`)).json();
  return wrapped;
}

async function mapped(bytes: number): Promise<unknown> {
  const texts = new Map<string, { readonly text: string; readonly version: string | null }>();
  for (let id = 0; id < count; id++) {
    const response = answer(bytes, id);
    const text = await response.text();
    texts.set(`${origin}/notes/${String(id)}`, { text, version: response.headers.get('etag') });
  }
  return texts;
}

/** A server that takes its time. */
const silent = (): Promise<Response> => new Promise(() => undefined);

function queued(): Promise<unknown> {
  const api = createClient<{ 'notes/:id': { ids: string[] } }>({
    baseUrl: origin,
    fetch: silent,
    timeout: false,
    totalTimeout: false,
    routes: { 'notes/:id': {} },
  });
  const all = Array.from({ length: count }, (_, id) =>
    api.resource('notes/:id', { id: 1 }).update((draft) => {
      draft.ids.push(String(id));
    }),
  );
  return Promise.resolve([api, all]);
}

function looping(): Promise<unknown> {
  globalThis.fetch = silent;
  const add = byHandCapped(origin);
  return Promise.resolve(Array.from({ length: count }, (_, id) => add('1', String(id))));
}

process.on('disconnect', () => process.exit());
// The code that they run is loaded and compiled before anything is weighed.
keep.push(await remembered(100), await mapped(100), await queued());
const found: Held = {
  'a base of 1 kB': {
    remerge: await perEach(() => remembered(1_000)),
    'a Map of texts': await perEach(() => mapped(1_000)),
  },
  'a base of 10 kB': {
    remerge: await perEach(() => remembered(10_000)),
    'a Map of texts': await perEach(() => mapped(10_000)),
  },
  'an update that waits': {
    remerge: await perEach(queued),
    'by hand, capped': await perEach(looping),
  },
};
process.send?.(found);
