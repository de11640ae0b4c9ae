import { createClient, keepLocal, withConflictRecovery, type RouteOptions, type Verdict } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin, type Handler } from '../support/origin.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

/** A write that the server refuses though it shows the very version that was sent. */
async function refused(refusal: Handler, shown?: Handler, more: RouteOptions = {}) {
  const origin = new Origin({ a: 1 });
  origin.once('PUT', refusal);
  if (shown) origin.once('GET', shown).once('GET', shown);
  const clock = new VirtualClock();
  const fetch = withConflictRecovery(origin.fetch, { clock, defaults: { merge: keepLocal(), ...more } });
  const response = await clock.run(fetch(url, put({ a: 2 })));
  return { origin, response, report: reportOf(response) };
}

const answer =
  (status: number, body: object | string = '') =>
  (): Response =>
    typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status });

describe('a refusal of the version that the server itself shows', () => {
  it('ends after one more read, with the server’s own answer, and nothing is merged or written', async () => {
    const { origin, response, report } = await refused(answer(409, 'Notes are closed on Sundays'));
    expect(origin.log).toEqual(['PUT 409 "v1"', 'GET 200 "v1"', 'GET 200 "v1"']);
    expect(response.status).toBe(409);
    expect(await response.text()).toBe('Notes are closed on Sundays');
    expect(report).toMatchObject({ outcome: 'failed', code: 'no-progress', likely: 'business-rule' });
    expect(origin.value).toEqual({ a: 1 });
  });

  it.each([
    [409, { type: 'https://x/problems/duplicate-name' }, 'duplicate'],
    [409, { reason: 'AlreadyExists' }, 'duplicate'],
    [409, { title: 'Quota exceeded' }, 'business-rule'],
    [412, '', 'unmatchable-etag'],
    [428, 'If-Match is required', 'dropped-precondition'],
  ])('%i with %j is most likely: %s', async (status, body, likely) => {
    expect((await refused(answer(status, body))).report).toMatchObject({ code: 'no-progress', likely });
  });

  it('is most likely a stale replica where the read came through a cache', async () => {
    const relayed = (): Response => Response.json({}, { headers: { etag: '"v1"', age: '3' } });
    expect((await refused(answer(412), relayed)).report).toMatchObject({ likely: 'stale-replica' });
  });

  it('is most likely an ETag that compression changed where it says so', async () => {
    const origin = new Origin({ a: 1 }).once('PUT', answer(412));
    const gzipped = (): Response => Response.json({}, { headers: { etag: '"v1-gzip"', age: '3' } });
    origin.once('GET', gzipped).once('GET', gzipped);
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: keepLocal(), retry: { backoffLimit: 0 } },
    });
    expect(reportOf(await fetch(url, put({}, '"v1-gzip"')))).toMatchObject({ likely: 'unmatchable-etag' });
  });

  it('is recovered when the one more read, after a wait, shows that a replica lagged', async () => {
    const lagging = (): Response => Response.json({ a: 1 }, { headers: { etag: '"v1"' } });
    const origin = new Origin({ a: 1 });
    origin.change({ a: 1, b: 1 });
    origin.once('GET', lagging);
    const clock = new VirtualClock();
    const fetch = withConflictRecovery(origin.fetch, { clock, defaults: { merge: keepLocal() } });
    const start = clock.now();

    expect((await clock.run(fetch(url, put({ a: 2 })))).status).toBe(204);
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(clock.now() - start).toBe(50);
  });

  it('is not looked at again where no time is left to wait', async () => {
    const clock = new VirtualClock();
    const origin = new Origin({ a: 1 }).once('PUT', answer(409));
    const fetch = withConflictRecovery(origin.fetch, {
      clock,
      defaults: { merge: keepLocal(), totalTimeout: 40 },
    });
    const start = clock.now();
    expect(reportOf(await clock.run(fetch(url, put({ a: 2 }))))).toMatchObject({ code: 'timeout' });
    expect(origin.requests).toHaveLength(2);
    expect(clock.now()).toBe(start);
  });

  it('costs three requests at most, however patient the client is', async () => {
    const { origin } = await refused(answer(409), undefined, { retry: 50 });
    expect(origin.requests).toHaveLength(3);
  });
});

