import { idempotencyKey, field, keepLocal, withConflictRecovery, type RecoveryOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf, reportOf, url, wireOf } from '../support/write.ts';

const headers = { 'content-type': 'application/json', 'if-match': '"v1"', 'x-own': 'h' };
const stated = { method: 'PUT', headers, body: '{"n":3}' };
type Options = RecoveryOptions<Record<string, unknown>>;

/** A client of a server that is at `"v1"`, and every call to the fetch inside. */
function taking(options: Options = {}, inner?: typeof fetch) {
  const origin = new Origin({ n: 1 });
  const clock = new VirtualClock();
  const calls: Parameters<typeof fetch>[] = [];
  const spy: typeof fetch = (...call) => {
    calls.push(call);
    return (inner ?? origin.fetch)(...call);
  };
  return {
    origin,
    clock,
    calls,
    api: withConflictRecovery(spy, {
      clock,
      ...options,
      defaults: { merge: keepLocal(), ...options.defaults },
    }),
  };
}

/** An init whose every member is a getter, as of a class; counts how often each is read. */
class Getters {
  readonly reads: string[] = [];
  get method(): string {
    this.reads.push('method');
    return stated.method;
  }
  get headers(): Record<string, string> {
    this.reads.push('headers');
    return headers;
  }
  get body(): string {
    this.reads.push('body');
    return stated.body;
  }
  get dispatcher(): string {
    this.reads.push('dispatcher');
    return 'mine';
  }
}

describe('an init', () => {
  it.each<[string, () => RequestInit]>([
    ['inherits its members', () => Object.create(stated) as RequestInit],
    [
      'inherits some of them',
      () => Object.assign(Object.create({ method: 'PUT', headers }) as object, { body: stated.body }),
    ],
    ['is of a class with getters', () => new Getters()],
    ['has no prototype', () => Object.assign(Object.create(null) as RequestInit, stated)],
    ['is a Request', () => new Request('https://old.test/', stated)],
    [
      'has getters of its own',
      () => ({
        get method() {
          return stated.method;
        },
        get headers() {
          return headers;
        },
        get body() {
          return stated.body;
        },
      }),
    ],
  ])('that %s is taken as by fetch', async (_, make) => {
    const { origin, api, clock } = taking();
    const init = make();
    const native = new Request(url, init instanceof Request ? { ...stated } : make());
    const response = await clock.run(api(url, init));
    expect(response.status).toBe(204);
    expect(await wireOf(origin.requests[0])).toBe(await wireOf(native));
    expect(origin.value).toEqual({ n: 3 });
  });

  it('that is of a class recovers, with a runtime’s own options, each read once', async () => {
    const { origin, api, clock, calls } = taking();
    origin.change({ n: 2 });
    const init = new Getters();
    expect(reportOf(await clock.run(api(url, init))).outcome).toBe('merged');
    expect(init.reads.sort()).toEqual(['body', 'dispatcher', 'headers', 'method']);
    for (const [, given] of calls) expect(given).toHaveProperty('dispatcher', 'mine');
  });

  it('that is a Request makes a DELETE of what would be a GET', async () => {
    const { origin, api, clock } = taking();
    const init = new Request('https://old.test/', { method: 'DELETE', headers: { 'if-match': '"v1"' } });
    await clock.run(api(url, init));
    expect(origin.log).toEqual(['DELETE 204 "v1"']);
  });

  it('that inherits what is said of one write keeps it from fetch', async () => {
    const { api, clock, calls } = taking();
    await clock.run(api(url, Object.create({ ...stated, recovery: { retry: 0 } }) as RequestInit));
    expect(calls[0]?.[1]).not.toHaveProperty('recovery');
  });

  it('that is null is none', async () => {
    const { origin, api, clock } = taking();
    const none = null as unknown as RequestInit;
    await clock.run(api(new Request(url, stated), none));
    expect((await clock.run(api(url, none))).status).toBe(200);
    expect(origin.log).toEqual(['PUT 204 "v1"', 'GET 200 "v2"']);
  });
});

describe('an init beside a Request', () => {
  it('leaves it what is null or undefined there, as in fetch', async () => {
    const { origin, api, clock } = taking();
    origin.change({ n: 2 });
    const request = new Request(url, { ...stated, credentials: 'include' });
    const init = { body: null, credentials: undefined, headers: undefined } as unknown as RequestInit;
    expect(reportOf(await clock.run(api(request, init))).outcome).toBe('merged');
    expect(origin.value).toEqual({ n: 3 });
    expect(origin.requests.map(({ credentials }) => credentials)).toEqual(['include', 'include', 'include']);
  });

  it('takes its signal away by null', async () => {
    const { origin, api, clock } = taking();
    const request = new Request(url, { ...stated, signal: AbortSignal.abort() });
    expect((await clock.run(api(request, { signal: null }))).status).toBe(204);
    expect(origin.value).toEqual({ n: 3 });
  });
});

/** A body that comes piece by piece, and what became of it. */
function stream(pieces: readonly string[], isEnding = true) {
  const state = { isCancelled: false, reason: undefined as unknown };
  const left = [...pieces];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece));
      else if (isEnding) controller.close();
      else return new Promise(() => undefined);
      return undefined;
    },
    cancel(reason: unknown) {
      Object.assign(state, { isCancelled: true, reason });
    },
  });
  return Object.assign(state, { body });
}

const asked = (body: BodyInit, more: RequestInit = {}): Request =>
  new Request(url, { ...stated, body, duplex: 'half', ...more } as RequestInit);

