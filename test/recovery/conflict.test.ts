import { keepLocal, keepRemote, withConflictRecovery, type MergeContext, type RecoveryEvent } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put, reportOf, url } from '../support/write.ts';

interface Note {
  title: string;
  tags: string[];
}

const titleWins = ({ local, remote }: MergeContext<Note>): Note => ({ ...remote, title: local.title });

describe('a write that meets a conflict', () => {
  it('is merged onto the latest state and sent under its version, with one read between', async () => {
    const origin = new Origin({ title: 'Shopping', tags: [] });
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: titleWins } });
    origin.change({ title: 'Shopping', tags: ['urgent'] });

    const response = await fetch(url, put({ title: 'Groceries', tags: [] }));

    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(origin.value).toEqual({ title: 'Groceries', tags: ['urgent'] });
    expect(response.status).toBe(204);
    expect(reportOf(response)).toMatchObject({
      outcome: 'merged',
      method: 'PUT',
      url,
      version: '"v2"',
      attempts: [
        { number: 1, status: 412, version: '"v1"', wait: 0 },
        { number: 2, status: 204, version: '"v2"', wait: 0 },
      ],
    });
  });

  it('recovers from 409 just as well', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: titleWins } });
    origin.change({ title: 'b', tags: [] });
    origin.once('PUT', () => new Response('conflict', { status: 409 }));

    expect((await fetch(url, put({ title: 'c', tags: [] }))).status).toBe(204);
    expect(origin.log).toEqual(['PUT 409 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('is left alone when there is none', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: titleWins } });

    const response = await fetch(url, put({ title: 'b', tags: [] }));

    expect(origin.log).toEqual(['PUT 204 "v1"']);
    expect(reportOf(response)).toMatchObject({
      outcome: 'applied',
      attempts: [{ status: 204, version: '"v1"' }],
    });
  });

  it('recovers text as text', async () => {
    const origin = new Origin('one\n', 'text/plain');
    const merge = ({ local, remote }: MergeContext<string>): string => remote + local;
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge } });
    origin.change('one\ntwo\n');

    await fetch(url, put('', '"v1"', { body: 'three\n', headers: { 'content-type': 'text/plain' } }));

    expect(origin.log).toHaveLength(3);
    expect(origin.value).toBe('one\ntwo\nthree\n');
  });

  it.each([
    ['bytes', (bytes: Uint8Array<ArrayBuffer>): BodyInit => bytes],
    ['a buffer', (bytes: Uint8Array<ArrayBuffer>): BodyInit => bytes.buffer],
    ['a Blob', (bytes: Uint8Array<ArrayBuffer>): BodyInit => new Blob([bytes])],
  ])('recovers %s as bytes', async (_, bodyOf) => {
    const origin = new Origin(new Uint8Array([1, 255]), 'application/octet-stream');
    const merge = ({ local, remote }: MergeContext<Uint8Array>): Uint8Array =>
      new Uint8Array([...remote, ...local]);
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge } });
    origin.change(new Uint8Array([1, 255, 2]));

    await fetch(url, { method: 'PUT', body: bodyOf(new Uint8Array([254])), headers: { 'if-match': '"v1"' } });

    expect(origin.value).toEqual(new Uint8Array([1, 255, 2, 254]));
  });

  it('keeps the content type that a Blob has, whatever the merge makes of it', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: titleWins } });
    origin.change({ title: 'a', tags: ['b'] });
    const body = new Blob(['{"title":"c","tags":[]}'], { type: 'application/vnd.note+json' });
    await fetch(url, { method: 'PUT', body, headers: { 'if-match': '"v1"' } });
    expect(origin.value).toEqual({ title: 'c', tags: ['b'] });
    expect(origin.requests.map(({ headers }) => headers.get('content-type'))).toEqual([
      'application/vnd.note+json',
      null,
      'application/vnd.note+json',
    ]);
  });

  it('takes a JSON text without a content type for what the server says it is', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: titleWins } });
    origin.change({ title: 'a', tags: ['b'] });

    await fetch(url, { method: 'PUT', body: '{"title":"c","tags":[]}', headers: { 'if-match': '"v1"' } });

    expect(origin.value).toEqual({ title: 'c', tags: ['b'] });
  });

  it('sends the very bytes of the caller where the merge leaves them as they were', async () => {
    const origin = new Origin({ n: 1 });
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal() } });
    origin.change({ n: 2 });
    const spelling = '{ "n": 3.0 }';

    await fetch(url, put(0, '"v1"', { body: spelling, headers: { 'idempotency-key': 'same' } }));

    const last = origin.requests.at(-1);
    expect(last?.headers.get('idempotency-key')).toBe('same');
    expect(origin.log).toHaveLength(3);
    expect(origin.value).toEqual({ n: 3 });
  });

  it('gets a new idempotency key, and loses its digests, with new bytes', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const fetch = withConflictRecovery(origin.fetch, {
      clock: new VirtualClock(),
      defaults: { merge: titleWins },
    });
    origin.change({ title: 'a', tags: ['b'] });

    const headers = { 'idempotency-key': '"mine"', 'content-digest': 'sha-256=:abc:', 'x-tenant': 'seven' };
    await fetch(url, put({ title: 'c', tags: [] }, '"v1"', { headers }));

    const [first, , last] = origin.requests;
    expect(first?.headers.get('idempotency-key')).toBe('"mine"');
    expect(first?.headers.get('content-digest')).toBe('sha-256=:abc:');
    expect(last?.headers.get('idempotency-key')).toBe('"id-1"');
    expect(last?.headers.get('content-digest')).toBeNull();
    expect(last?.headers.get('x-tenant')).toBe('seven');
  });
});

