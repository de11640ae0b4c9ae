import { threeWay, type RecoveryError, type RecoveryEvent } from 'remerge';
import { poll, type PollOptions } from 'remerge/poll';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';
import { JobServer, type JobWays } from './job-server.ts';

const path = new URL(url).pathname;

/** A write of `{ n: 2, m: 1 }` onto `{ n: 1, m: 1 }`, through a server that takes it on. */
function writing(ways: JobWays = {}, options: PollOptions = {}, more: object = {}) {
  const server = new JobServer({ n: 1, m: 1 }, ways);
  const clock = new VirtualClock();
  const began = clock.now();
  const events: RecoveryEvent[] = [];
  const write = recovering(
    server,
    {
      defaults: { merge: threeWay(), server: { accepted: poll(options) }, ...more },
      onEvent: (event) => events.push(event),
    },
    clock,
  );
  const send = (init: object = {}) => write(url, { ...put({ n: 2, m: 1 }), base: { n: 1, m: 1 }, ...init });
  return { server, clock, events, send, took: () => clock.now() - began };
}

describe('an operation that a server takes on', () => {
  it('is followed until it is done, and the answer is what the server shows then', async () => {
    const { server, send, events } = writing();
    const response = await send();
    expect(server.log).toEqual([
      `PUT ${path} 202`,
      'GET /jobs/0 200',
      'GET /jobs/0 200',
      'PUT 204 "v1"',
      'GET /jobs/0 200',
      'GET 200 "v2"',
    ]);
    expect(await response.json()).toEqual({ n: 2, m: 1 });
    expect(reportOf(response)).toMatchObject({
      outcome: 'applied',
      attempts: [{ status: 202 }],
      version: '"v2"',
    });
    expect(events.map(({ kind }) => kind)).toEqual(['write', 'accepted', 'read', 'end']);
  });

  it('that fails by a conflict recovers like a refused write', async () => {
    const { server, send } = writing();
    const wasThere = server.once.bind(server);
    wasThere('PUT', () => {
      server.change({ n: 1, m: 5 });
      return undefined;
    });
    const response = await send();
    expect(server.value).toEqual({ n: 2, m: 5 });
    expect(reportOf(response)).toMatchObject({
      outcome: 'merged',
      attempts: [
        { status: 202, version: '"v1"' },
        { status: 202, version: '"v2"' },
      ],
    });
    expect(await response.json()).toEqual({ n: 2, m: 5 });
  });

  it.each<[string, () => Response]>([
    ['409', () => new Response(null, { status: 409 })],
    ['412', () => new Response(null, { status: 412 })],
    ['an error of code 409', () => Response.json({ error: { code: 409 } })],
    ['ABORTED', () => Response.json({ done: true, error: { code: 10, message: 'ABORTED' } })],
    ['ABORTED by name', () => Response.json({ done: true, error: { status: 'ABORTED' } })],
    [
      'OperationPreempted',
      () => Response.json({ status: 'Failed', error: { code: 'OperationPreempted', message: 'x' } }),
    ],
    ['412 of Compute Engine', () => Response.json({ status: 'DONE', httpErrorStatusCode: 412, error: {} })],
  ])('fails by a conflict if its end says %s', async (_, failed) => {
    let ends = 0;
    const { server, send } = writing({
      over: (outcome) =>
        outcome === 'conflict' && (ends += 1) === 1 ? failed() : Response.json({ done: true }),
    });
    server.once('PUT', () => {
      server.change({ n: 1, m: 5 });
      return undefined;
    });
    expect(reportOf(await send())).toMatchObject({ outcome: 'merged' });
    expect(server.value).toEqual({ n: 2, m: 5 });
  });

  it('that fails for another reason ends the write, and says why to the program alone', async () => {
    const over = () =>
      Response.json({ status: 'Failed', error: { code: 'QuotaExceeded', message: 'secret' } });
    const { send } = writing({ over });
    const error = (await rejectionOf(send())) as RecoveryError;
    expect(error).toMatchObject({ code: 'operation-failed', recovery: { maybeApplied: false } });
    expect(error.cause).toMatchObject({ data: { error: { code: 'QuotaExceeded' } } });
    expect(error.message).not.toContain('secret');
  });
});

