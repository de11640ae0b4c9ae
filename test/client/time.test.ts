import { getEventListeners } from 'node:events';
import { isTimeoutError, replaceOption } from 'ky';
import {
  createClient,
  giveUp,
  isRecoveryError,
  keepLocal,
  type CallOptions,
  type Client,
  type ClientOptions,
} from 'remerge';
import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

const path = 'notes/42';
const underV1 = { json: { n: 3 }, headers: { 'if-match': '"v1"' } };

/** A client of a server that somebody else has changed: a write under `"v1"` meets a conflict. */
function stale(more: ClientOptions<object> = {}) {
  const origin = new Origin({ n: 1 });
  origin.change({ n: 2 });
  const clock = new VirtualClock();
  const baseUrl = 'https://api.test/';
  const api = createClient({
    ...{
      baseUrl,
      fetch: origin.fetch,
      clock,
      routes: { 'notes/:id': {} },
    },
    ...more,
    defaults: { merge: keepLocal(), server: { reverts: false }, ...more.defaults },
  });
  /** How long a write takes until it is made. */
  const making = async (options: CallOptions = {}, by: Client = api) => {
    const start = clock.now();
    await clock.run(by.put(path, { ...underV1, ...options }));
    return clock.now() - start;
  };
  /** How long a write takes until it fails, and as what. */
  const failing = async (options: CallOptions = {}, by: Client = api) => {
    const start = clock.now();
    const error = await rejectionOf(clock.run(by.put(path, { ...underV1, ...options })));
    return { took: clock.now() - start, code: isRecoveryError(error) ? error.code : error, error };
  };
  return { api, origin, clock, making, failing };
}

/** A server that never answers, but hears that nobody waits any more. */
const silent = ({ signal }: Request): Promise<Response> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

/** A server that takes its time. */
const slow = (clock: VirtualClock, delay: number, then?: () => void) => (): Promise<undefined> =>
  new Promise((resolve) =>
    clock.after(delay, () => {
      then?.();
      resolve(undefined);
    }),
  );

/** An answer whose body never ends. */
const endless = (): Response =>
  new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }), {
    headers: { etag: '"v2"', 'content-type': 'application/json' },
  });

/** Whoever lets a person decide. */
const person = (clock: VirtualClock, hours: number): Promise<void> =>
  new Promise((resolve) => clock.after(hours * 3_600_000, () => resolve()));

/**
 * Has a request of a write go unanswered: the write itself, the re-read, or the second write. Gives how long it was waited
 * for.
 */
function silence({ origin, clock }: { origin: Origin; clock: VirtualClock }, which: string): number[] {
  const waited: number[] = [];
  if (which === 'the second write') origin.once('PUT', () => undefined);
  origin.once(which === 'the re-read' ? 'GET' : 'PUT', (request) => {
    const start = clock.now();
    return silent(request).finally(() => waited.push(clock.now() - start));
  });
  return waited;
}

const requests = ['the first write', 'the re-read', 'the second write'] as const;