describe('a conflict answer that carries the current representation', () => {
  const carrying = (origin: Origin) => () => {
    return Response.json({ current: origin.value }, { status: 412, headers: { etag: origin.tag } });
  };
  const options = {
    merge: titleWins,
    server: {
      classify: (_: Response, body: unknown) => ({ state: (body as { current: Note }).current }),
    },
  };

  it('saves the first recovery its read', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    origin.change({ title: 'a', tags: ['b'] });
    origin.once('PUT', carrying(origin));

    const reads: unknown[] = [];
    const onEvent = (event: RecoveryEvent): unknown => event.kind === 'read' && reads.push(event);
    await withConflictRecovery(origin.fetch, { defaults: options, onEvent })(
      url,
      put({ title: 'c', tags: [] }),
    );

    expect(origin.log).toEqual(['PUT 412 "v1"', 'PUT 204 "v2"']);
    expect(reads).toMatchObject([{ attempt: 2, status: 412, version: '"v2"' }]);
    expect(origin.value).toEqual({ title: 'c', tags: ['b'] });
  });

  it('is what the caller gets where the merge keeps it, as the JSON that it is', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    origin.change({ title: 'b', tags: [] });
    const headers = { etag: origin.tag, 'content-type': 'application/problem+json' };
    origin.once(
      'PUT',
      () => new Response(JSON.stringify({ current: origin.value }), { status: 409, headers }),
    );
    const fetch = withConflictRecovery(origin.fetch, { defaults: { ...options, merge: keepRemote() } });
    const response = await fetch(url, put({ title: 'c', tags: [] }));
    expect(reportOf(response).outcome).toBe('unchanged');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('etag')).toBe('"v2"');
    expect(await response.json()).toEqual({ title: 'b', tags: [] });
  });

  it('serves no later recovery, which waits and so must read', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    origin.change({ title: 'a', tags: ['b'] });
    origin.once('PUT', carrying(origin)).once('PUT', (request) => {
      origin.change({ title: 'a', tags: ['b', 'c'] });
      return request.headers.get('if-match') === '"v2"' ? carrying(origin)() : undefined;
    });
    const clock = new VirtualClock();

    await clock.run(
      withConflictRecovery(origin.fetch, { defaults: options, clock })(url, put({ title: 'd', tags: [] })),
    );

    expect(origin.log).toEqual(['PUT 412 "v1"', 'PUT 412 "v2"', 'GET 200 "v3"', 'PUT 204 "v3"']);
  });

  it('does not serve a first recovery that the server makes wait, either', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    origin.change({ title: 'a', tags: ['b'] });
    const headers = { etag: origin.tag, 'retry-after': '2' };
    origin.once('PUT', () => Response.json({ current: origin.value }, { status: 412, headers }));
    const clock = new VirtualClock();

    await clock.run(
      withConflictRecovery(origin.fetch, { defaults: options, clock })(url, put({ title: 'd', tags: [] })),
    );

    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('is not believed when it shows the version that was refused', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const stale = Response.json({ current: origin.value }, { status: 412, headers: { etag: '"v1"' } });
    origin.change({ title: 'a', tags: ['b'] });
    origin.once('PUT', () => stale);

    await withConflictRecovery(origin.fetch, { defaults: options })(url, put({ title: 'c', tags: [] }));

    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });
});

