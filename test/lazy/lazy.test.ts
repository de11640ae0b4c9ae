import { idempotencyKey, etag, isRecoveryError, keepLocal, recoveryOf, threeWay } from 'remerge';
import { createClient, withConflictRecovery, type RecoveryLoader } from 'remerge/lazy';
import * as recovery from 'remerge/recovery';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

/** A loader that a test lets succeed or fail, and how often it was called. */
function loader() {
  const asked: PromiseWithResolvers<typeof recovery>[] = [];
  const load: RecoveryLoader = () => {
    const next = Promise.withResolvers<typeof recovery>();
    asked.push(next);
    return next.promise;
  };
  return { asked, load };
}

const failing: RecoveryLoader = () => Promise.reject(new TypeError('Failed to fetch /chunk.js?k=secret'));
const loading: RecoveryLoader = () => Promise.resolve(recovery);

function lazily(load: RecoveryLoader, options: Partial<Parameters<typeof withConflictRecovery>[1]> = {}) {
  const origin = new Origin({ a: 1, b: 1 });
  const clock = new VirtualClock();
  const api = withConflictRecovery(origin.fetch, {
    clock,
    ...options,
    recovery: load,
    defaults: {
      merge: ({ local, remote }) => ({ ...(remote as object), ...(local as object) }),
      version: etag(),
      ...options.defaults,
    },
  });
  return { origin, clock, api };
}

describe('a write, with recovery that is loaded late', () => {
  it('is recovered as ever', async () => {
    const { origin, clock, api } = lazily(loading);
    origin.change({ a: 1, b: 2 });
    const response = await clock.run(api(url, put({ a: 9 })));
    expect([response.status, reportOf(response).outcome, origin.value]).toEqual([
      204,
      'merged',
      { a: 9, b: 2 },
    ]);
  });

  it('that the server takes waits for nothing, and has its report', async () => {
    const { asked, load } = loader();
    const { origin, api } = lazily(load);
    const response = await api(url, put({ a: 9 }));
    expect([asked.length, reportOf(response).outcome, origin.value]).toEqual([1, 'applied', { a: 9 }]);
  });

  it('that carries an id, or names its base, waits for nothing either', async () => {
    const { asked, load } = loader();
    const { origin, api } = lazily(load, { defaults: { writeId: idempotencyKey() } });
    const first = await api(url);
    const base = (await first.json()) as object;
    const response = await api(url, put({ ...base, a: 9 }, '"v1"', { base }));
    expect([asked.length, response.status, origin.value]).toEqual([1, 204, { a: 9, b: 1 }]);
  });

  it('loads nothing for what only reads', async () => {
    const { asked, load } = loader();
    const { api } = lazily(load);
    await (await api(url)).json();
    expect(asked).toHaveLength(0);
  });

  it('is loaded once for many writes', async () => {
    const { asked, load } = loader();
    const { origin, clock, api } = lazily(load);
    origin.change({ a: 1, b: 2 });
    const writes = [1, 2, 3].map(async (c) => api(url, put({ c })));
    asked[0]?.resolve(recovery);
    const outcomes = (await clock.run(Promise.all(writes))).map((response) => reportOf(response).outcome);
    expect([asked.length, outcomes, origin.value]).toEqual([
      1,
      ['merged', 'merged', 'merged'],
      { a: 1, b: 2, c: expect.any(Number) as number },
    ]);
  });

  it('that is refused stands where it can’t be loaded, and the next write tries again', async () => {
    let isThere = false;
    const { origin, clock, api } = lazily(() => (isThere ? loading() : failing()));
    origin.change({ a: 1, b: 2 });
    const refused = await clock.run(api(url, put({ a: 9 })));
    const report = reportOf(refused);
    expect(refused.status).toBe(412);
    expect(report).toMatchObject({
      outcome: 'failed',
      code: 'recovery-unavailable',
      maybeApplied: false,
      attempts: [{ number: 1, status: 412, version: '"v1"' }],
    });
    expect(JSON.stringify(report)).not.toContain('secret');
    expect(report).toHaveProperty('cause', expect.any(TypeError));

    isThere = true;
    expect(reportOf(await clock.run(api(url, put({ a: 9 })))).outcome).toBe('merged');
    expect(origin.value).toEqual({ a: 9, b: 2 });
  });

  it('whose answer was lost is unknown where it can’t be loaded', async () => {
    const { origin, clock, api } = lazily(failing);
    const lost = new TypeError('fetch failed');
    origin.once('PUT', () => Promise.reject(lost));
    const error = await rejectionOf(clock.run(api(url, put({ a: 9 }))));
    expect(isRecoveryError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'outcome-unknown', cause: lost, recovery: { maybeApplied: true } });
    expect(origin.log).toEqual([]);
  });

  it('that meets a server in trouble keeps its answer, which may have been made', async () => {
    const { origin, clock, api } = lazily(failing);
    origin.once('PUT', () => new Response(null, { status: 503 }));
    const response = await clock.run(api(url, put({ a: 9 })));
    expect(response.status).toBe(503);
    expect(reportOf(response)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
  });

  it('that fails for a reason of its own says that, and no more', async () => {
    const { origin, clock, api } = lazily(failing);
    origin.once('PUT', () => new Response(null, { status: 400 }));
    const response = await clock.run(api(url, put({ a: 9 })));
    expect(reportOf(response)).toMatchObject({ code: 'not-a-conflict', maybeApplied: false });
  });

  it('that never left has fetch’s own error', async () => {
    // A port that fetch goes to for nobody.
    const there = 'http://127.0.0.1:6000/notes/1';
    const own = await rejectionOf(fetch(there));
    const api = withConflictRecovery(fetch, { recovery: failing, defaults: { merge: keepLocal() } });
    const error = await rejectionOf(api(there, put({ a: 9 })));
    expect(String(error)).toBe(String(own));
    expect(reportOf(error)).toMatchObject({ code: 'network-error', maybeApplied: false });
  });

  it('that has to begin with a read is not sent at all where it can’t be loaded', async () => {
    const { origin, clock, api } = lazily(failing);
    const init = { method: 'PUT', body: '{"a":9}', headers: { 'content-type': 'application/json' } };
    const error = await rejectionOf(clock.run(api(url, { ...init, base: { a: 1, b: 1 } })));
    expect(error).toMatchObject({ code: 'recovery-unavailable', recovery: { maybeApplied: false } });
    expect(origin.log).toEqual([]);
  });

  it('waits within its own time', async () => {
    const { load } = loader();
    const { origin, clock, api } = lazily(load, { defaults: { totalTimeout: 5_000 } });
    origin.change({ a: 1, b: 2 });
    const began = clock.now();
    const response = await clock.run(api(url, put({ a: 9 })));
    expect([response.status, clock.now() - began]).toEqual([412, 5_000]);
    expect(reportOf(response)).toMatchObject({ code: 'recovery-unavailable', maybeApplied: false });
    expect(clock.timers).toBe(0);
  });

  it('ends while it waits when its caller says so', async () => {
    const { load } = loader();
    const { origin, clock, api } = lazily(load);
    origin.once('PUT', () => Promise.reject(new TypeError('fetch failed')));
    const controller = new AbortController();
    const writing = api(url, put({ a: 9 }, '"v1"', { signal: controller.signal }));
    await clock.idle();
    const reason = new Error('The user has left');
    controller.abort(reason);
    expect(await rejectionOf(writing)).toBe(reason);
    expect(recoveryOf(reason)).toMatchObject({ code: 'abort', maybeApplied: true });
  });

  it('needs a loader', () => {
    const without = { merge: keepLocal() } as never;
    expect(() => withConflictRecovery(fetch, without)).toThrow(/recovery has to load it/);
  });
});

