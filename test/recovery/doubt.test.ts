import {
  idempotencyKey,
  createClient,
  etag,
  field,
  keepLocal,
  withConflictRecovery,
  writeLog,
  type RecoveryOptions,
  type RecoveringInit,
  type Sides,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

const failure = (): TypeError => new TypeError('fetch failed');

/** A server whose answers get lost: `before` it sees the request, or `after` it took it; one for each write. */
function losing(losses: readonly ('before' | 'after' | 'none')[], state: unknown = { n: 1 }) {
  const origin = new Origin(state);
  const left = [...losses];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const loss = request.method === 'GET' ? 'none' : (left.shift() ?? 'none');
    if (loss === 'before') throw failure();
    const response = await origin.fetch(request);
    if (loss === 'after') throw failure();
    return response;
  };
  return { origin, fetch };
}

/** A write through such a server, on a virtual clock. */
async function write(
  server: Pick<ReturnType<typeof losing>, 'fetch'>,
  init: RecoveringInit,
  options: RecoveryOptions<Record<string, unknown>> = {},
): Promise<Response> {
  const clock = new VirtualClock();
  const recovering = withConflictRecovery(server.fetch, {
    clock,
    ...options,
    defaults: { merge: keepLocal(), ...options.defaults },
  });
  return clock.run(recovering(url, init));
}

/** A merge that must not be made twice, and no strategy that says so of itself. */
const add = ({ local, remote }: Sides): unknown => ({
  n: (local as { n: number }).n + (remote as { n: number }).n,
});

