import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  isRecoveryError,
  keepLocal,
  recoveryOf,
  withConflictRecovery,
  type RecoveryEvent,
  type RecoveryOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { startJsonServer } from '../support/json-server.ts';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

const place = 'http://127.0.0.1:1234/notes/1';

/** A stream that was read to its end. */
async function readToEnd(): Promise<ReadableStream> {
  const body = new Blob(['{}']).stream();
  await new Response(body).text();
  return body;
}

/** A Request that was sent before. */
async function sentBefore(): Promise<Request> {
  const request = new Request(place, put({}));
  await request.text();
  return request;
}

const by = (more: object): Parameters<typeof fetch> => [place, { ...put({}), ...more }];

describe('a write that fetch refuses by itself', () => {
  it.each<[string, () => Parameters<typeof fetch> | Promise<Parameters<typeof fetch>>]>([
    ['has no scheme', () => ['localhost:3000/notes/1', put({})]],
    ['goes to about:blank', () => ['about:blank', put({})]],
    ['goes to a file', () => ['file:///notes/1', put({})]],
    ['goes to a port that is blocked', () => ['http://127.0.0.1:6000/notes/1', put({})]],
    ['goes to another port that is blocked', () => ['https://127.0.0.1:10080/notes/1', put({})]],
    ['has a name and a password in its address', () => ['http://ann:secret@127.0.0.1:1234/', put({})]],
    ['has a mode that is none', () => by({ mode: 'corss' })],
    ['has a redirect mode that is none', () => by({ redirect: 'none' })],
    ['has credentials that are none', () => by({ credentials: 'some' })],
    ['has a referrer that is none', () => by({ referrer: 'http://[' })],
    ['has a cache mode that is for pages only', () => by({ cache: 'only-if-cached' })],
    ['has a header that is not for it to set', () => by({ headers: { 'transfer-encoding': 'chunked' } })],
    ['has a header that this fetch can’t send', () => by({ headers: { expect: '100-continue' } })],
    ['has a signal that is none', () => by({ signal: {} })],
    ['has an init that is a number', () => [new Request(place, put({})), 5 as unknown as object]],
    ['is a Request for a file', () => [new Request('file:///notes/1', put({}))]],
    ['has a stream, and not duplex', () => by({ body: new Blob(['{}']).stream() })],
    ['has a stream that was read', async () => by({ body: await readToEnd(), duplex: 'half' })],
    ['has a Request that was sent before', async () => [await sentBefore()]],
    [
      'has a Request that was sent before, and a base',
      async () => [await sentBefore(), { base: {} } as object],
    ],
  ])('as it %s rejects with fetch’s own error at once', async (_, make) => {
    const [calls, events]: [unknown[], RecoveryEvent[]] = [[], []];
    const clock = new VirtualClock();
    const spy: typeof fetch = (...call) => {
      calls.push(call);
      return fetch(...call);
    };
    const onEvent = (event: RecoveryEvent): void => void events.push(event);
    const api = withConflictRecovery(spy, { clock, onEvent, defaults: { merge: keepLocal() } });
    const own = await rejectionOf(fetch(...(await make())));
    const start = clock.now();
    const error = await rejectionOf(clock.run(api(...(await make()))));
    expect(isRecoveryError(error)).toBe(false);
    expect(error).toMatchObject({ name: 'TypeError', message: (own as Error).message });
    expect([calls.length, clock.now() - start, clock.timers]).toEqual([1, 0, 0]);
    const report = recoveryOf(error);
    if (report) expect(report).toMatchObject({ code: 'network-error', maybeApplied: false });
    expect(events.filter(({ kind }) => kind !== 'end')).toEqual([]);
  });

  it('as its headers are none is refused in the words of fetch', async () => {
    const api = recovering(new Origin({}));
    for (const method of ['PUT', 'GET']) {
      const call = [
        place,
        { method, headers: 'content-type: text/plain' as unknown as HeadersInit },
      ] as const;
      const own = (await rejectionOf(fetch(...call))) as Error;
      expect(await rejectionOf(api(...call))).toMatchObject({ name: 'TypeError', message: own.message });
    }
  });

  it('is none that only fails as if, at the same place, on a connection', async () => {
    const failure = Object.assign(new TypeError('The socket was closed.'), { code: 'ECONNRESET', errno: 0 });
    const origin = new Origin({ n: 1 }).lose('PUT', 'after', failure);
    const lenient: typeof fetch = (_, init) => origin.fetch(url, init);
    const clock = new VirtualClock();
    const api = withConflictRecovery(lenient, { clock, defaults: { merge: keepLocal() } });
    expect(reportOf(await clock.run(api('http://127.0.0.1:6000/', put({ n: 3 }))))).toMatchObject({
      outcome: 'already-applied',
    });
  });
});

