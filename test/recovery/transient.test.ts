import { idempotencyKey } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin, type Handler } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

const done = { n: 3 };
const answers =
  (status: number, headers: HeadersInit = {}): Handler =>
  () =>
    new Response('', { status, headers });
const reset = (): never => {
  throw new TypeError('reset');
};
const refused = (): never => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
};
/** A server that somebody else has changed: a write under `"v1"` meets a conflict. */
function stale(): Origin {
  const origin = new Origin({ n: 1 });
  origin.change({ n: 2 });
  return origin;
}

describe('a re-read that fails on its way', () => {
  it.each<[string, Handler]>([
    ['408', answers(408)],
    ['429', answers(429)],
    ['500', answers(500)],
    ['502', answers(502)],
    ['503', answers(503)],
    ['504', answers(504)],
    ['a reset', reset],
    ['nobody there', refused],
  ])('is made again: %s', async (_, failure) => {
    const origin = stale().once('GET', failure).once('GET', failure);
    const response = await recovering(origin)(url, put(done));
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'GET', 'GET', 'PUT']);
    expect(origin.value).toEqual(done);
    expect(reportOf(response)).toMatchObject({ outcome: 'merged', attempts: [{}, {}] });
  });

  it('is made again after a wait, or after as long as the server asks', async () => {
    for (const [headers, waits] of [
      [{}, 50 + 100],
      [{ 'retry-after': '3' }, 6_000],
      [{ 'retry-after': '1000000000' }, 20_000],
    ] as const) {
      const origin = stale().once('GET', answers(503, headers)).once('GET', answers(503, headers));
      const clock = new VirtualClock();
      const start = clock.now();
      await recovering(origin, {}, clock)(url, put(done));
      expect(clock.now() - start).toBe(waits);
      expect(clock.timers).toBe(0);
    }
  });

  it('is made again as often as the limit allows, and then the refusal stands', async () => {
    for (const limit of [1, 2]) {
      const origin = stale();
      for (let read = 0; read <= limit; read += 1) origin.once('GET', answers(503));
      const response = await recovering(origin, { defaults: { retry: limit } })(url, put(done));
      expect(origin.requests).toHaveLength(1 + 1 + limit);
      expect([response.status, reportOf(response)]).toMatchObject([
        412,
        { code: 'read-error', maybeApplied: false },
      ]);
    }
  });

  it('leaves a lost write in doubt where it fails for good', async () => {
    const origin = new Origin({ n: 1 }).lose('PUT', 'after').once('GET', answers(501));
    const error = await rejectionOf(recovering(origin)(url, put(done)));
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(reportOf(error)).toMatchObject({ reason: 'The re-read came to read-error', maybeApplied: true });
  });

  it('ends the write where the wait is longer than what is left', async () => {
    const origin = stale().once('GET', answers(503, { 'retry-after': '9' }));
    const response = await recovering(origin, { defaults: { totalTimeout: 5_000 } })(url, put(done));
    expect(reportOf(response)).toMatchObject({ code: 'timeout', maybeApplied: false });
    expect(origin.requests).toHaveLength(2);
  });

  it.each([400, 401, 404, 410, 501])('is made once where that is the answer: %i', async (status) => {
    const origin = stale().once('GET', answers(status));
    await recovering(origin)(url, put(done));
    expect(origin.requests).toHaveLength(2);
  });
});