describe('a write whose answer was lost', () => {
  it('is sent again as it was, under the same version, where the server shows that it was not made', async () => {
    const server = losing(['before']);
    const response = await write(server, put({ n: 2 }));
    expect(server.origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    expect(server.origin.value).toEqual({ n: 2 });
    expect(reportOf(response)).toMatchObject({
      outcome: 'applied',
      attempts: [{ number: 1 }, { number: 2 }],
    });
  });

  it('was made where the server shows what it says, and is not sent again', async () => {
    const server = losing(['after']);
    const response = await write(server, put({ n: 2 }), { defaults: { merge: add } });
    expect(server.origin.log).toEqual(['PUT 204 "v1"', 'GET 200 "v2"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied' });
  });

  it('was made where the server shows its id, whatever else has changed since', async () => {
    const server = losing(['after']);
    const shown = server.origin.fetch;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const isRead = new Request(input, init).method === 'GET';
      const now = server.origin.value as object;
      // Somebody else has changed it by other means, and left the id alone.
      if (isRead) server.origin.change({ ...now, n: 7 });
      return isRead ? shown(input, init) : server.fetch(input, init);
    };
    const options = { defaults: { merge: add, writeId: field('/lastWrite') } };
    const response = await write({ fetch }, put({ n: 2 }), options);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied', writeId: 'id-1' });
    expect(server.origin.log.filter((line) => line.startsWith('PUT'))).toEqual(['PUT 204 "v1"']);
  });

  it('was not made for all that is known where the server shows the id of another', async () => {
    const server = losing(['before']);
    server.origin.change({ n: 5, lastWrite: 'of another' });
    const options = { defaults: { merge: add, writeId: field('/lastWrite') } };
    const error = await rejectionOf(write(server, put({ n: 2 }), options));
    expect(reportOf(error)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(server.origin.value).toEqual({ n: 5, lastWrite: 'of another' });
  });

  it('is not merged a second time by a merge that adds up', async () => {
    const server = losing(['after']);
    const somebodyElse = server.fetch;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (new Request(input, init).method === 'GET') server.origin.change({ n: 10 });
      return somebodyElse(input, init);
    };
    const error = await rejectionOf(
      write({ fetch }, put({ n: 2 }), { defaults: { merge: add, server: { reverts: false } } }),
    );
    expect(reportOf(error)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(server.origin.value).toEqual({ n: 10 });
  });

  it('stays in doubt when it is sent again and refused: what it left is looked for before any merge', async () => {
    const server = losing(['after']);
    const { origin } = server;
    // A replica that lags shows the old version first.
    origin.once('GET', () => Response.json({ n: 1 }, { headers: { etag: '"v1"' } }));
    const response = await write(server, put({ n: 2 }), { defaults: { merge: add } });
    expect(origin.log).toEqual(['PUT 204 "v1"', 'GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied' });
    expect(origin.value).toEqual({ n: 2 });
  });

  it('is not held for made because another update came to the same', async () => {
    const server = losing(['before'], { n: 1 });
    const clock = new VirtualClock();
    const note = createClient({
      baseUrl: 'https://api.test/',
      fetch: async (input, init) => {
        const response = await server.fetch(input, init).catch((error: unknown) => {
          // Somebody else makes the same step while ours is lost.
          server.origin.change({ n: 2 });
          throw error;
        });
        return response;
      },
      clock,
      routes: { 'notes/:id': { version: etag() } },
    }).resource('notes/:id', { id: '42' });
    const error = await rejectionOf(clock.run(note.update((now) => ({ n: (now as { n: number }).n + 1 }))));
    expect(reportOf(error)).toMatchObject({ code: 'outcome-unknown' });
  });
});

describe('a write whose answer was lost, on a route with a log of writes', () => {
  /** Others write while the answer is on its way: what they make of the state that is there. */
  async function overtaken(loss: 'before' | 'after', others: (ids: readonly string[]) => object) {
    const server = losing([loss], { n: 1, writes: ['one', 'two'] });
    const { origin } = server;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const isRead = new Request(input, init).method === 'GET';
      if (isRead) origin.change(others((origin.value as { writes: string[] }).writes));
      return server.fetch(input, init);
    };
    const options = { defaults: { merge: add, writeId: writeLog('/writes', { keep: 4 }) } };
    const ours = put({ n: 10, writes: ['one', 'two'] });
    const outcome = await write({ fetch }, ours, options).catch((error: unknown) => error);
    return { report: reportOf(outcome), now: origin.value };
  }

  it('was made where the log has it, whoever wrote since', async () => {
    const { report, now } = await overtaken('after', (ids) => ({ n: 50, writes: [...ids, 'theirs'] }));
    expect(report).toMatchObject({ outcome: 'already-applied', writeId: 'id-1' });
    expect(now).toEqual({ n: 50, writes: ['one', 'two', 'id-1', 'theirs'] });
  });

  it('was not made where the log goes back to what it was made of, and lacks it: it is merged, once', async () => {
    const { report, now } = await overtaken('before', (ids) => ({ n: 50, writes: [...ids, 'theirs'] }));
    expect(report).toMatchObject({ outcome: 'merged' });
    expect(now).toEqual({ n: 60, writes: ['one', 'two', 'theirs', 'id-1'] });
  });

  it('stays in doubt where the log begins later than that', async () => {
    const later = { n: 50, writes: ['three', 'four', 'five', 'six'] };
    const { report, now } = await overtaken('before', () => later);
    expect(report).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(now).toEqual(later);
  });
});