describe('an operation goes on', () => {
  it.each<[string, JobWays]>([
    [
      'while a monitor of Location says 202',
      { header: 'location', running: () => new Response(null, { status: 202 }) },
    ],
    [
      'until a monitor leads to the result by 303',
      { header: 'location', over: () => new Response(null, { status: 303, headers: { location: url } }) },
    ],
    [
      'while done is false',
      { running: () => Response.json({ done: false }), over: () => Response.json({ done: true }) },
    ],
    ['by any status that is no end', { running: () => Response.json({ status: 'ValidatingTheThing' }) }],
    [
      'by provisioningState',
      {
        header: 'azure-asyncoperation',
        running: () => Response.json({ properties: { provisioningState: 'Updating' } }),
        over: () => Response.json({ properties: { provisioningState: 'Succeeded' } }),
      },
    ],
    [
      'until a result is there, whose status is its own',
      {
        header: 'location',
        running: () => new Response(null, { status: 202 }),
        over: () => Response.json({ status: 'open' }),
      },
    ],
  ])('%s', async (_, ways) => {
    const { server, send } = writing({ looks: 2, ...ways });
    expect(reportOf(await send())).toMatchObject({ outcome: 'applied' });
    expect(server.log.filter((line) => line.startsWith('GET /jobs'))).toHaveLength(3);
  });

  it('as a function of the route says, where its server says it otherwise', async () => {
    const { server, send } = writing(
      {
        header: 'x-job',
        running: () => Response.json({ phase: 1 }),
        over: () => Response.json({ phase: 2 }),
      },
      {
        monitor: ({ response }) => response?.headers.get('x-job') ?? undefined,
        state: (_, body) => ((body as { phase?: number } | undefined)?.phase === 2 ? 'succeeded' : 'running'),
      },
    );
    expect(reportOf(await send())).toMatchObject({ outcome: 'applied' });
    expect(server.value).toEqual({ n: 2, m: 1 });
  });

  it('for as long as each answer asks to wait, up to a cap', async () => {
    let looks = 0;
    const running = () =>
      Response.json(
        { status: 'Running' },
        { headers: { 'retry-after': (looks += 1) === 1 ? '20' : '9000' } },
      );
    const { send, took } = writing({ accepted: { 'retry-after': '5' }, running });
    await send();
    expect(took()).toBe(5_000 + 20_000 + 60_000);
  });

  it('while its monitor is overloaded or out of reach', async () => {
    const { server, send } = writing();
    server.once('GET', () => undefined);
    const { fetch } = server;
    let failures = 0;
    Object.assign(server, {
      fetch: async (...args: Parameters<typeof fetch>) => {
        const isLook = new Request(...args).url.includes('/jobs/');
        if (isLook && (failures += 1) === 1) throw new TypeError('fetch failed');
        return isLook && failures === 2 ? new Response(null, { status: 503 }) : fetch(...args);
      },
    });
    expect(reportOf(await send())).toMatchObject({ outcome: 'applied' });
  });

  it('longer than a write may take, as it has a time of its own', async () => {
    const { send, took } = writing({ looks: 8, accepted: {} }, { interval: 20_000 });
    expect(reportOf(await send())).toMatchObject({ outcome: 'applied' });
    expect(took()).toBe(9 * 20_000);
  });
});

