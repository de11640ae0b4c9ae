import { etag, withConflictRecovery, type RouteOptions } from 'remerge';
import { entriesOf, type Entry } from '../figures.ts';
import { inTurns, type Batch } from '../rounds.ts';
import { stub, type Stub } from './stub.ts';

export type Call = (fetch: typeof globalThis.fetch) => Promise<unknown>;

export const origin = 'https://api.example.com';
export const route: RouteOptions = { version: etag(), merge: ({ local }) => local };
export const text = JSON.stringify({ title: 'Milk', body: 'Two litres, and bread. '.repeat(40) });
export const put = {
  method: 'PUT',
  headers: { 'content-type': 'application/json', 'if-match': '"v1"' },
  body: text,
};

/** A fetch that ends in time, and does nothing else: every write of remerge has a signal and a timer, too. */
export const fetchInTime: typeof fetch = async (input, init) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 30_000);
  try {
    return await fetch(input, { ...init, signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
};

export const readStub = (): Stub =>
  stub(text, { headers: { etag: '"v1"', 'content-type': 'application/json' } });
export const writeStub = (): Stub => stub(null, { status: 204, headers: { etag: '"v2"' } });

/** Batches of one call over a stub, through a fetch for each way. */
export function batchesOf(
  fetches: Readonly<Record<string, typeof fetch>>,
  { fill }: Stub,
  call: Call,
  calls: number,
): ReadonlyMap<string, Batch> {
  return new Map(
    Object.entries(fetches).map(([way, own]) => [
      way,
      {
        calls,
        prepare() {
          fill(calls);
          return () => call(own);
        },
      },
    ]),
  );
}

const matched = `${origin}/notes/42`;
const unmatched = `${origin}/people/7`;
const headers = { accept: 'application/json', authorization: 'Bearer 0123456789abcdef', 'x-tenant': 'seven' };
const answered = (fetch: typeof globalThis.fetch, url: string) => fetch(url);

const cases: readonly { readonly name: string; readonly transport: () => Stub; readonly call: Call }[] = [
  { name: 'GET on a route', transport: readStub, call: (fetch) => answered(fetch, matched) },
  {
    name: 'GET on a route, with headers',
    transport: readStub,
    call: (fetch) => fetch(matched, { headers }),
  },
  {
    name: 'GET on a route, read as JSON',
    transport: readStub,
    call: async (fetch) => (await answered(fetch, matched)).json() as Promise<unknown>,
  },
  { name: 'GET elsewhere', transport: readStub, call: (fetch) => answered(fetch, unmatched) },
  { name: 'PUT on a route', transport: writeStub, call: (fetch) => fetch(matched, put) },
  { name: 'PUT elsewhere', transport: writeStub, call: (fetch) => fetch(unmatched, put) },
];

/** What the wrapper adds to a call, the network left out. */
export async function overStub(rounds: number, calls: number): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const { name, transport, call } of cases) {
    const own = transport();
    const fetches = {
      fetch: own.fetch,
      'remerge, wrapped': withConflictRecovery(own.fetch, { routes: { 'notes/:id': route } }),
    };
    const figures = await inTurns(batchesOf(fetches, own, call, calls), rounds);
    const bare = figures.get('fetch') ?? [];
    const withMore = new Map(
      [...figures].map(([way, all]) => [
        way,
        all.map(({ µs }, round) => ({ µs, 'µs more': µs - (bare[round]?.µs ?? NaN) })),
      ]),
    );
    entries.push(...entriesOf(`${name}, over a stub`, withMore, { ratios: ['µs'], to: 'fetch' }));
  }
  return entries;
}
