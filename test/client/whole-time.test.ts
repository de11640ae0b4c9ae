import ky, { isHTTPError, isTimeoutError, type Hooks } from 'ky';
import {
  createClient,
  isRecoveryError,
  keepLocal,
  recoveryOf,
  type CallOptions,
  type ClientOptions,
  type RecoveryError,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { gate } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf } from '../support/write.ts';

const path = 'notes/42';
const never = (): Promise<never> => new Promise(() => undefined);

/** A client whose whole writes have two seconds, and its server. */
function patientFor2s(more: ClientOptions<object> = {}) {
  const origin = new Origin({ n: 1 });
  const clock = new VirtualClock();
  const routes = { 'notes/:id': {} };
  const api = createClient({
    ...{ baseUrl: 'https://api.test/', fetch: origin.fetch, clock, totalTimeout: 2_000 },
    ...{ routes, retry: { limit: 1, delay: () => 0 }, ...more },
    defaults: { merge: keepLocal(), ...more.defaults },
  });
  /** How long a write takes until it fails, and as what. */
  const failing = async (options: CallOptions) => {
    const start = clock.now();
    const error = await rejectionOf(clock.run(api.put(path, { json: { n: 2 }, ...options })));
    return { error, took: clock.now() - start };
  };
  return { api, origin, clock, failing };
}

/** A body that begins, and doesn't end; and whether it was let go of. */
function stalled() {
  const fate = { isLetGo: false };
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"n"')),
    cancel: () => void (fate.isLetGo = true),
  });
  return { body, fate };
}

const streaming = (body: ReadableStream): RequestInit =>
  ({ method: 'PUT', body, duplex: 'half' }) as RequestInit;

const isLate = (error: unknown): boolean =>
  isRecoveryError(error) && error.code === 'timeout' && isTimeoutError(error.cause);

describe('the time of a whole write', () => {
  it.each<[string, (hang: () => Promise<never>) => Hooks, number, number]>([
    ['beforeRequest', (hang) => ({ beforeRequest: [hang] }), 0, 1],
    ['afterResponse', (hang) => ({ afterResponse: [hang] }), 1, 1],
    ['beforeRetry', (hang) => ({ afterResponse: [() => ky.retry({ delay: 0 })], beforeRetry: [hang] }), 1, 1],
  ])('ends a %s hook that never ends', async (_, hooksThat, sent, told) => {
    const { api, origin, clock } = patientFor2s();
    const { opened, open } = gate();
    const heard: Error[] = [];
    const hooks: Hooks = {
      ...hooksThat(() => (open(), never())),
      beforeError: [({ error }) => (heard.push(error), error)],
    };
    const start = clock.now();
    const writing = rejectionOf(api.put(path, { json: { n: 2 }, hooks }));
    await opened;
    const error = await clock.run(writing);
    expect([clock.now() - start, clock.timers]).toEqual([2_000, 0]);
    // What was sent once, a hook may have sent again.
    expect(error).toMatchObject({ code: 'timeout', recovery: { maybeApplied: sent > 0 } });
    const { cause } = error as RecoveryError;
    expect(isTimeoutError(cause)).toBe(true);
    expect([heard, origin.log.length]).toEqual([Array(told).fill(cause), sent]);
  });

  it('counts what hooks take, and sends nothing when it is up', async () => {
    const { api, origin, clock, failing } = patientFor2s();
    const taking = (delay: number): Hooks => ({
      beforeRequest: [
        () => new Promise<undefined>((resolve) => clock.after(delay, () => resolve(undefined))),
      ],
    });
    await clock.run(api.put(path, { json: { n: 3 }, headers: { 'if-match': '"v1"' }, hooks: taking(1_500) }));
    origin.once('PUT', () => never());
    const spent = await failing({ timeout: false, hooks: taking(1_500) });
    expect(spent).toMatchObject({ took: 2_000, error: { code: 'timeout' } });
    expect(await failing({ hooks: taking(2_500) })).toMatchObject({ took: 2_000 });
    await clock.run(new Promise<void>((resolve) => clock.after(1_000, resolve)));
    expect([origin.log, clock.timers]).toEqual([['PUT 204 "v1"'], 0]);
  });

  it('bounds the body of the answer, where one request has no bound', async () => {
    const { api, origin, clock } = patientFor2s({ timeout: false });
    origin.once('PUT', () => new Response(stalled().body));
    const heard: Error[] = [];
    const hooks: Hooks = { beforeError: [({ error }) => (heard.push(error), new Error('mine'))] };
    const error = await rejectionOf(clock.run(api.put(path, { json: { n: 2 }, hooks }).text()));
    expect([heard.map(isTimeoutError), String(error), clock.timers]).toEqual([[true], 'Error: mine', 0]);
  });

  it.each<[string, number | undefined, ClientOptions<object>]>([
    ['the hook', 3_600_000, {}],
    ['retry', undefined, { retry: { limit: 1, delay: () => 3_600_000, backoffLimit: Infinity } }],
  ])('bounds the wait before a retry that a hook asks for: by %s', async (_, delay, more) => {
    const origin = new Origin({ n: 1 });
    const api = createClient({
      ...{
        baseUrl: 'https://api.test/',
        fetch: origin.fetch,
        routes: { 'notes/:id': {} },
        totalTimeout: 300,
      },
      ...more,
    });
    const hooks: Hooks = { afterResponse: [() => ky.retry(delay === undefined ? {} : { delay })] };
    const error = await rejectionOf(
      api.put(path, { json: { n: 2 }, headers: { 'if-match': '"v1"' }, hooks }),
    );
    expect([isLate(error), origin.log]).toEqual([true, ['PUT 204 "v1"']]);
  });

  it('bounds a look at a Request whose body stalls, for its precondition, and so does its signal', async () => {
    const { api, origin, clock } = patientFor2s();
    const hooks: Hooks = { beforeRequest: [() => undefined] };
    const late = stalled();
    const start = clock.now();
    const options = { base: { n: 1 }, hooks };
    const slow = await rejectionOf(
      clock.run(api.put(new Request(`https://api.test/${path}`, streaming(late.body)), options)),
    );
    expect([isLate(slow), clock.now() - start, clock.timers]).toEqual([true, 2_000, 0]);

    const left = stalled();
    const controller = new AbortController();
    const { signal } = controller;
    const request = new Request(`https://api.test/${path}`, streaming(left.body));
    const writing = rejectionOf(api.put(request, { ...options, signal }));
    await clock.idle();
    controller.abort(new Error('left'));
    expect([await writing, clock.timers]).toEqual([signal.reason, 0]);
    expect(origin.log).toEqual([]);
  });
});

