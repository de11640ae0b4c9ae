import { getEventListeners } from 'node:events';
import {
  isRecoveryError,
  keepLocal,
  withConflictRecovery,
  type MergeContext,
  type RecoveringInit,
  type RecoveryOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../src/errors.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

/** A server on which somebody else is always faster. */
function contended(options: RecoveryOptions<Record<string, unknown>> = {}, headers: HeadersInit = {}) {
  const origin = new Origin({ n: 0 });
  const clock = new VirtualClock();
  const hot: typeof fetch = async (input, init) => {
    if (init?.method === 'PUT') {
      origin.change({ n: origin.requests.length });
      origin.once('PUT', () => new Response('moved on', { status: 412, headers }));
    }
    return origin.fetch(input, init);
  };
  const recovering = withConflictRecovery(hot, {
    clock,
    ...options,
    defaults: { merge: keepLocal(), ...options.defaults },
  });
  const write = (init: RecoveringInit = {}) => clock.run(recovering(url, put({ n: -1 }, '"v1"', init)));
  return { origin, clock, write, recovering };
}

const never = <Value>(): Promise<Value> => new Promise(() => undefined);

describe('a write that never comes through', () => {
  it('is sent again five times by default, and ends with the server’s own answer', async () => {
    const { origin, write } = contended();
    const response = await write();
    expect(origin.log.filter((line) => line.startsWith('PUT'))).toHaveLength(6);
    expect(response.status).toBe(412);
    expect(reportOf(response)).toMatchObject({
      outcome: 'failed',
      code: 'retry-limit',
      maybeApplied: false,
    });
  });

  it.each([0, 1, 3])('is sent again %i times where that is the limit', async (limit) => {
    const { origin, write } = contended({ defaults: { retry: limit } });
    expect(reportOf(await write()).attempts).toHaveLength(limit + 1);
    expect(origin.requests).toHaveLength(2 * limit + 1);
  });

  it('waits for a random part of a delay that doubles up to its limit, and not before the first recovery', async () => {
    const { clock, write } = contended({ defaults: { retry: 8 } });
    clock.chance = 1;
    expect(reportOf(await write()).attempts.map(({ wait }) => wait)).toEqual([
      0, 0, 100, 200, 400, 800, 1600, 2000, 2000,
    ]);
    clock.chance = 0.25;
    expect(reportOf(await write()).attempts.map(({ wait }) => wait)).toEqual([
      0, 0, 25, 50, 100, 200, 400, 500, 500,
    ]);
  });

  it('waits as the route says', async () => {
    const { write } = contended({
      defaults: { retry: { limit: 4, delay: (retry) => retry * 10, backoffLimit: 25, jitter: false } },
    });
    expect(reportOf(await write()).attempts.map(({ wait }) => wait)).toEqual([0, 0, 10, 20, 25]);
    const jittered = contended({ defaults: { retry: { limit: 3, jitter: (delay) => delay + 1 } } });
    expect(reportOf(await jittered.write()).attempts.map(({ wait }) => wait)).toEqual([0, 0, 101, 201]);
  });

  it('tells the route how long it has taken, but for the time that a merge takes', async () => {
    const told: number[] = [];
    const clock = new VirtualClock();
    const { origin } = contended();
    for (let put = 0; put < 3; put += 1) origin.once('PUT', () => new Response('moved on', { status: 412 }));
    const recovering = withConflictRecovery(
      async (input, init) => {
        if (init?.method === 'PUT') origin.change({ n: origin.requests.length });
        return origin.fetch(input, init);
      },
      {
        clock,
        defaults: {
          merge: ({ local }) => new Promise((resolve) => clock.after(1_000, () => resolve(local))),
          retry: { jitter: false, limit: 3, delay: (_, elapsed) => 40 + 0 * told.push(elapsed) },
        },
      },
    );
    await clock.run(recovering(url, put({ n: -1 }, '"v1"')));
    expect(told.slice(0, 2)).toEqual([0, 40]);
  });
});

describe('a server that asks for a pause', () => {
  const date = (clock: VirtualClock, later: number): string => new Date(clock.now() + later).toUTCString();

  it.each([
    ['seconds', () => '3', 3000],
    ['a date', (clock: VirtualClock) => date(clock, 4000), 4000],
    ['a date that has passed', (clock: VirtualClock) => date(clock, -4000), 0],
    ['more than the cap', () => '1000000000', 10_000],
    ['nothing that can be read', () => 'soon', 0],
    ['a negative time', () => '-5', 0],
    ['zero', () => '0', 0],
  ])('by %s gets it, even at the first recovery', async (_, retryAfter, wait) => {
    const header = new Headers();
    const { clock, write } = contended({ defaults: { retry: 1 } }, header);
    header.set('retry-after', retryAfter(clock));
    expect(reportOf(await write()).attempts[1]?.wait).toBe(wait);
  });

  it('for longer than the time that is left gets no more requests', async () => {
    const { origin, clock, write } = contended({ defaults: { totalTimeout: 5000 } }, { 'retry-after': '9' });
    const start = clock.now();
    const response = await write();
    expect(origin.requests).toHaveLength(1);
    expect(clock.now()).toBe(start);
    expect(response.status).toBe(412);
    expect(reportOf(response)).toMatchObject({ code: 'timeout' });
  });
});

describe('the time that a write may take', () => {
  it('ends waits and reads with the server’s refusal', async () => {
    const { clock, write } = contended({ defaults: { totalTimeout: 1000, retry: 1000 } });
    const start = clock.now();
    const response = await write();
    expect(clock.now() - start).toBeLessThanOrEqual(1000);
    expect(reportOf(response)).toMatchObject({ code: 'timeout', maybeApplied: false });
    expect(clock.timers).toBe(0);
  });

  it('is 30 s by default', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const recovering = withConflictRecovery(hanging, { clock, defaults: { merge: keepLocal() } });
    await rejectionOf(clock.run(recovering(url, put({}))));
    expect(clock.now() - start).toBe(30_000);
  });

  it('stands still while a merge asks a person, and runs on where it stood', async () => {
    const origin = new Origin({ n: 1 });
    const clock = new VirtualClock();
    origin.change({ n: 2 });
    const merge = async ({ local }: MergeContext): Promise<unknown> => {
      await new Promise<void>((resolve) => clock.after(3_600_000, resolve));
      return local;
    };
    const recovering = withConflictRecovery(origin.fetch, {
      clock,
      defaults: { merge, totalTimeout: 1_000 },
    });
    expect((await clock.run(recovering(url, put({ n: 3 })))).status).toBe(204);

    origin.change({ n: 4 });
    const silence = ({ signal }: Request) =>
      new Promise<Response>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    origin.once('PUT', () => undefined).once('PUT', silence);
    const start = clock.now();
    const error = await rejectionOf(clock.run(recovering(url, put({ n: 5 }))));
    expect(reportOf(error)).toMatchObject({ code: 'timeout', maybeApplied: true });
    expect(clock.now() - start).toBe(3_600_000 + 1_000);
    expect(clock.timers).toBe(0);
  });

  it('ends a write that gets no answer by an error, as it may have been made', async () => {
    const clock = new VirtualClock();
    const error = await rejectionOf(
      clock.run(withConflictRecovery(hanging, { clock, defaults: { merge: keepLocal() } })(url, put({}))),
    );
    expect(isRecoveryError(error) && error.code).toBe('timeout');
    expect(isRecoveryError(error) && error.recovery).toMatchObject({
      maybeApplied: true,
      attempts: [{ number: 1 }],
    });
    expect(String(error)).toBe(
      `RecoveryError: PUT ${url} failed: timeout. The time is up. See timeout and totalTimeout. ${errorsPage}#timeout`,
    );
  });

  it('ends a second write that gets no answer by an error, too, and not by the refusal before it', async () => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    const clock = new VirtualClock();
    const half: typeof fetch = (input, init) =>
      new Headers(init?.headers).get('if-match') === '"v2"'
        ? hanging(input, init)
        : origin.fetch(input, init);
    const writing = clock.run(
      withConflictRecovery(half, { clock, defaults: { merge: keepLocal() } })(url, put({ n: 3 })),
    );
    const error = await rejectionOf(writing);
    expect(isRecoveryError(error) && error.code).toBe('timeout');
    expect(reportOf(error)).toMatchObject({ maybeApplied: true, attempts: [{ status: 412 }, { number: 2 }] });
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
  });

  it('ends a write by a fetch that doesn’t listen to its signal, too', async () => {
    const clock = new VirtualClock();
    const deaf: typeof fetch = () => new Promise(() => undefined);
    const recovering = withConflictRecovery(deaf, {
      clock,
      defaults: { merge: keepLocal(), totalTimeout: 1_000 },
    });
    const error = await rejectionOf(clock.run(recovering(url, put({}))));
    expect(reportOf(error)).toMatchObject({ code: 'timeout', maybeApplied: true });
    expect(clock.timers).toBe(0);
  });

  it('can be endless', async () => {
    const { clock, write } = contended({ defaults: { totalTimeout: false, retry: 40 } });
    const start = clock.now();
    expect(reportOf(await write())).toMatchObject({ code: 'retry-limit' });
    expect(clock.now() - start).toBeGreaterThan(30_000);
  });

  it('that is 0 is over at once', async () => {
    const clock = new VirtualClock();
    const recovering = withConflictRecovery(hanging, {
      clock,
      defaults: { merge: keepLocal(), totalTimeout: 0 },
    });
    const start = clock.now();
    expect(isRecoveryError(await rejectionOf(clock.run(recovering(url, put({})))))).toBe(true);
    expect(clock.now()).toBe(start);
  });

  const hanging: typeof fetch = (_, init) =>
    new Promise((__, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
    });
});

