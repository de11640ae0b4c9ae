import {
  field,
  isRecoveryError,
  keepLocal,
  none,
  withConflictRecovery,
  type RecoveringInit,
  type RecoveryEvent,
  type RecoveryOptions,
  type RouteOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

const failure = new TypeError('fetch failed');
const refused = new TypeError('fetch failed', {
  cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
});

/** A server behind a network that loses its answers before or after it took a write, and what it was asked. */
function behind(
  losses: readonly ('before' | 'after' | 'unreached' | 'none')[],
  origin = new Origin({ n: 1 }),
) {
  const left = [...losses];
  const clock = new VirtualClock();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const loss = request.method === 'GET' ? 'none' : (left.shift() ?? 'none');
    if (loss === 'unreached') throw refused;
    if (loss === 'before') throw failure;
    const response = await origin.fetch(request);
    if (loss === 'after') throw failure;
    return response;
  };
  const write = (init: RecoveringInit, options: RecoveryOptions<Record<string, unknown>>) =>
    clock.run(
      withConflictRecovery(fetch, {
        clock,
        ...options,
        defaults: { merge: keepLocal(), ...options.defaults },
      })(url, init),
    );
  return { origin, clock, write };
}

describe('the last send that a write may make, when its answer is lost', () => {
  it('is looked for, and was made where the server shows it', async () => {
    const { origin, clock, write } = behind(['before', 'after']);
    const start = clock.now();
    const response = await write(put({ n: 2 }), { defaults: { retry: 1 } });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"', 'GET 200 "v2"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied' });
    // Half of 100 ms, then half of 200: who failed once may be under load.
    expect(clock.now() - start).toBe(150);
  });

  it('may have been made where the server shows what was there before: it may still be on its way', async () => {
    const { origin, write } = behind(['before', 'before']);
    const error = await rejectionOf(write(put({ n: 2 }), { defaults: { retry: 1 } }));
    expect(origin.log).toEqual(['GET 200 "v1"', 'GET 200 "v1"']);
    expect(reportOf(error)).toMatchObject({ code: 'retry-limit', maybeApplied: true });
    expect(isRecoveryError(error) && error.cause).toBe(failure);
  });

  it('is looked for where it is the only one, too', async () => {
    const { origin, write } = behind(['after']);
    const response = await write(put({ n: 2 }), { defaults: { retry: 0 } });
    expect(origin.log).toEqual(['PUT 204 "v1"', 'GET 200 "v2"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied' });
  });

  it('is merged onto nothing, as that would be one send more: the caller is shown what is there', async () => {
    const { origin, write } = behind(['before']);
    origin.change({ n: 7 });
    const error = await rejectionOf(
      write(put({ n: 2 }, '"v1"', { base: { n: 1 } }), { defaults: { retry: 0 } }),
    );
    expect(isRecoveryError(error) && [error.code, error.question?.local, error.question?.remote]).toEqual([
      'outcome-unknown',
      { n: 2 },
      { n: 7 },
    ]);
    expect(origin.log).toEqual(['GET 200 "v2"']);
  });

  it('is not looked for where there is no time to wait for that', async () => {
    const { origin, clock, write } = behind(['before']);
    const start = clock.now();
    const error = await rejectionOf(write(put({ n: 2 }), { defaults: { totalTimeout: 50, retry: 0 } }));
    expect(origin.requests).toEqual([]);
    expect(clock.now()).toBe(start);
    expect(reportOf(error)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
  });

  it('was not made where it was refused by an overload: the answer stands', async () => {
    const busy = (): Response => new Response('busy', { status: 429 });
    const { origin, write } = behind([], new Origin({ n: 1 }).once('PUT', busy).once('PUT', busy));
    const response = await write(put({ n: 2 }), { defaults: { retry: 1 } });
    expect(origin.log).toEqual(['PUT 429 "v1"', 'PUT 429 "v1"']);
    expect(await response.text()).toBe('busy');
    expect(reportOf(response)).toMatchObject({ code: 'retry-limit', maybeApplied: false });
  });

  it('was not made where it never left: the error is the runtime’s own', async () => {
    const { origin, write } = behind(['unreached', 'unreached']);
    expect(await rejectionOf(write(put({ n: 2 }), { defaults: { retry: 1 } }))).toBe(refused);
    expect(reportOf(refused)).toMatchObject({ code: 'network-error', maybeApplied: false });
    expect(origin.requests).toEqual([]);
  });
});

describe('what bounds the next try', () => {
  const budget = { tokens: 0 };

  it('is the limit first: a write that may not be sent again takes nothing from the budget', async () => {
    const { origin, write } = behind([]);
    origin.change({ n: 5 });
    const stopped = async (defaults: RouteOptions) =>
      reportOf(await write(put({ n: 2 }), { budget, defaults }));
    expect(await stopped({ retry: 0 })).toMatchObject({ code: 'retry-limit' });
    expect(await stopped({ retry: 1 })).toMatchObject({ code: 'retry-budget' });
    expect(origin.log).toEqual(['PUT 412 "v1"', 'PUT 412 "v1"']);
  });

  it('is the time that is left, which a wait must not use up', async () => {
    const { origin, clock, write } = behind(['before']);
    const start = clock.now();
    const error = await rejectionOf(write(put({ n: 2 }), { defaults: { totalTimeout: 50 } }));
    expect(reportOf(error)).toMatchObject({ code: 'timeout', maybeApplied: true });
    expect(isRecoveryError(error) && error.cause).toBe(failure);
    expect(clock.now()).toBe(start);
    expect(origin.requests).toEqual([]);
  });
});

describe('a listener', () => {
  it('hears of a lost answer as what it is, and not of a conflict', async () => {
    const events: RecoveryEvent[] = [];
    const down = (): Response => new Response(null, { status: 503 });
    const { write } = behind([], new Origin({ n: 1 }).once('PUT', down));
    await write(put({ n: 2 }), { onEvent: (event) => events.push(event) });
    expect(events.map(({ kind }) => kind)).toEqual(['write', 'lost', 'wait', 'read', 'write', 'end']);
    expect(events[1]).toMatchObject({ kind: 'lost', status: 503 });
  });
});

describe('a write that says its base, but no version', () => {
  const plain = { method: 'PUT', body: '{"n":2}', headers: { 'content-type': 'application/json' } };

  it('begins with a read, within the time that it has', async () => {
    const clock = new VirtualClock();
    const hanging: typeof fetch = (_, init) =>
      new Promise((__, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    const recovering = withConflictRecovery(hanging, {
      clock,
      defaults: { merge: keepLocal(), totalTimeout: 700 },
    });
    const start = clock.now();
    const error = await rejectionOf(clock.run(recovering(url, { ...plain, base: { n: 1 } })));
    expect(reportOf(error)).toMatchObject({ code: 'timeout', maybeApplied: false });
    expect(clock.now() - start).toBe(700);
  });

  it('begins with none where there is no version to read', async () => {
    const origin = new Origin({ n: 1 }).once('PUT', () => new Response(null, { status: 204 }));
    await behind([], origin).write({ ...plain, base: { n: 1 } }, { defaults: { version: none() } });
    expect(origin.log).toEqual(['PUT 204']);
  });

  it('begins with none where it has a precondition that the route doesn’t know', async () => {
    const origin = new Origin({ n: 1 }).once('PUT', () => new Response(null, { status: 204 }));
    const headers = { ...plain.headers, 'if-unmodified-since': 'Sun, 22 Nov 2026 12:00:00 GMT' };
    await behind([], origin).write({ ...plain, headers, base: { n: 1 } }, {});
    expect(origin.log).toEqual(['PUT 204']);
  });
});

describe('a write without a base or a version, on a route that stamps its writes', () => {
  it('begins with no read', async () => {
    const origin = new Origin({ n: 1 }).once('PUT', () => new Response(null, { status: 204 }));
    const plain = { method: 'PUT', body: '{"n":2}', headers: { 'content-type': 'application/json' } };
    await behind([], origin).write(plain, { defaults: { writeId: field('/lastWrite') } });
    expect(origin.log).toEqual(['PUT 204']);
    expect(await origin.requests[0]?.clone().json()).toEqual({ n: 2, lastWrite: 'id-1' });
  });
});
