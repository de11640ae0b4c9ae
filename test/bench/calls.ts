import { etag, withConflictRecovery, type RecoveringFetch } from 'remerge';
import { inTurns, middle, type Batch } from './rounds.ts';
import { printTable, verdict } from './table.ts';

const calls = 2_000;
const rounds = 40;
const note = JSON.stringify({ title: 'Milk', body: 'Two litres, and bread. '.repeat(40) });

/** What a transport answers: made before the clock starts, as a real one makes it somewhere else. */
let answers: Response[] = [];
const transport = (): Promise<Response> => {
  const answer = answers.pop();
  return answer ? Promise.resolve(answer) : Promise.reject(new Error('No answer is left.'));
};

const wrapped = withConflictRecovery(transport, {
  routes: { 'notes/:id': { version: etag(), merge: ({ local }) => local } },
});

interface Call {
  readonly what: string;
  readonly call: (fetch: RecoveringFetch) => Promise<unknown>;
  readonly status?: number;
  /** How many microseconds more the wrapper may take. */
  readonly atMost?: number;
}

const matched = 'https://api.example.com/notes/42';
const unmatched = 'https://api.example.com/people/7';
const headers = { accept: 'application/json', authorization: 'Bearer 0123456789abcdef', 'x-tenant': 'seven' };
const made = new Headers(headers);
const put = {
  method: 'PUT',
  headers: { ...headers, 'content-type': 'application/json', 'if-match': '"v1"' },
  body: note,
};

const gets: readonly Call[] = [
  { what: 'GET on a route', call: (fetch) => fetch(matched), atMost: 1 },
  { what: '  with headers', call: (fetch) => fetch(matched, { headers }), atMost: 1 },
  { what: '  with a Headers object', call: (fetch) => fetch(matched, { headers: made }), atMost: 1 },
  {
    what: '  its body read as JSON',
    call: async (fetch) => (await fetch(matched)).json() as Promise<unknown>,
  },
  { what: 'GET elsewhere', call: (fetch) => fetch(unmatched), atMost: 1 },
  { what: '  with headers', call: (fetch) => fetch(unmatched, { headers }), atMost: 1 },
  {
    what: '  its body read as JSON',
    call: async (fetch) => (await fetch(unmatched)).json() as Promise<unknown>,
  },
];
const writes: readonly Call[] = [
  { what: 'PUT on a route, no conflict', call: (fetch) => fetch(matched, put), status: 204 },
  { what: 'PUT elsewhere', call: (fetch) => fetch(unmatched, put), status: 204 },
];

async function row({ what, call, status = 200, atMost }: Call): Promise<readonly string[]> {
  const init = { status, headers: { etag: '"v1"', 'content-type': 'application/json' } };
  const batch = (fetch: RecoveringFetch): Batch => ({
    calls,
    prepare() {
      answers = Array.from({ length: calls }, () => new Response(status === 204 ? null : note, init));
      return () => call(fetch);
    },
  });
  const pairs = await inTurns(batch(transport), batch(wrapped), rounds);
  const more = middle(pairs.map((pair) => (pair.wrapped - pair.bare) / 1e3));
  return [
    what,
    middle(pairs.map((pair) => pair.bare)).median.toFixed(0),
    middle(pairs.map((pair) => pair.wrapped)).median.toFixed(0),
    more.median.toFixed(2),
    `${more.low.toFixed(2)}…${more.high.toFixed(2)}`,
    atMost === undefined ? '' : atMost.toFixed(2),
    verdict({ figure: more.median, ...(atMost === undefined ? {} : { atMost }) }),
  ];
}

/** What a call costs that meets no conflict, the network left out. */
export async function benchCalls(): Promise<void> {
  const rows: (readonly string[])[] = [];
  for (const call of [...gets, ...writes]) rows.push(await row(call));
  printTable(
    `Calls without a conflict, over a stub: medians of ${String(rounds)} rounds of ${String(calls)}, in turns`,
    ['call', 'bare ns', 'wrapped ns', 'µs more', 'middle half', 'at most', ''],
    rows,
  );
}
