import { getEventListeners } from 'node:events';
import {
  keepLocal,
  keepRemote,
  recoveryOf,
  threeWay,
  withConflictRecovery,
  type RecoveryOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

type Options = RecoveryOptions<Record<string, unknown>>;

describe('an answer that only looks like a Response', () => {
  const json = (): Promise<unknown> => Promise.resolve({ a: 1 });
  const by = (answer: object) =>
    withConflictRecovery(() => Promise.resolve(answer as Response), { defaults: { merge: keepLocal() } });

  it.each<[string, object]>([
    ['nothing but JSON', { ok: true, status: 200, json }],
    ['headers, too', { ok: true, status: 200, headers: new Headers({ etag: '"v2"' }), json }],
    ['text, and no clone', { ok: true, status: 200, headers: new Headers(), json, text: () => 'text' }],
    ['all that can’t be changed', Object.freeze({ ok: true, status: 200, json })],
  ])('passes, with %s', async (_, answer) => {
    expect(await by(answer)(url)).toBe(answer);
    const response = await by(answer)(url, put({}));
    expect(response).toBe(answer);
    expect(Object.keys(response)).toEqual(Object.keys(answer));
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
  });

  it.each([403, 409, 412, 503])('passes as a refusal, with status %i and no headers', async (status) => {
    const answer = { ok: false, status, json };
    const response = await by(answer)(url, put({}));
    expect(response).toBe(answer);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'not-a-conflict' });
  });
});

describe('the server’s answer', () => {
  const reading = (headers: Record<string, string>, body = '{"a":1}') =>
    withConflictRecovery(() => Promise.resolve(new Response(body, { headers })), {
      defaults: { merge: keepLocal() },
    });

  it('shows no member of ours', async () => {
    const read = await reading({ 'content-type': 'application/json' })(url);
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    const written = await recovering(origin)(url, put({ n: 3 }));
    for (const response of [read, read.clone(), written, written.clone()]) {
      expect(Object.keys(response)).toEqual([]);
      expect(Object.assign({}, response)).toEqual({});
      for (const name in response) expect(Object.hasOwn(response, name)).toBe(false);
    }
    expect(await read.json()).toEqual({ a: 1 });
  });

  it.each([
    'application/json; charset=utf-8',
    'Application/Merge-Patch+JSON;  Charset=UTF-8',
    'text/plain;charset="x y"',
    'nonsense',
    '',
  ])('is a blob of the type that fetch gives it: %s', async (type) => {
    const headers = { 'content-type': type };
    const blob = await (await reading(headers)(url)).blob();
    expect(blob.type).toBe((await new Response('{"a":1}', { headers }).blob()).type);
    expect(await blob.text()).toBe('{"a":1}');
  });
});

describe('a copy of the answer to a write', () => {
  const moved = (): Origin => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    return origin;
  };

  it.each<[string, () => Origin, Options]>([
    ['applied', () => new Origin({ n: 1 }), {}],
    ['merged', moved, {}],
    ['unchanged', moved, { defaults: { merge: keepRemote() } }],
    ['already-applied', () => new Origin({ n: 1 }).lose('PUT', 'after'), {}],
    ['failed', moved, { defaults: { merge: threeWay() } }],
  ])('tells the same, and so does a copy of that: %s', async (outcome, server, options) => {
    const response = await recovering(server(), options)(url, put({ n: 3 }));
    expect(reportOf(response).outcome).toBe(outcome);
    const copy = response.clone();
    expect(recoveryOf(copy)).toBe(recoveryOf(response));
    expect(recoveryOf(copy.clone())).toBe(recoveryOf(response));
    expect(await copy.text()).toBe(await response.text());
  });

  it('is none that tells, of a read', async () => {
    expect(recoveryOf((await recovering(new Origin({ n: 1 }))(url, {})).clone())).toBeUndefined();
  });
});

/** An answer, and whether its body was let go of. */
function held(status: number, headers: HeadersInit = {}) {
  const state = { isLetGo: false };
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"n":')),
    cancel: () => void (state.isLetGo = true),
  });
  return Object.assign(state, { response: new Response(body, { status, headers }) });
}