describe('an operation is left', () => {
  it('after ten minutes, and the report says where it goes on', async () => {
    const { server, send, took } = writing({ looks: Infinity });
    const error = (await rejectionOf(send())) as RecoveryError;
    expect(error).toMatchObject({ code: 'timeout', action: 'check', recovery: { maybeApplied: true } });
    expect(took()).toBeLessThanOrEqual(600_000);
    const { operation } = reportOf(error);
    expect(operation).toEqual({ method: 'PUT', url, monitor: new URL('/jobs/0', url).href, shows: 'status' });
    expect(JSON.stringify(error.recovery)).not.toContain('/jobs/0');
    expect(server.value).toEqual({ n: 1, m: 1 });
  });

  it('by the signal of its caller, and is not cancelled', async () => {
    const { server, send, clock } = writing({ looks: Infinity });
    const controller = new AbortController();
    clock.after(30_000, () => controller.abort(new Error('left')));
    const error: unknown = await send({ signal: controller.signal }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'left' });
    expect(reportOf(error)).toMatchObject({
      code: 'abort',
      maybeApplied: true,
      operation: { shows: 'status' },
    });
    expect(server.requests.every(({ method }) => method !== 'DELETE')).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('never once it is done: a signal that comes then changes nothing', async () => {
    const { server, send } = writing();
    const controller = new AbortController();
    server.once('GET', () => {
      controller.abort();
      return undefined;
    });
    const response = await send({ signal: controller.signal });
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    expect(server.value).toEqual({ n: 2, m: 1 });
  });

  it('where its monitor is on another origin, and goes there without credentials where the route allows it', async () => {
    const away = { header: 'operation-location' };
    const there = 'https://jobs.elsewhere.test/1';
    const { server, send } = writing({ ...away, accepted: { 'operation-location': there } });
    expect(reportOf(await send())).toMatchObject({ outcome: 'accepted' });
    expect(server.log).toEqual([`PUT ${path} 202`]);

    const asked: Request[] = [];
    const elsewhere: typeof fetch = (...args) => {
      asked.push(new Request(...args));
      return Promise.resolve(Response.json({ status: 'Succeeded' }));
    };
    const allowed = writing(
      { ...away, accepted: { 'operation-location': there } },
      { origins: ['https://jobs.elsewhere.test'], fetch: elsewhere },
    );
    const headers = { ...(put({}).headers as object), authorization: 'Bearer secret', cookie: 'a=b' };
    expect(reportOf(await allowed.send({ headers }))).toMatchObject({ outcome: 'applied' });
    expect(asked.map(({ url, credentials }) => [url, credentials])).toEqual([[there, 'omit']]);
    expect([...new Headers(asked[0]?.headers)]).toEqual([]);
  });

  it('where the answer names no monitor: then it is accepted, and no more', async () => {
    const { send } = writing({ header: 'x-nowhere' });
    expect(reportOf(await send())).toMatchObject({ outcome: 'accepted', attempts: [{ status: 202 }] });
  });
});

describe('a status that says nothing', () => {
  it.each<[string, () => Response]>([
    ['no body', () => new Response(null, { status: 204 })],
    ['a page', () => new Response('<p>Done?</p>', { headers: { 'content-type': 'text/html' } })],
    ['an empty object', () => Response.json({})],
  ])('leaves it to the resource: %s', async (_, over) => {
    const { send } = writing({ over });
    expect(reportOf(await send())).toMatchObject({ outcome: 'already-applied', attempts: [{ status: 202 }] });
  });

  it('is read again where it breaks off', async () => {
    let looks = 0;
    const over = () => {
      if ((looks += 1) > 1) return Response.json({ status: 'Failed', error: { code: 'Quota' } });
      const body = new ReadableStream({
        start: (controller) => controller.error(new TypeError('terminated')),
      });
      return new Response(body, { headers: { 'content-type': 'application/json' } });
    };
    const { send } = writing({ over });
    expect(await rejectionOf(send())).toMatchObject({ code: 'operation-failed' });
  });
});

describe('a monitor that is gone', () => {
  const over = () => new Response(null, { status: 404 });

  it('leaves it to the resource: what was sent is there', async () => {
    const { send } = writing({ over });
    const report = reportOf(await send());
    expect(report).toMatchObject({ outcome: 'already-applied', attempts: [{ status: 202 }] });
    expect(report.operation).toBeUndefined();
  });

  it('leaves it to the resource: nothing has changed, so it is made again', async () => {
    let ends = 0;
    const { server, send } = writing({
      over: () => ((ends += 1) === 1 ? over() : Response.json({ done: true })),
    });
    // The server has lost its jobs.
    server.once('PUT', () => new Response(null, { status: 503 }));
    expect(reportOf(await send())).toMatchObject({
      outcome: 'applied',
      attempts: [{ status: 202 }, { status: 202 }],
    });
    expect(server.value).toEqual({ n: 2, m: 1 });
  });

  it('leaves it open where somebody else has written since', async () => {
    const { server, send } = writing({ over }, {}, { merge: () => ({ n: 3 }) });
    server.once('PUT', () => {
      server.change({ n: 7, m: 7 });
      return new Response(null, { status: 503 });
    });
    const error = (await rejectionOf(send())) as RecoveryError;
    expect(error).toMatchObject({ code: 'outcome-unknown', recovery: { maybeApplied: true } });
    expect(server.value).toEqual({ n: 7, m: 7 });
  });
});