describe('a write that meets conflict after conflict', () => {
  it('waits first, reads then, and writes at once, with nothing between read and write', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const clock = new VirtualClock();
    const times: [string, number][] = [];
    const timed: typeof fetch = async (input, init) => {
      times.push([init?.method ?? 'GET', clock.now()]);
      return origin.fetch(input, init);
    };
    for (const tags of [['1'], ['2'], ['3']]) origin.overtake({ title: 'a', tags });
    const start = clock.now();

    const recovering = withConflictRecovery(timed, { clock, defaults: { merge: titleWins } });
    const response = await clock.run(recovering(url, put({ title: 'z', tags: [] })));

    // Half of 100 ms, then half of 200 ms: the first recovery waits for nothing.
    expect(times.map(([method, time]) => [method, time - start])).toEqual([
      ['PUT', 0],
      ['GET', 0],
      ['PUT', 0],
      ['GET', 50],
      ['PUT', 50],
      ['GET', 150],
      ['PUT', 150],
    ]);
    expect(reportOf(response).attempts.map(({ wait }) => wait)).toEqual([0, 0, 50, 100]);
    expect(origin.log.at(-1)).toBe('PUT 204 "v4"');
  });

  it('merges each time from the same base and local, onto the newest remote', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const seen: MergeContext<Note>[] = [];
    const merge = (context: MergeContext<Note>): Note => {
      seen.push(structuredClone({ ...context, signal: undefined as never }));
      // What a merge does to its copies is nobody else's business.
      context.local.tags.push('scribble');
      context.remote.tags.push('scribble');
      context.base?.tags.push('scribble');
      return { ...context.remote, title: context.local.title, tags: [] };
    };
    const clock = new VirtualClock();
    origin.overtake({ title: 'b', tags: ['1'] }).overtake({ title: 'b', tags: ['2'] });
    const recovering = withConflictRecovery(origin.fetch, { clock, defaults: { merge } });

    const base = { title: 'a', tags: [] };
    await clock.run(recovering(url, put({ title: 'c', tags: [] }, '"v1"', { base })));

    const sides = { base: { title: 'a', tags: [] }, local: { title: 'c', tags: [] }, reason: 'stale' };
    expect(seen).toMatchObject([
      { ...sides, remote: { title: 'b', tags: ['1'] }, attempt: 2 },
      { ...sides, remote: { title: 'b', tags: ['2'] }, attempt: 3 },
    ]);
  });
});

describe('a re-read', () => {
  it('passes every cache, and leaves behind what belongs to the write', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    origin.change({ title: 'b', tags: [] });
    const calls: RequestInit[] = [];
    const spy: typeof fetch = async (input, init) => {
      calls.push(init ?? {});
      return origin.fetch(input, init);
    };
    const headers = {
      accept: 'application/json',
      authorization: 'Bearer t',
      'x-tenant': 'seven',
      'content-language': 'en',
      'idempotency-key': 'k',
      prefer: 'return=minimal',
      range: 'bytes=0-1',
      'x-http-method-override': 'PUT',
    };
    await withConflictRecovery(spy, { defaults: { merge: titleWins } })(
      url,
      put({ title: 'c', tags: [] }, '"v1"', { headers, credentials: 'include' }),
    );

    const read = calls[1];
    expect(read).toMatchObject({
      method: 'GET',
      cache: 'no-store',
      redirect: 'manual',
      credentials: 'include',
    });
    expect(read?.body).toBeUndefined();
    expect([...new Headers(read?.headers)].sort()).toEqual([
      ['accept', 'application/json'],
      ['authorization', 'Bearer t'],
      ['cache-control', 'no-cache'],
      ['x-tenant', 'seven'],
    ]);
  });

  it('goes where the route says, on the same origin only', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    origin.change({ title: 'b', tags: [] });
    const readFrom = (write: URL): string => `${write.pathname}/latest`;

    await withConflictRecovery(origin.fetch, { defaults: { merge: titleWins, server: { readFrom } } })(
      url,
      put({ title: 'c', tags: [] }),
    );
    expect(origin.requests.map((request) => request.url)).toEqual([url, `${url}/latest`, url]);

    const elsewhere = { defaults: { merge: titleWins, server: { readFrom: () => 'https://evil.test/' } } };
    const response = await withConflictRecovery(origin.fetch, elsewhere)(url, put({ title: 'd', tags: [] }));
    expect(response.status).toBe(412);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'redirect' });
    expect(origin.requests.every((request) => request.url.startsWith('https://api.test/'))).toBe(true);
  });
});