describe('an answer that the caller doesn’t get', () => {
  it('is let go of where the last look finds the write made', async () => {
    for (const limit of [0, 1]) {
      const answers = Array.from({ length: limit + 1 }, () => held(502));
      const origin = new Origin({ n: 1 });
      for (const [index, { response }] of answers.entries())
        origin.once('PUT', () => {
          if (index === limit) origin.change({ n: 3 });
          return response;
        });
      const response = await recovering(origin, { defaults: { retry: limit } })(url, put({ n: 3 }));
      expect(reportOf(response).outcome).toBe('already-applied');
      expect(answers.map(({ isLetGo }) => isLetGo)).toEqual(answers.map(() => true));
    }
  });

  it('is let go of where the merge throws', async () => {
    const answer = held(412);
    const origin = new Origin({ n: 1 }).once('PUT', () => answer.response);
    origin.change({ n: 2 });
    const merge = () => Promise.reject(new Error('mine'));
    expect(await rejectionOf(recovering(origin, { defaults: { merge } })(url, put({ n: 3 })))).toMatchObject({
      message: 'mine',
    });
    expect(answer.isLetGo).toBe(true);
  });

  it('is let go of where the caller aborts while it is recovered from', async () => {
    const answer = held(412);
    const control = new AbortController();
    const origin = new Origin({ n: 1 }).once('PUT', () => answer.response);
    origin.once('GET', () => {
      control.abort();
      return undefined;
    });
    await rejectionOf(recovering(origin)(url, put({ n: 3 }, '"v1"', { signal: control.signal })));
    expect(answer.isLetGo).toBe(true);
  });

  it('is let go of where it comes too late, by a fetch that hears no signal', async () => {
    const answer = held(200);
    const clock = new VirtualClock();
    const late = new Promise<Response>((resolve) => clock.after(5_000, () => resolve(answer.response)));
    let calls = 0;
    const origin = new Origin({ n: 1 });
    const deaf: typeof fetch = (...call) => ((calls += 1) === 1 ? late : origin.fetch(...call));
    const api = withConflictRecovery(deaf, { clock, defaults: { merge: keepLocal(), timeout: 1_000 } });
    expect(reportOf(await clock.run(api(url, put({ n: 3 })))).outcome).toBe('applied');
    await clock.pass(5_000);
    expect(answer.isLetGo).toBe(true);
  });
});

describe('an answer in the very moment of a timeout', () => {
  /** A fetch that hears no signal, and whose first answer takes so long. */
  function slow(delay: number, answer: (origin: Origin) => Response, options: Options) {
    const clock = new VirtualClock();
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    let calls = 0;
    const deaf: typeof fetch = (input, init) => {
      if ((calls += 1) > 1) return origin.fetch(input, init);
      return new Promise((resolve) => clock.after(delay, () => resolve(answer(origin))));
    };
    const api = withConflictRecovery(deaf, {
      clock,
      ...options,
      defaults: { merge: keepLocal(), ...options.defaults },
    });
    return {
      origin,
      clock,
      write: (signal?: AbortSignal) => clock.run(api(url, put({ n: 3 }, '"v1"', signal ? { signal } : {}))),
    };
  }
  const stale = (): Response => new Response(null, { status: 412 });

  it('of one request is an answer, which is recovered from', async () => {
    const { origin, clock, write } = slow(1_000, stale, { defaults: { timeout: 1_000 } });
    const { signal } = new AbortController();
    expect(reportOf(await write(signal))).toMatchObject({
      outcome: 'merged',
      attempts: [{ status: 412 }, { status: 204 }],
    });
    expect(origin.log).toEqual(['GET 200 "v2"', 'PUT 204 "v2"']);
    expect([clock.timers, getEventListeners(signal, 'abort').length]).toEqual([0, 0]);
  });

  it('of one request is an answer, where the write was made', async () => {
    const { write } = slow(1_000, () => new Response(null, { status: 204 }), {
      defaults: { timeout: 1_000 },
    });
    expect(reportOf(await write())).toMatchObject({ outcome: 'applied', attempts: [{ status: 204 }] });
  });

  it('of the whole write is the answer', async () => {
    const made = slow(1_000, () => new Response(null, { status: 204 }), {
      defaults: { totalTimeout: 1_000 },
    });
    expect(reportOf(await made.write()).outcome).toBe('applied');
    const refused = await slow(1_000, stale, { defaults: { totalTimeout: 1_000 } }).write();
    expect([refused.status, reportOf(refused)]).toMatchObject([
      412,
      { code: 'timeout', maybeApplied: false },
    ]);
  });
});