describe('a client, with recovery that is loaded late', () => {
  it('recovers as ever, and throws what it can’t recover', async () => {
    for (const [load, expected] of [
      [loading, { outcome: 'merged', value: { a: 9, b: 2 } }],
      [failing, { code: 'recovery-unavailable', response: { status: 412 } }],
    ] as const) {
      const origin = new Origin({ a: 1, b: 1 });
      const clock = new VirtualClock();
      const api = createClient({
        baseUrl: 'https://api.test/',
        fetch: origin.fetch,
        clock,
        recovery: load,
        routes: { 'notes/:id': { merge: threeWay<{ a: number; b: number }>() } },
      });
      const note = api.resource('notes/:id', { id: 1 });
      const { value } = await clock.run(note.read());
      origin.change({ a: 1, b: 2 });
      const replacing = note.replace({ ...value, a: 9 }, { base: value });
      expect(await clock.run(replacing.catch((error: unknown) => error))).toMatchObject(expected);
    }
  });

  it('takes a resource that is gone for removed, whatever can’t be loaded', async () => {
    const origin = new Origin({ a: 1 });
    const clock = new VirtualClock();
    const routes = { 'notes/:id': { merge: keepLocal() } };
    const api = createClient({
      baseUrl: 'https://api.test/',
      fetch: origin.fetch,
      clock,
      recovery: failing,
      routes,
    });
    const note = api.resource('notes/:id', { id: 1 });
    const base = await clock.run(note.read());
    origin.remove();
    expect(await clock.run(note.delete({ base }))).toMatchObject({ outcome: 'already-applied' });
  });
});