const failure = (cause: object): Error => new TypeError('fetch failed', { cause });
const connect = { code: 'ECONNREFUSED', syscall: 'connect', address: '10.0.0.1', port: 443 };
const lookup = { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'api.test' };

describe('a write whose connection was refused', () => {
  const other = 'https://10.0.0.7/notes/42';
  const v6 = 'https://[2001:db8::7]:8443/notes/42';
  const methods = async (error: Error, to = url, more: RequestInit = {}): Promise<string[]> => {
    const origin = new Origin({ n: 1 }).lose('PUT', 'before', error);
    await recovering(origin, { defaults: { retry: { delay: () => 0 } } })(to, put({ n: 3 }, '"v1"', more));
    return origin.requests.map(({ method }) => method);
  };

  it.each<[string, Error, string?]>([
    ['at the host that was asked', failure(connect)],
    ['at its address', failure({ ...connect, address: '10.0.0.7' }), other],
    ['at its address, of version 6', failure({ ...connect, address: '2001:db8::7', port: 8443 }), v6],
    ['at a network that is not there', failure({ ...connect, code: 'ENETUNREACH' })],
    ['after a while', failure({ ...connect, code: 'ETIMEDOUT' })],
    ['after a while, by undici', failure({ code: 'UND_ERR_CONNECT_TIMEOUT' })],
    ['as nobody knows the host', failure(lookup)],
    [
      'at each of several addresses',
      failure(Object.assign(new AggregateError([connect, connect]), { code: 'ECONNREFUSED' })),
    ],
  ])('%s has never left, and is sent again', async (_, error, to) => {
    expect(await methods(error, to)).toEqual(['PUT', 'PUT']);
  });

  it.each<[string, Error, string?]>([
    ['at another port', failure({ ...connect, port: 8443 })],
    ['at another address', failure({ ...connect, address: '10.0.0.8' }), other],
    ['at another address of version 6', failure({ ...connect, address: '2001:db8::8', port: 8443 }), v6],
    ['as nobody knows another host', failure({ ...lookup, hostname: 'www.test' })],
    [
      'at each of several addresses, at another port',
      failure(Object.assign(new AggregateError([{ ...connect, port: 8443 }]), { code: 'ECONNREFUSED' })),
    ],
  ])('%s may have left, and its answer have led there: it is looked for', async (_, error, to) => {
    expect(await methods(error, to)).toEqual(['PUT', 'GET', 'PUT']);
    // By a proxy, say: where nothing is followed, nothing has led there.
    expect(await methods(error, to, { redirect: 'manual' })).toEqual(['PUT', 'PUT']);
  });

  it.each<[string, Error]>([
    ['as a network is gone while it is written', failure({ code: 'ENETUNREACH', syscall: 'write' })],
    ['as a host is gone while the answer is read', failure({ code: 'EHOSTUNREACH', syscall: 'read' })],
    ['by an error that says so of another call', failure({ ...connect, syscall: 'write' })],
    ['by its words', new TypeError('connect ECONNREFUSED 10.0.0.1:443')],
    ['by words of credentials', new TypeError('The server did not like the credentials')],
    ['by no errors at all', failure(new AggregateError([]))],
  ])('%s is in doubt, and is looked for', async (_, error) => {
    expect(await methods(error)).toEqual(['PUT', 'GET', 'PUT']);
  });

  it('by whom its answer led to is made once', async () => {
    const dead = createServer().listen(0, '127.0.0.1');
    await once(dead, 'listening');
    const { port } = dead.address() as AddressInfo;
    await new Promise((resolve) => dead.close(resolve));
    let n = 10;
    const server = await startJsonServer(({ method }) => {
      if (method === 'GET') return { status: 200, headers: { etag: `"${String(n)}"` }, body: { n } };
      n += 1;
      return { status: 303, headers: { location: `http://127.0.0.1:${String(port)}/` } };
    });
    const api = withConflictRecovery(fetch, {
      defaults: { merge: ({ local }) => local, retry: { delay: () => 0 } },
    });
    const response = await api(`${server.origin}/n`, put({ n: 11 }, '"10"'));
    expect(reportOf(response).outcome).toBe('already-applied');
    expect(server.log).toEqual(['PUT /n 303', 'GET /n 200']);
  });
});