describe.each(requests)('%s, unanswered', (which) => {
  it('is given up after 10 s by default, and the write goes on', async () => {
    const server = stale();
    const { origin, making, clock } = server;
    const waited = silence(server, which);
    await making();
    expect(waited).toEqual([10_000]);
    expect([origin.value, clock.timers]).toEqual([{ n: 3 }, 0]);
  });

  it.each<[string, ClientOptions<object>, CallOptions, number]>([
    ['the client', { timeout: 7_000 }, {}, 7_000],
    [
      'the route, before the client',
      { timeout: 7_000, routes: { 'notes/:id': { timeout: 5_000 } } },
      {},
      5_000,
    ],
    [
      'the defaults of routes, before the client',
      { timeout: 7_000, defaults: { timeout: 6_000 } },
      {},
      6_000,
    ],
    [
      'the route, before those defaults',
      { routes: { 'notes/:id': { timeout: 5_000 } }, defaults: { timeout: 6_000 } },
      {},
      5_000,
    ],
    [
      'the call, before the route',
      { routes: { 'notes/:id': { timeout: 5_000 } } },
      { timeout: 3_000 },
      3_000,
    ],
    [
      'the call, though it says what the client does',
      { timeout: 7_000, routes: { 'notes/:id': { timeout: 5_000 } } },
      { timeout: 7_000 },
      7_000,
    ],
    [
      'the call’s recovery, before all',
      { timeout: 7_000 },
      { timeout: 3_000, recovery: { timeout: 2_000 } },
      2_000,
    ],
    ['an init hook', { hooks: { init: [(options) => (options.timeout = 4_000)] } }, {}, 4_000],
  ])('is given up when %s says', async (_, options, call, expected) => {
    const server = stale(options);
    const waited = silence(server, which);
    await server.making(call);
    expect(waited).toEqual([expected]);
  });

  it.each<[string, ClientOptions<object>, CallOptions, number]>([
    ['the client', { totalTimeout: 7_000 }, {}, 7_000],
    [
      'the route, before the client',
      { totalTimeout: 7_000, routes: { 'notes/:id': { totalTimeout: 5_000 } } },
      {},
      5_000,
    ],
    [
      'the defaults of routes, before the client',
      { totalTimeout: 7_000, defaults: { totalTimeout: 6_000 } },
      {},
      6_000,
    ],
    [
      'the route, before those defaults',
      { routes: { 'notes/:id': { totalTimeout: 5_000 } }, defaults: { totalTimeout: 6_000 } },
      {},
      5_000,
    ],
    [
      'the call, before the route',
      { routes: { 'notes/:id': { totalTimeout: 5_000 } } },
      { totalTimeout: 3_000 },
      3_000,
    ],
    [
      'the call’s recovery, before all',
      { totalTimeout: 7_000 },
      { totalTimeout: 3_000, recovery: { totalTimeout: 2_000 } },
      2_000,
    ],
    ['an init hook', { hooks: { init: [(options) => (options.totalTimeout = 4_000)] } }, {}, 4_000],
    ['nobody, so that it is 30 s,', { timeout: false }, {}, 30_000],
  ])('ends the write when the time of the whole is up, as %s says', async (_, options, call, expected) => {
    const server = stale(options);
    const waited = silence(server, which);
    const { took, code, error } = await server.failing(call);
    expect({ took, code, waited }).toEqual({ took: expected, code: 'timeout', waited: [expected] });
    expect(reportOf(error)).toMatchObject({ maybeApplied: which !== 'the re-read' });
  });

  it('is given up as an instance says that extends another', async () => {
    const server = stale({ timeout: 7_000 });
    const { api, making, failing } = server;
    const waited = silence(server, which);
    await making({}, api.extend({ timeout: 6_000 }));
    expect(waited).toEqual([6_000]);
    server.origin.change({ n: 4 });
    silence(server, which);
    expect(await failing({}, api.extend({ totalTimeout: 2_000 }))).toMatchObject({ took: 2_000 });
  });

  it('is given up when its caller goes, at once', async () => {
    const server = stale();
    const { api, clock } = server;
    silence(server, which);
    const reason = new Error('left');
    const controller = new AbortController();
    const start = clock.now();
    const writing = rejectionOf(api.put(path, { ...underV1, signal: controller.signal }));
    await clock.idle();
    controller.abort(reason);
    expect(await writing).toBe(reason);
    expect([clock.now() - start, clock.timers]).toEqual([0, 0]);
  });
});