describe('a route that knows its server’s refusals', () => {
  const verdicts: Readonly<Record<string, Verdict>> = {
    STALE: 'stale',
    CLOSED: 'final',
    THROTTLED: 'in-progress',
  };
  const classify = (_: Response, body: unknown): Verdict | undefined =>
    verdicts[(body as { code: string }).code];

  it('leaves alone what it calls final, without a read', async () => {
    const { origin, report } = await refused(answer(409, { code: 'CLOSED' }), undefined, {
      server: { classify },
    });
    expect(origin.log).toEqual(['PUT 409 "v1"']);
    expect(report).toMatchObject({ code: 'not-a-conflict' });
  });

  it('recovers what it calls stale, on a status of its own', async () => {
    const origin = new Origin({ a: 1 });
    origin.change({ a: 2 });
    origin.once('PUT', answer(422, { code: 'STALE' }));
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: keepLocal(), server: { conflictStatuses: [422], classify } },
    });
    expect((await fetch(url, put({ a: 3 }))).status).toBe(204);
    expect(origin.log).toEqual(['PUT 422 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('gets the body parsed only where it says that it is JSON', async () => {
    const seen: unknown[] = [];
    const note = (_: Response, body: unknown): 'final' => {
      seen.push(body);
      return 'final';
    };
    await refused(answer(409, '{"code":1}'), undefined, { server: { classify: note } });
    await refused(answer(409, { code: 1 }), undefined, { server: { classify: note } });
    const broken = (): Response =>
      new Response('{', { status: 409, headers: { 'content-type': 'application/json' } });
    await refused(broken, undefined, { server: { classify: note } });
    expect(seen).toEqual(['{"code":1}', { code: 1 }, '{']);
  });

  it('refuses what it calls final under a success, and tells nobody that it was written', async () => {
    const origin = new Origin({ a: 1 }).once('PUT', answer(200, { code: 'CLOSED' }));
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: keepLocal(), server: { conflictStatuses: [200], classify } },
    });
    const response = await fetch(url, put({ a: 3 }));
    expect([response.status, reportOf(response)]).toMatchObject([
      200,
      { outcome: 'failed', code: 'not-a-conflict', maybeApplied: false },
    ]);
    expect(await response.json()).toEqual({ code: 'CLOSED' });
    expect(origin.log).toEqual(['PUT 200 "v1"']);
  });

  it('has a handle throw what it calls final under a success, and keeps what it knew before', async () => {
    const origin = new Origin({ a: 1 });
    const server = { conflictStatuses: [200], classify };
    const client = createClient({
      ...{ baseUrl: 'https://api.test/', fetch: origin.fetch },
      routes: { 'notes/:id': { server } },
    });
    const note = client.resource('notes/:id', { id: '42' });
    for (const write of [
      async () => note.replace({ a: 3 }, { base: await note.read() }),
      () => note.update(() => ({ a: 3 })),
      () => client.put('notes/42', { json: { a: 3 }, headers: { 'if-match': '"v1"' } }),
    ]) {
      origin.once('PUT', answer(200, { code: 'CLOSED' }));
      const error = await rejectionOf(write());
      expect(error).toMatchObject({ code: 'not-a-conflict' });
      expect(reportOf(error)).toMatchObject({ maybeApplied: false });
    }
    await note.update(() => ({ a: 4 }));
    expect(origin.value).toEqual({ a: 4 });
  });

  it('waits for what it calls busy under a success, as the server asks', async () => {
    const clock = new VirtualClock();
    const headers = { 'retry-after': '3' };
    const origin = new Origin({ a: 1 }).once('PUT', () => Response.json({ code: 'THROTTLED' }, { headers }));
    const fetch = withConflictRecovery(origin.fetch, {
      clock,
      defaults: { merge: keepLocal(), server: { conflictStatuses: [200], classify } },
    });
    const response = await clock.run(fetch(url, put({ a: 3 })));
    expect(reportOf(response)).toMatchObject({ outcome: 'applied', attempts: [{}, { wait: 3_000 }] });
  });

  it('recovers a conflict that hides under a success', async () => {
    const origin = new Origin({ a: 1 });
    origin.change({ a: 2 });
    origin.once('PUT', answer(200, { code: 'STALE' })).once('PUT', answer(200, { code: 'OK' }));
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: keepLocal(), server: { conflictStatuses: [200], classify } },
    });
    const response = await fetch(url, put({ a: 3 }));
    expect(origin.log).toEqual(['PUT 200 "v1"', 'GET 200 "v2"', 'PUT 200 "v2"']);
    expect(reportOf(response).outcome).toBe('merged');
    expect(await response.json()).toEqual({ code: 'OK' });
  });

  it('does not take a redirected answer for a conflict', async () => {
    const redirected = (): Response => Object.defineProperty(answer(412)(), 'redirected', { value: true });
    const { origin, report } = await refused(redirected);
    expect(origin.requests).toHaveLength(1);
    expect(report).toMatchObject({ code: 'redirect' });
    expect(report).not.toHaveProperty('kind');
  });

  it('leaves other statuses to the caller', async () => {
    for (const status of [400, 422, 501, 505]) {
      const { origin, response, report } = await refused(answer(status));
      expect(origin.requests).toHaveLength(1);
      expect(response.status).toBe(status);
      expect(report).toMatchObject({
        outcome: 'failed',
        code: 'not-a-conflict',
        maybeApplied: false,
      });
    }
  });

  it('finds out what became of a write that a server failed at, and sends it again where nothing did', async () => {
    for (const status of [408, 500, 502, 503, 504]) {
      const { origin, report } = await refused(answer(status));
      expect(origin.log).toEqual([`PUT ${String(status)} "v1"`, 'GET 200 "v1"', 'PUT 204 "v1"']);
      expect(report).toMatchObject({ outcome: 'applied', attempts: [{ status }, { status: 204 }] });
    }
  });
});