describe('a server that has too much to do for a write', () => {
  it('gets the same again after a wait, where a version protects it', async () => {
    const origin = new Origin({ n: 1 }).once('PUT', answers(429, { 'retry-after': '4' }));
    const response = await recovering(origin)(url, put(done));
    expect(origin.log).toEqual(['PUT 429 "v1"', 'PUT 204 "v1"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied', attempts: [{}, { wait: 4_000 }] });
  });

  it('gets the same again under a key', async () => {
    for (const [more, options] of [
      [{ 'idempotency-key': 'mine' }, {}],
      [{}, { writeId: idempotencyKey() }],
    ] as const) {
      const origin = Object.assign(new Origin({ n: 1 }), { isLenient: true });
      origin.once('POST', answers(429));
      const init = { method: 'POST', body: '{}', headers: more };
      await recovering(origin, { defaults: { ...options, methods: ['POST'] } })(url, init);
      expect(origin.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
    }
  });

  it('gets nothing more of a write that nothing protects', async () => {
    for (const method of ['PUT', 'PATCH', 'POST']) {
      const origin = new Origin({ n: 1 }).once(method, answers(429));
      const options = { defaults: { methods: ['PUT', 'PATCH', 'POST'] } };
      const response = await recovering(origin, options)(url, { method, body: '{}' });
      expect(origin.requests).toHaveLength(1);
      expect([response.status, reportOf(response)]).toMatchObject([
        429,
        { code: 'not-a-conflict', maybeApplied: false },
      ]);
    }
  });

  it('has its answer stand where it goes on like that', async () => {
    const origin = new Origin({ n: 1 }).once('PUT', answers(429)).once('PUT', answers(429));
    const response = await recovering(origin, { defaults: { retry: 1 } })(url, put(done));
    expect([response.status, reportOf(response)]).toMatchObject([
      429,
      { code: 'retry-limit', maybeApplied: false },
    ]);
  });
});

describe('a write that never left', () => {
  const behind = (cause: object): Error => new TypeError('fetch failed', { cause });
  const place = 'error sending request for url (http://127.0.0.1:9124/)';

  it.each([
    ['Node, nobody there', behind({ code: 'ECONNREFUSED' })],
    ['Node, no such host', behind({ code: 'ENOTFOUND' })],
    ['Node, no name server', behind({ code: 'EAI_AGAIN' })],
    ['Bun', Object.assign(new TypeError('Unable to connect.'), { code: 'ECONNREFUSED' })],
  ])('is sent again under its version: %s', async (_, error) => {
    const origin = new Origin({ n: 1 }).once('PUT', () => {
      throw error;
    });
    const response = await recovering(origin)(url, put(done));
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'PUT']);
    expect(reportOf(response)).toMatchObject({
      outcome: 'applied',
      attempts: [{ number: 1 }, { status: 204 }],
    });
  });

  it.each([
    ['Node', behind({ code: 'ECONNRESET' })],
    ['Bun', Object.assign(new TypeError('The socket was closed.'), { code: 'ECONNRESET' })],
    [
      'Deno',
      behind(new Error(`${place}: client error (SendRequest): connection closed before message completed`)),
    ],
    // By its words alone Deno tells one from the other, and words prove nothing.
    [
      'Deno, nobody there',
      behind(new Error(`${place}: client error (Connect): tcp connect error: Connection refused`)),
    ],
  ])('is none whose connection broke: it is in doubt, and looked into first. %s', async (_, error) => {
    const origin = new Origin({ n: 1 }).once('PUT', () => {
      throw error;
    });
    const response = await recovering(origin)(url, put(done));
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT']);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
  });

  it('ends with the runtime’s own error, as one that was not made', async () => {
    const origin = new Origin({ n: 1 }).once('PUT', refused).once('PUT', refused);
    const error = await rejectionOf(recovering(origin, { defaults: { retry: 1 } })(url, put(done)));
    expect(error).toBeInstanceOf(TypeError);
    expect(reportOf(error)).toMatchObject({ code: 'network-error', maybeApplied: false });

    const unprotected = new Origin({ n: 1 }).once('PUT', refused);
    const once = await rejectionOf(recovering(unprotected)(url, { method: 'PUT', body: '{}' }));
    expect(reportOf(once)).toMatchObject({ code: 'network-error', maybeApplied: false });
    expect(unprotected.requests).toHaveLength(1);
  });

  it('is in doubt all the same where an earlier send got lost', async () => {
    const origin = new Origin({ n: 1 }).lose('PUT', 'after');
    origin.once('GET', () => Response.json({ n: 1 }, { headers: { etag: '"v1"' } })).once('PUT', refused);
    const error = await rejectionOf(recovering(origin, { defaults: { retry: 1 } })(url, put(done)));
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(reportOf(error)).toMatchObject({ maybeApplied: true });
  });
});