describe('what a send without an answer rejected with', () => {
  const reset = failure({ code: 'ECONNRESET' });
  const broken = new TypeError('The look failed');

  it.each<[string, string, RecoveryOptions<Record<string, unknown>>, (origin: Origin) => unknown]>([
    [
      'a look that fails',
      'outcome-unknown',
      { defaults: { retry: 0 } },
      (origin) => origin.lose('GET', 'before', broken),
    ],
    [
      'a look that finds nobody',
      'outcome-unknown',
      { defaults: { retry: 0 } },
      (origin) => origin.lose('GET', 'before', 401),
    ],
    [
      'no budget for a look',
      'retry-budget',
      { defaults: { retry: 1 }, budget: { tokens: 0 } },
      (origin) => origin,
    ],
    [
      'no time for a look',
      'timeout',
      { defaults: { retry: { limit: 1, delay: () => 100, jitter: false }, totalTimeout: 50 } },
      (o) => o,
    ],
    [
      'a look that never ends',
      'timeout',
      { defaults: { retry: 0, totalTimeout: 500 } },
      (origin) => origin.once('GET', () => new Promise(() => undefined)),
    ],
    ['too few sends', 'retry-limit', { defaults: { retry: 0 } }, (origin) => origin],
  ])('is the cause after %s', async (_, code, options, then) => {
    const origin = new Origin({ n: 1 }).lose('PUT', 'before', reset);
    then(origin);
    const error = await rejectionOf(recovering(origin, options)(url, put({ n: 3 })));
    expect(error).toMatchObject({ code, cause: reset });
    expect(reportOf(error)).toMatchObject({ code, cause: reset });
  });

  it('is the cause of a refusal by a gateway, too', async () => {
    const origin = new Origin({ n: 1 }).lose('PUT', 'before', reset).lose('PUT', 'before', 503);
    const response = await recovering(origin, { defaults: { retry: 1 } })(url, put({ n: 3 }));
    expect([response.status, reportOf(response)]).toMatchObject([503, { cause: reset }]);
  });

  it('is no cause any more where the server has answered since, and nothing is in doubt', async () => {
    const refused = failure({ code: 'ECONNREFUSED' });
    const origin = new Origin({ n: 1 }).lose('PUT', 'before', refused);
    origin.once('PUT', () => new Response(null, { status: 403 }));
    const response = await recovering(origin, { defaults: { retry: { delay: () => 0 } } })(
      url,
      put({ n: 3 }),
    );
    expect(reportOf(response)).toMatchObject({ code: 'not-a-conflict', attempts: [{}, { status: 403 }] });
    expect(reportOf(response)).not.toHaveProperty('cause');
  });
});