describe('a write without a version whose answer was lost', () => {
  it.each(['POST', 'PATCH'])('is never sent again by itself, if it is a %s', async (method) => {
    const server = losing(['after']);
    const headers = { 'content-type': 'application/json' };
    const options = { defaults: { methods: ['POST', 'PATCH'] } };
    const error = await rejectionOf(write(server, { method, body: '{"n":1}', headers }, options));
    expect(reportOf(error)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(server.origin.requests.map((request) => request.method)).toEqual([method]);
  });
});

describe('an idempotency key', () => {
  const keys = (origin: Origin): readonly unknown[] =>
    origin.requests
      .filter(({ method }) => method === 'PUT')
      .map(({ headers }) => headers.get('idempotency-key'));

  it('stays the same for the same bytes, so that a server which has made them makes them once', async () => {
    const origin = new Origin({ n: 1 });
    origin.once('PUT', () => new Response(null, { status: 503 }));
    await write(origin, put({ n: 2 }), { defaults: { writeId: idempotencyKey() } });
    expect(keys(origin)).toEqual(['"id-1"', '"id-1"']);
    expect(origin.log).toEqual(['PUT 503 "v1"', 'PUT 204 "v1"']);
  });

  it('is another for other bytes', async () => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 5 });
    await write(origin, put({ n: 2 }), { defaults: { merge: add, writeId: idempotencyKey() } });
    expect(keys(origin)).toEqual(['"id-1"', '"id-2"']);
  });

  it('that the server is still at work on waits, and goes out again with the same bytes', async () => {
    const origin = new Origin({ n: 1 });
    const title = 'A request is outstanding for this Idempotency-Key';
    origin.once('PUT', () => Response.json({ title }, { status: 409, headers: { 'retry-after': '3' } }));
    const response = await write(origin, put({ n: 2 }), { defaults: { writeId: idempotencyKey() } });
    expect(origin.log).toEqual(['PUT 409 "v1"', 'PUT 204 "v1"']);
    expect(reportOf(response).attempts.map(({ wait }) => wait)).toEqual([0, 3000]);
  });

  it('that the server knows with other bytes stops', async () => {
    const origin = new Origin({ n: 1 });
    const title = 'This Idempotency-Key is already used';
    origin.once('PUT', () => Response.json({ title }, { status: 422 }));
    const response = await write(origin, put({ n: 2 }), { defaults: { writeId: idempotencyKey() } });
    expect(reportOf(response)).toMatchObject({ code: 'key-reuse' });
    expect(origin.requests).toHaveLength(1);
  });
});

describe('a server that is overloaded', () => {
  it('has not made what it answers by 429: the same goes out again, without a look', async () => {
    const origin = new Origin({ n: 1 });
    origin.once('PUT', () => new Response(null, { status: 429 }));
    const response = await write(origin, put({ n: 2 }), { defaults: { merge: add } });
    expect(origin.log).toEqual(['PUT 429 "v1"', 'PUT 204 "v1"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
  });

  it('is asked again for a re-read, but not for ever', async () => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    for (let read = 0; read < 50; read += 1) origin.once('GET', () => new Response(null, { status: 503 }));
    const response = await write(origin, put({ n: 3 }), { defaults: { retry: 3 } });
    expect(origin.log).toEqual(['PUT 412 "v1"', ...Array.from({ length: 4 }, () => 'GET 503')]);
    expect(reportOf(response)).toMatchObject({ code: 'read-error', maybeApplied: false });
  });

  it('is left alone by all writes of a client once most of them fail', async () => {
    const origin = new Origin({ n: 1 });
    const clock = new VirtualClock();
    const down: typeof fetch = (input, init) => {
      origin.requests.push(new Request(input, init));
      return Promise.resolve(new Response(null, { status: 503 }));
    };
    const recovering = withConflictRecovery(down, {
      clock,
      budget: { tokens: 50 },
      defaults: { merge: keepLocal() },
    });
    for (let count = 0; count < 10; count += 1) await clock.run(recovering(url, put({ n: count })));
    // 50 tokens at 5 each: ten tries more than the ten writes that were asked for.
    expect(origin.requests).toHaveLength(20);
    const last = await clock.run(recovering(url, put({ n: 0 })));
    expect(reportOf(last)).toMatchObject({ code: 'retry-budget' });
  });

  it('gets all that was asked for again when writes succeed', async () => {
    const origin = new Origin({ n: 0 });
    const clock = new VirtualClock();
    const options = { clock, budget: { tokens: 5 }, defaults: { merge: keepLocal() } };
    const recovering = withConflictRecovery(origin.fetch, options);
    for (let count = 1; count <= 20; count += 1) {
      origin.change({ n: count });
      expect((await clock.run(recovering(url, put({ n: -count }, '"stale"')))).status).toBe(204);
    }
  });
});