/** A fetch that never answers, and lets go of what it sends when it is called off. */
const hearing: typeof fetch = (input, init) =>
  new Promise((_, reject) => {
    const { body, signal } = new Request(input, init);
    signal.addEventListener('abort', () => {
      void body?.cancel(signal.reason);
      reject(signal.reason as Error);
    });
  });

const knowing: readonly (readonly [string, Options, { base?: unknown }])[] = [
  ['as it is', {}, {}],
  ['with a base', {}, { base: { n: 1 } }],
  ['with a write id', { defaults: { writeId: field('/by') } }, {}],
  ['with a key', { defaults: { writeId: idempotencyKey() } }, {}],
];

describe.each(knowing)('the body of a Request, %s', (_, options, init) => {
  it('is taken at once', async () => {
    const { origin, api, clock } = taking(options);
    const request = asked(stated.body);
    const writing = api(request, init);
    expect(request.bodyUsed).toBe(true);
    expect(await rejectionOf(request.text())).toBeInstanceOf(TypeError);
    await clock.run(writing);
    expect(origin.value).toMatchObject({ n: 3 });
  });

  it('recovers, whether it comes at once or in pieces', async () => {
    for (const body of [stated.body, stream(['{"n"', ':3}']).body]) {
      const { origin, api, clock } = taking(options);
      origin.change({ n: 2 });
      expect(reportOf(await clock.run(api(asked(body), init))).outcome).toBe('merged');
      expect(origin.value).toMatchObject({ n: 3 });
      expect(clock.timers).toBe(0);
    }
  });

  it('is cancelled where it isn’t sent, as the signal was aborted before', async () => {
    const { api, clock, calls } = taking(options);
    const reason = new Error('gone');
    for (const beside of [false, true]) {
      const signal = AbortSignal.abort(reason);
      const source = stream([], false);
      const request = beside ? asked(source.body) : asked(source.body, { signal });
      expect(await rejectionOf(clock.run(api(request, beside ? { ...init, signal } : init)))).toBe(reason);
      expect(source.isCancelled).toBe(true);
    }
    expect(calls).toEqual([]);
  });

  it('hears the signal of the caller while it stalls', async () => {
    const { api, clock } = taking(options, hearing);
    const source = stream(['{"n":'], false);
    const control = new AbortController();
    const writing = rejectionOf(api(asked(source.body), { ...init, signal: control.signal }));
    await clock.idle();
    control.abort(new Error('enough'));
    expect(await clock.run(writing)).toMatchObject({ message: 'enough' });
    expect([source.isCancelled, clock.timers]).toEqual([true, 0]);
  });

  it('ends with the time of the whole write where it stalls', async () => {
    const { api, clock } = taking(
      { ...options, defaults: { ...options.defaults, totalTimeout: 500 } },
      hearing,
    );
    const source = stream(['{"n":'], false);
    const start = clock.now();
    const error = await rejectionOf(clock.run(api(asked(source.body), init)));
    expect(error).toMatchObject({ name: 'RecoveryError', code: 'timeout' });
    expect([clock.now() - start, source.isCancelled, clock.timers]).toEqual([500, true, 0]);
  });
});

describe('the body of a Request', () => {
  it('is sent while it is read', async () => {
    const started = Promise.withResolvers<undefined>();
    const inner: typeof fetch = async (input, init) => {
      started.resolve(undefined);
      return new Response(await new Request(input, init).text());
    };
    const { api, clock } = taking({}, inner);
    let finish = (): void => undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        finish = () => {
          controller.enqueue(new TextEncoder().encode('{"n":3}'));
          controller.close();
        };
      },
    });
    const writing = api(asked(body));
    // It would never come if the whole body were waited for.
    await started.promise;
    finish();
    expect(await (await clock.run(writing)).text()).toBe('{"n":3}');
  });

  it('has no copy longer than the cap: the rest is let go of, and is sent all the same', async () => {
    const { origin, api, clock } = taking({ defaults: { maxBytes: 10 } });
    const long = ['{"text":"', 'x'.repeat(50), 'y'.repeat(50), '"}'];
    const response = await clock.run(api(asked(stream(long).body)));
    expect([response.status, origin.raw]).toEqual([204, long.join('')]);
    origin.change({ n: 2 });
    const stale = await clock.run(api(asked(stream(long).body)));
    expect(reportOf(stale)).toMatchObject({ code: 'unrepeatable-body' });
  });

  it('holds up no answer that comes before its end', async () => {
    const { api, clock } = taking({}, () => Promise.resolve(new Response('Too long', { status: 413 })));
    const response = await clock.run(api(asked(stream(['{"n":'], false).body)));
    expect(await response.text()).toBe('Too long');
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'not-a-conflict' });
  });
});

describe('a stream in an init', () => {
  const call = (body: ReadableStream, more: RequestInit = {}): RequestInit =>
    ({ ...stated, body, duplex: 'half', ...more }) as RequestInit;

  it('is cancelled where it isn’t sent, as the signal was aborted before', async () => {
    const { api, clock, calls } = taking();
    const source = stream([], false);
    const reason = new Error('gone');
    const writing = api(url, call(source.body, { signal: AbortSignal.abort(reason) }));
    expect(await rejectionOf(clock.run(writing))).toBe(reason);
    expect([source.isCancelled, source.reason, calls]).toEqual([true, reason, []]);
  });

  it('ends with the time of the whole write where it stalls, and hears so', async () => {
    const { api, clock } = taking({ defaults: { totalTimeout: 500 } }, hearing);
    const source = stream(['{"n":'], false);
    const error = await rejectionOf(clock.run(api(url, call(source.body))));
    expect(reportOf(error)).toMatchObject({ code: 'timeout', maybeApplied: true });
    expect([source.isCancelled, clock.timers]).toEqual([true, 0]);
  });
});
