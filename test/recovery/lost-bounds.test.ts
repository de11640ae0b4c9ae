import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin, type Handler } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

const base = { title: 'Trip' };
const done = { title: 'Journey' };
const never: Handler = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('a lost write that may not be sent again', () => {
  it('is still looked for, and was made', async () => {
    const origin = new Origin(base).lose('PUT', 'after');
    const response = await recovering(origin, { defaults: { retry: 0 } })(url, put(done));
    expect(origin.log).toEqual(['PUT 204, lost "v1"', 'GET 200 "v2"']);
    expect(reportOf(response).outcome).toBe('already-applied');
  });

  it('is still looked for, and was not made', async () => {
    const failure = new TypeError('reset');
    const origin = new Origin(base).lose('PUT', 'before', failure);
    const error = await rejectionOf(recovering(origin, { defaults: { retry: 0 } })(url, put(done)));
    expect(origin.log).toEqual(['PUT lost "v1"', 'GET 200 "v1"']);
    expect(error).toMatchObject({ code: 'retry-limit', cause: failure });
    expect(reportOf(error)).toMatchObject({ maybeApplied: true, attempts: [{ number: 1 }] });
  });

  it('is still looked for, and is in doubt where another state is there: nothing is merged', async () => {
    const origin = new Origin(base).lose('PUT', 'before').once('GET', () => {
      origin.change({ title: 'Theirs' });
      return undefined;
    });
    const error = await rejectionOf(recovering(origin, { defaults: { retry: 0 } })(url, put(done)));
    expect(origin.log).toEqual(['PUT lost "v1"', 'GET 200 "v2"']);
    expect(error).toMatchObject({ code: 'outcome-unknown', question: { remote: { title: 'Theirs' } } });
  });

  it('is still looked for after as many sends as the limit allows', async () => {
    const origin = new Origin(base)
      .lose('PUT', 'before')
      .lose('PUT', 'before', 503)
      .lose('PUT', 'after', 503);
    const response = await recovering(origin, { defaults: { retry: 2 } })(url, put(done));
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT', 'GET', 'PUT', 'GET']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied', attempts: [{}, {}, {}] });

    const lost = new Origin(base).lose('PUT', 'before').lose('PUT', 'before', 503);
    const refused = await recovering(lost, { defaults: { retry: 1 } })(url, put(done));
    expect(lost.requests).toHaveLength(4);
    expect([refused.status, reportOf(refused)]).toMatchObject([503, { code: 'retry-limit' }]);
  });
});

describe('the wait before a lost write is looked for', () => {
  it('is a part of the delay, and longer each time', async () => {
    const origin = new Origin(base).lose('PUT', 'before').lose('PUT', 'before').lose('PUT', 'before');
    const response = await recovering(origin)(url, put(done));
    const waits = reportOf(response).attempts.map(({ wait }) => wait);
    expect(waits).toEqual([0, 50, 100, 200]);
  });

  it('is what a server asks for', async () => {
    const busy = () => new Response('', { status: 503, headers: { 'retry-after': '7' } });
    const origin = new Origin(base).once('PUT', busy);
    const response = await recovering(origin)(url, put(done));
    expect(reportOf(response).attempts).toMatchObject([{ wait: 0 }, { wait: 7_000 }]);
  });

  it('ends the write where it is longer than what is left', async () => {
    const busy = () => new Response('', { status: 503, headers: { 'retry-after': '7' } });
    const origin = new Origin(base).once('PUT', busy);
    const response = await recovering(origin, { defaults: { totalTimeout: 5_000 } })(url, put(done));
    expect(origin.log).toEqual(['PUT 503 "v1"']);
    expect([response.status, reportOf(response)]).toMatchObject([
      503,
      { code: 'timeout', maybeApplied: true },
    ]);
  });
});

describe('one request that takes too long', () => {
  it('is given up, and looked for: before it was made, and after', async () => {
    const late = new Origin(base).once('PUT', never);
    const response = await recovering(late, { defaults: { timeout: 2_000 } })(url, put(done));
    expect(late.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    expect(reportOf(response)).toMatchObject({
      outcome: 'applied',
      attempts: [{ number: 1 }, { status: 204 }],
    });

    const made = new Origin(base).once('PUT', (request) => {
      made.change(done);
      return never(request);
    });
    const again = await recovering(made, { defaults: { timeout: 2_000 } })(url, put(done));
    expect(made.log).toEqual(['GET 200 "v2"']);
    expect(reportOf(again).outcome).toBe('already-applied');
  });
});

describe('a lost write that is called off', () => {
  const leaving: [string, (origin: Origin, leave: () => void) => Origin][] = [
    [
      'while it is sent',
      (origin, leave) => origin.once('PUT', (request) => (setImmediate(leave), never(request))),
    ],
    [
      'while recovery waits',
      (origin, leave) =>
        origin.once('PUT', () => {
          setImmediate(leave);
          throw new TypeError('reset');
        }),
    ],
    [
      'while it is looked for',
      (origin, leave) =>
        origin.lose('PUT', 'before').once('GET', (request) => (setImmediate(leave), never(request))),
    ],
    [
      'while it is sent again',
      (origin, leave) =>
        origin.lose('PUT', 'before').once('PUT', (request) => (setImmediate(leave), never(request))),
    ],
  ];

  it.each(leaving)('by its caller, %s, ends at once, as one that may have been made', async (_, arrange) => {
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error('left');
    const origin = arrange(new Origin(base), () => controller.abort(reason));
    const clock = new VirtualClock();
    const start = clock.now();
    const error = await rejectionOf(recovering(origin, {}, clock)(url, put(done, '"v1"', { signal })));
    expect(error).toBe(reason);
    expect(reportOf(error)).toMatchObject({ code: 'abort', maybeApplied: true });
    expect(clock.now() - start).toBeLessThan(100);
    expect([clock.timers, getEventListeners(signal, 'abort')]).toEqual([0, []]);
    const sent = origin.requests.length;
    await clock.idle();
    expect(origin.requests).toHaveLength(sent);
  });

  it.each<[string, (origin: Origin) => Origin]>([
    ['while it is sent', (origin) => origin.once('PUT', never)],
    ['while it is looked for', (origin) => origin.lose('PUT', 'before').once('GET', never)],
    ['while it is sent again', (origin) => origin.lose('PUT', 'before').once('PUT', never)],
  ])('by the time of the whole, %s, ends then, as one that may have been made', async (_, arrange) => {
    const origin = arrange(new Origin(base));
    const clock = new VirtualClock();
    const start = clock.now();
    const { signal } = new AbortController();
    const writing = recovering(
      origin,
      { defaults: { totalTimeout: 5_000 } },
      clock,
    )(url, put(done, '"v1"', { signal }));
    const error = await rejectionOf(writing);
    expect(error).toMatchObject({ name: 'RecoveryError', code: 'timeout' });
    expect(reportOf(error)).toMatchObject({ maybeApplied: true });
    expect(clock.now() - start).toBe(5_000);
    expect([clock.timers, getEventListeners(signal, 'abort')]).toEqual([0, []]);
  });
});