describe('a body that stalls', () => {
  it('is sent though a hook has made it, and let go of once there is an answer', async () => {
    const { body, fate } = stalled();
    const answering = (): Promise<Response> => Promise.resolve(Response.json({ by: 'an early answer' }));
    const { api, clock } = patientFor2s({ fetch: answering });
    const hooks: Hooks = { beforeRequest: [({ request }) => new Request(request, streaming(body))] };
    const answer = await clock.run(api.put(path, { json: { n: 2 }, hooks }).json());
    await clock.idle();
    expect([answer, fate.isLetGo]).toEqual([{ by: 'an early answer' }, true]);
  });

  it('of a refusal leaves a hook a response that it can read', async () => {
    const { origin, failing } = patientFor2s();
    origin.once('PUT', () => new Response(stalled().body, { status: 403 }));
    const seen: unknown[] = [];
    const hooks: Hooks = { afterResponse: [async ({ response }) => void seen.push(await response.text())] };
    const { error } = await failing({ hooks });
    expect(isRecoveryError(error) && isHTTPError(error.cause) && error.response?.status).toBe(403);
    expect(seen).toEqual(['']);
  });
});

describe('a Request that is written by a client', () => {
  it('is ended with its time, also for a fetch of the user’s own', async () => {
    const sent: Request[] = [];
    const silent: typeof fetch = (input) => {
      sent.push(input as Request);
      return never();
    };
    const { api, clock } = patientFor2s({ fetch: silent, timeout: 500 });
    const request = new Request(`https://api.test/${path}`, { method: 'PUT', body: '{"n":2}' });
    await rejectionOf(clock.run(api(request, { headers: { 'if-match': '"v1"' } })));
    expect([sent[0]?.method, sent[0]?.signal.aborted]).toEqual(['PUT', true]);
  });

  it('that a hook has made a read of is one', async () => {
    const { api, origin, clock } = patientFor2s();
    const { signal } = new AbortController();
    const hooks: Hooks = { beforeRequest: [({ request }) => new Request(request.url, { signal })] };
    const answer = await clock.run(api.put(path, { json: { n: 2 }, hooks }));
    expect([await answer.json(), recoveryOf(answer), origin.log]).toEqual([
      { n: 1 },
      undefined,
      ['GET 200 "v1"'],
    ]);
    origin.once('GET', () => never());
    const { error, took } = await patience(api.put(path, { json: { n: 2 }, hooks }), clock);
    expect([isLate(error), took]).toEqual([true, 2_000]);
  });
});

async function patience(promise: Promise<unknown>, clock: VirtualClock) {
  const start = clock.now();
  const error = await rejectionOf(clock.run(promise));
  return { error, took: clock.now() - start };
}

describe('a hook that gives a Request of another library', () => {
  it('has it sent, by a fetch of the user’s own, and recovered', async () => {
    const origin = new Origin({ n: 1 });
    const api = createClient({
      ...{
        baseUrl: 'https://api.test/',
        fetch: origin.fetch,
        clock: new VirtualClock(),
        defaults: { merge: keepLocal() },
      },
      routes: { 'notes/:id': {} },
    });
    const likeOf = ({ url, method, headers, body, signal }: Request): Request =>
      ({
        url,
        method,
        headers,
        body,
        signal,
        clone: () => likeOf(new Request(url)),
        [Symbol.toStringTag]: 'Request',
      }) as never;
    origin.once('PUT', () => (origin.change({ n: 5 }), undefined));
    const hooks: Hooks = { beforeRequest: [({ request }) => likeOf(request)] };
    await api.put(path, { json: { n: 2 }, headers: { 'if-match': '"v1"' }, hooks });
    expect([origin.value, origin.log]).toEqual([{ n: 2 }, ['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']]);
  });
});