describe('the time of a recovery', () => {
  it('is as long for each request, however many there are', async () => {
    const { api, origin, clock } = stale({ totalTimeout: false });
    const start = clock.now();
    origin.once('PUT', slow(clock, 9_000)).once('GET', slow(clock, 9_000)).once('PUT', slow(clock, 9_000));
    await clock.run(api.put(path, underV1));
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(clock.now() - start).toBe(27_000);
  });

  it('is 30 s for the whole by default', async () => {
    const { origin, clock, failing } = stale();
    const overtaken = slow(clock, 9_000, () => origin.change({ n: 4 }));
    origin.once('PUT', slow(clock, 9_000)).once('GET', slow(clock, 9_000));
    origin.once('PUT', overtaken).once('PUT', silent);
    expect(await failing()).toMatchObject({ took: 30_000, code: 'timeout' });
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 412 "v2"', 'GET 200 "v3"']);
    expect(clock.timers).toBe(0);
  });

  it('counts the body of a re-read in', async () => {
    const { origin, making } = stale();
    origin.once('GET', endless);
    // 10 s, and the wait before the next look.
    expect(await making()).toBe(10_050);
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('is as long for whoever reads the body of the answer, which ends the request', async () => {
    for (const options of [{}, { hooks: { afterResponse: [() => undefined] } }]) {
      const { api, origin, clock } = stale(options);
      origin.once('PUT', endless);
      const start = clock.now();
      const error = await rejectionOf(clock.run(api.put(path, { ...underV1, timeout: 3_000 }).json()));
      expect(isTimeoutError(error) && error.request.url).toBe('https://api.test/notes/42');
      expect([clock.now() - start, clock.timers, origin.requests[0]?.signal.aborted]).toEqual([
        3_000,
        0,
        true,
      ]);
    }
    const { api, origin, clock } = stale();
    origin.once('PUT', endless);
    const answered = api.put(path, underV1);
    await answered;
    expect(isTimeoutError(await rejectionOf(clock.run(answered.text())))).toBe(true);
    origin.once('PUT', () => Response.json({ n: 4 }));
    expect(await api.put(path, underV1).json()).toEqual({ n: 4 });
    expect(clock.timers).toBe(0);
  });

  it.each<[string, number, ClientOptions<object>, number]>([
    ['that is final', 403, { totalTimeout: 2_000 }, 2_000],
    ['that is final, within the time of one request', 403, { timeout: 700 }, 700],
    ['that is final, and has no time of its own', 400, { timeout: false, totalTimeout: 2_000 }, 2_000],
    ['that is not recovered from', 412, { totalTimeout: 2_000, defaults: { retry: 0 } }, 2_000],
    [
      'of a gateway',
      503,
      { totalTimeout: 2_000, defaults: { merge: ({ local }) => local, retry: 0 } },
      2_000,
    ],
  ])('is over for the body of a refusal, too, %s', async (_, status, options, expected) => {
    const { origin, clock, failing } = stale(options);
    let isLetGo = false;
    const body = (): ReadableStream => new ReadableStream({ cancel: () => void (isLetGo = true) });
    const headers = { 'content-type': 'application/json' };
    origin.once('PUT', () => new Response(body(), { status, headers }));
    const { took, error } = await failing();
    expect(took).toBeLessThanOrEqual(expected);
    expect(isRecoveryError(error) && error.response?.status).toBe(status);
    expect([isLetGo, clock.timers]).toEqual([true, 0]);
  });

  it('leaves the body of a refusal that comes in time to ky’s error', async () => {
    const { origin, failing } = stale();
    origin.once('PUT', () => Response.json({ why: 'no' }, { status: 403 }));
    const { took, error } = await failing();
    expect([took, isRecoveryError(error) && error.cause]).toMatchObject([0, { data: { why: 'no' } }]);
  });

  it('counts what a header function takes in, which hears of an abort as a request does', async () => {
    const asked: number[] = [];
    const never = (): Promise<HeadersInit> => {
      asked.push(clock.now());
      return new Promise(() => undefined);
    };
    const { api, clock, failing } = stale({ headers: never });
    const start = clock.now();
    expect(await failing()).toMatchObject({ took: 30_000, code: 'timeout' });
    expect(asked.map((at) => at - start)).toEqual([0, 10_050, 20_100]);
    expect(await failing({ timeout: false, totalTimeout: 2_000 })).toMatchObject({
      took: 2_000,
      code: 'timeout',
    });
    const controller = new AbortController();
    const calls = [
      api.put(path, { ...underV1, timeout: false, totalTimeout: false, signal: controller.signal }),
      api.get(path, { timeout: false, signal: controller.signal }),
    ].map(rejectionOf);
    await clock.idle();
    const reason = new Error('left');
    controller.abort(reason);
    expect(await Promise.all(calls)).toEqual([reason, reason]);
    expect(clock.timers).toBe(0);
  });

  it('is never ky’s to measure, as that of a read is', async () => {
    const timer = vi.spyOn(globalThis, 'setTimeout');
    const delays = (): unknown[] => timer.mock.calls.map(([, delay]) => delay);
    try {
      const { api } = stale({ timeout: 7_000, totalTimeout: 9_000 });
      await api.put(path, underV1);
      expect(delays().filter((delay) => Number(delay) > 1_000)).toEqual([]);
      await api.get(path);
      expect(delays()).toContain(7_000);
    } finally {
      timer.mockRestore();
    }
  });

  it('stands still while a merge or onConflict waits for a person', async () => {
    for (const asks of ['merge', 'onConflict'] as const) {
      const decide = async ({ local }: { local: unknown }): Promise<unknown> => {
        await person(clock, 5);
        return local;
      };
      const asking =
        asks === 'merge' ? { merge: decide } : { merge: () => giveUp('ask'), onConflict: { edited: decide } };
      const { api, origin, clock, failing } = stale({
        defaults: asking,
        timeout: 1_000,
        totalTimeout: 2_500,
      });
      origin.once('PUT', slow(clock, 900)).once('GET', slow(clock, 900));
      await clock.run(api.put(path, underV1));
      expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
      expect(clock.timers).toBe(0);

      // It runs on from where it stood: 900 and 900 are used, 700 are left.
      origin.change({ n: 9 });
      origin.once('PUT', slow(clock, 900)).once('GET', slow(clock, 900)).once('PUT', silent);
      expect(await failing()).toMatchObject({ took: 5 * 3_600_000 + 2_500, code: 'timeout' });
      expect(clock.timers).toBe(0);
    }
  });

  it('leaves a wait that a server asks for to the whole', async () => {
    const { origin, failing } = stale({ totalTimeout: 5_000 });
    origin.once('PUT', () => new Response('', { status: 412, headers: { 'retry-after': '9' } }));
    expect(await failing()).toMatchObject({ took: 0, code: 'timeout' });
    expect(origin.log).toEqual(['PUT 412 ' + '"v1"']);
  });
});

describe('whatever way a write of a client ends', () => {
  it.each<[string, ClientOptions<object>, (origin: Origin, abort: () => void) => unknown]>([
    ['as asked', {}, (origin) => origin.once('PUT', () => new Response(null, { status: 204 }))],
    ['merged', {}, () => undefined],
    ['refused', {}, (origin) => origin.once('PUT', () => new Response('', { status: 403 }))],
    ['given up', { defaults: { merge: () => giveUp('no') } }, () => undefined],
    [
      'given up by onConflict, too',
      { defaults: { merge: () => giveUp('no'), onConflict: { edited: () => giveUp('no') } } },
      () => undefined,
    ],
    [
      'after a network failure',
      {},
      (origin) => origin.once('PUT', () => Promise.reject(new TypeError('fetch failed'))),
    ],
    ['by a time that is up', { timeout: false }, (origin) => origin.once('PUT', silent)],
    ['after a time that is up', {}, (origin) => origin.once('PUT', silent)],
    ['after a re-read that takes too long', {}, (origin) => origin.once('GET', silent)],
    ['by an abort', {}, (origin, abort) => origin.once('GET', () => (abort(), undefined))],
    [
      'by an abort while a person decides',
      { defaults: { merge: () => new Promise(() => undefined) } },
      (_, abort) => setImmediate(abort),
    ],
  ])('it leaves no timer, and no listener on the caller’s signal: %s', async (_, options, arrange) => {
    for (const instance of [
      {},
      { hooks: { afterResponse: [() => undefined] }, headers: () => ({ 'x-token': '1' }) },
    ]) {
      const { api, origin, clock } = stale({ ...options, ...instance });
      const [ours, theirs] = [new AbortController(), new AbortController()];
      arrange(origin, () => ours.abort());
      const extended = api.extend({ signal: replaceOption(theirs.signal) });
      await clock.run(Promise.allSettled([extended.put(path, { ...underV1, signal: ours.signal })]));
      await clock.idle();
      expect(clock.timers).toBe(0);
      for (const { signal } of [ours, theirs]) expect(getEventListeners(signal, 'abort')).toEqual([]);
    }
  });
});