describe('the signal of the caller', () => {
  const reason = new Error('no longer wanted');

  it.each([
    ['the first send', 'PUT', 1],
    ['the re-read', 'GET', 1],
    ['the second send', 'PUT', 2],
  ])('stops %s at once', async (_, method, nth) => {
    const controller = new AbortController();
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    let count = 0;
    const reached = Promise.withResolvers<undefined>();
    const hanging: typeof fetch = async (input, init) => {
      if (init?.method === method && (count += 1) === nth) {
        reached.resolve(undefined);
        await new Promise((__, reject) => {
          init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
        });
      }
      return origin.fetch(input, init);
    };
    const clock = new VirtualClock();
    const recovering = withConflictRecovery(hanging, { clock, defaults: { merge: keepLocal() } });
    const writing = rejectionOf(recovering(url, put({ n: 3 }, '"v1"', { signal: controller.signal })));
    await reached.promise;
    controller.abort(reason);

    expect(await writing).toBe(reason);
    expect(reportOf(reason)).toMatchObject({ code: 'abort', maybeApplied: method === 'PUT' });
    expect(origin.value).toEqual({ n: 2 });
    expect(clock.timers).toBe(0);
  });

  it('stops a wait at once, and no request follows', async () => {
    const controller = new AbortController();
    const { origin, clock, recovering } = contended({}, { 'retry-after': '5' });
    const writing = rejectionOf(recovering(url, put({}, '"v1"', { signal: controller.signal })));
    await clock.idle();
    expect(origin.requests).toHaveLength(1);
    controller.abort(reason);
    expect(await writing).toBe(reason);
    await clock.idle();
    expect(origin.requests).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  it('stops a merge at once, and nothing is written', async () => {
    const controller = new AbortController();
    const merging = Promise.withResolvers<undefined>();
    const { origin, clock, recovering } = contended({
      defaults: {
        merge: () => {
          merging.resolve(undefined);
          return never();
        },
      },
    });
    const writing = rejectionOf(recovering(url, put({}, '"v1"', { signal: controller.signal })));
    await merging.promise;
    controller.abort(reason);
    expect(await writing).toBe(reason);
    expect(origin.log.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  it('stops before the merge when it aborts right after the read', async () => {
    const controller = new AbortController();
    const { origin, recovering } = contended({
      onEvent: ({ kind }) => {
        if (kind === 'read') controller.abort(reason);
      },
      defaults: { merge: () => never() },
    });
    const aborted = put({}, '"v1"', { signal: controller.signal });
    expect(await rejectionOf(recovering(url, aborted))).toBe(reason);
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
  });

  it('that is aborted already lets nothing be sent, even by a fetch that knows no signals', async () => {
    let calls = 0;
    const deaf: typeof fetch = () => {
      calls += 1;
      return Promise.resolve(new Response());
    };
    const recovering = withConflictRecovery(deaf, { defaults: { merge: keepLocal() } });
    const aborted = put({}, '"v1"', { signal: AbortSignal.abort(reason) });
    expect(await rejectionOf(recovering(url, aborted))).toBe(reason);
    expect(calls).toBe(0);
    await recovering(url, put({}));
    expect(calls).toBe(1);
  });

  it('that aborts just after the server took the write changes nothing: it is reported as made', async () => {
    const controller = new AbortController();
    const origin = new Origin({ n: 1 });
    const late: typeof fetch = async (input, init) => {
      const response = await origin.fetch(input, init);
      controller.abort(reason);
      return response;
    };
    const recovering = withConflictRecovery(late, { defaults: { merge: keepLocal() } });
    const response = await recovering(url, put({ n: 2 }, '"v1"', { signal: controller.signal }));
    expect(response.status).toBe(204);
    expect(reportOf(response).outcome).toBe('applied');
  });
});

describe('whatever way a write ends', () => {
  it('leaves no timer, and no listener on any signal', async () => {
    let version = 1;
    // Node's own Request would listen, too, so this server makes none.
    const moving: typeof fetch = (_, init) => {
      if (init?.method === 'PUT') return Promise.resolve(new Response('', { status: 412 }));
      version += 1;
      return Promise.resolve(Response.json({ version }, { headers: { etag: `"v${String(version)}"` } }));
    };
    const { signal } = new AbortController();
    const signals: AbortSignal[] = [signal];
    const clock = new VirtualClock();
    const recovering = withConflictRecovery(moving, {
      clock,
      defaults: {
        merge: (context) => {
          signals.push(context.signal);
          return Promise.resolve({ attempt: context.attempt });
        },
      },
    });
    await clock.run(recovering(url, put({}, '"v1"', { signal })));
    expect(clock.timers).toBe(0);
    expect(signals).toHaveLength(6);
    for (const each of signals) expect(getEventListeners(each, 'abort')).toEqual([]);
  });

  it('leaves no body unread but the one that the caller gets', async () => {
    const { origin, write } = contended({ defaults: { retry: 3 } });
    const refusals: Response[] = [];
    const answer = origin.fetch;
    Object.assign(origin, {
      fetch: async (...call: Parameters<typeof fetch>) => {
        const response = await answer(...call);
        if (response.status === 412) refusals.push(response);
        return response;
      },
    });
    await write();
    expect(refusals.map(({ bodyUsed }) => bodyUsed)).toEqual([true, true, true, false]);
  });
});
