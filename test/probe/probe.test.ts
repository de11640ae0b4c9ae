import type { ProbeOptions } from '../../src/probe/probe.ts';
import { etag, field, header, lastModified, none, query, RecoveryError } from 'remerge';
import { commercetools, couchdb, elasticsearch } from 'remerge/presets';
import { probe } from 'remerge/probe';
import { afterEach, describe, expect, it } from 'vitest';
import { rejectionOf } from '../support/write.ts';
import { startServer, type Asked, type Said, type Server } from './server.ts';

const running: Server[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
});

async function serve(...[how]: Parameters<typeof startServer>): Promise<Server> {
  const server = await startServer(how);
  running.push(server);
  return server;
}

const json = { 'content-type': 'application/json' };
const stored = '{ "title": "Groceries" }';

/** Shows an ETag, and does with a write what is said. */
const tagged = (write: (asked: Asked, server: Server) => Said | 'taken', tag = '"v1"') =>
  serve({
    read: ({ document }) => ({ status: 200, headers: { ...json, etag: tag }, body: document }),
    write,
  });

const compares: Parameters<typeof tagged>[0] = ({ headers }) =>
  headers['if-match'] === undefined || headers['if-match'] === '"v1"' ? 'taken' : { status: 412 };

describe('a server that makes writes later', () => {
  it('is none of which a probe says that it ignores the version, nor that it refuses anything', async () => {
    const server = await tagged(() => ({ status: 202 }));
    expect(await probe(fetch, server.url, { withVersion: true, withoutVersion: true })).toEqual({
      version: 'found',
      precondition: 'accepted',
      status: 202,
      changed: false,
      says: 'Nobody knows whether the version is looked at: the server makes writes later (202). See poll of remerge/poll.',
    });
  });
});

describe('a server that looks at the version', () => {
  it('is told by its refusal of a wrong one, and nothing is written', async () => {
    const server = await tagged(compares);
    expect(await probe(fetch, server.url)).toEqual({
      version: 'found',
      precondition: 'checked',
      status: 412,
      changed: false,
      says: 'A write under a wrong version is refused (412).',
    });
    expect(server.log).toEqual(['GET 200', 'PUT 412', 'GET 200']);
    expect(server.asked[1]).toMatchObject({ body: stored, headers: { 'if-match': '"v2"', ...json } });
  });

  it('is asked with the right version, and without one, where that is wanted', async () => {
    const server = await tagged(compares);
    expect(await probe(fetch, server.url, { withVersion: true, withoutVersion: true })).toMatchObject({
      precondition: 'checked',
      withVersion: 'taken',
      withoutVersion: 'overwrites',
      says: 'A write under a wrong version is refused (412). Whoever sends no version overwrites what is there.',
    });
    expect(server.asked.map(({ headers }) => headers['if-match'])).toEqual([
      ...[undefined, '"v2"', undefined, '"v1"', undefined, undefined, undefined],
    ]);
    // Not a byte of it is another, whoever takes it.
    expect(server.document).toBe(stored);
  });

  it('is told from one that refuses everything, and demands a version', async () => {
    const server = await tagged(() => ({ status: 412 }));
    expect(await probe(fetch, server.url, { withVersion: true, withoutVersion: true })).toMatchObject({
      precondition: 'checked',
      withVersion: 'refused',
      withoutVersion: 'refused',
      says:
        'A write under a wrong version is refused (412). But it refuses the very version that it shows, too. ' +
        'It takes no write without a version.',
    });
  });

  it('is asked as its preset says, and both places of the version are wrong', async () => {
    const server = await serve({
      read: () => ({ status: 200, headers: json, body: '{"_id":"42","_rev":"3-917fa","title":"Food"}' }),
      write: () => ({ status: 409, headers: json, body: '{"error":"conflict"}' }),
    });
    expect(await probe(fetch, server.url, { server: couchdb() })).toMatchObject({
      precondition: 'checked',
      status: 409,
    });
    expect(server.asked[1]?.url.search).toBe('?rev=3-916fa');
    expect(JSON.parse(server.asked[1]?.body ?? '')).toEqual({ _id: '42', _rev: '3-916fa', title: 'Food' });
  });

  it('has each part of a version looked at, as one that is not is enough', async () => {
    const shown = '{"_seq_no":7,"_primary_term":2,"_source":{"title":"Food"}}';
    const server = await serve({
      read: () => ({ status: 200, headers: json, body: shown }),
      // It looks at the first part alone.
      write: ({ url }) =>
        url.searchParams.get('if_seq_no') === '7'
          ? { status: 200 }
          : { status: 409, headers: json, body: '{}' },
    });
    expect(await probe(fetch, server.url, { server: elasticsearch() })).toMatchObject({
      precondition: 'ignored',
    });
    expect(
      server.asked.filter(({ method }) => method === 'PUT').map(({ url, body }) => url.search + body),
    ).toEqual([
      '?if_seq_no=6&if_primary_term=2{"title":"Food"}',
      '?if_seq_no=7&if_primary_term=1{"title":"Food"}',
      '?if_seq_no=7&if_primary_term=1000002{"title":"Food"}',
    ]);
  });

  it('is asked by a date in the past, where the date is the version', async () => {
    const date = 'Mon, 02 Nov 2026 10:00:00 GMT';
    const server = await serve({
      read: () => ({ status: 200, headers: { ...json, 'last-modified': date }, body: stored }),
      write: () => ({ status: 412 }),
    });
    expect(await probe(fetch, server.url, { version: lastModified() })).toMatchObject({
      precondition: 'checked',
    });
    expect(server.asked[1]?.headers['if-unmodified-since']).toBe('Sun, 02 Nov 2025 10:00:00 GMT');
  });

  it('is sent a body of the caller’s, where it takes something else than it shows', async () => {
    const server = await serve({
      read: () => ({ status: 200, headers: json, body: '{"id":"c1","version":3}' }),
      write: () => ({ status: 409, headers: json, body: '{"errors":[{"code":"ConcurrentModification"}]}' }),
    });
    const body = (): unknown => ({ actions: [] });
    const found = await probe(fetch, server.url, { body, server: commercetools() });
    expect(found).toMatchObject({ precondition: 'checked' });
    expect(server.asked[1]).toMatchObject({ method: 'POST', body: '{"actions":[],"version":2}' });
  });
});

describe('a server that merges by itself', () => {
  it('is known by a version that never was, as it takes an older one', async () => {
    const shown = '{"latest":{"id":7},"source":"Food"}';
    const server = await serve({
      read: () => ({ status: 200, headers: json, body: shown }),
      write: ({ body }) => ({ status: body.includes('"id":6') ? 200 : 409 }),
    });
    expect(await probe(fetch, server.url, { version: field('/latest/id') })).toMatchObject({
      precondition: 'older-taken',
      status: 409,
      says: expect.stringContaining('seems to merge by itself') as string,
    });
    expect(server.asked[3]?.body).toContain('"id":1000007');
  });

  it('is told from one that takes any number', async () => {
    const server = await serve({
      read: ({ document }) => ({ status: 200, headers: json, body: document }),
      write: () => ({ status: 200 }),
    });
    server.document = '{"version":7}';
    const found = await probe(fetch, server.url, { version: field('/version') });
    expect(found).toMatchObject({ precondition: 'ignored' });
    expect(server.log).toEqual(['GET 200', 'PUT 200', 'GET 200', 'PUT 200', 'GET 200']);
  });
});

describe('a server that looks at no version', () => {
  it('is told: nothing protects a write', async () => {
    const server = await tagged(() => 'taken');
    expect(await probe(fetch, server.url)).toEqual({
      version: 'found',
      precondition: 'ignored',
      status: 204,
      changed: false,
      says: 'Nothing protects a write: one under a version that never was is taken (204).',
    });
    // What it took is what was there, to the byte.
    expect(server.document).toBe(stored);
  });

  it('is told where its weak tags are sent, too', async () => {
    const server = await tagged(() => 'taken', 'W/"1f-9a"');
    const found = await probe(fetch, server.url, { version: etag({ weak: 'send' }) });
    expect(found).toMatchObject({ version: 'weak', precondition: 'ignored' });
    expect(server.asked[1]?.headers['if-match']).toBe('W/"1f-8a"');
  });

  it('is told that the state is another than was written', async () => {
    const server = await tagged((_, server) => {
      server.document = '{ "title": "Drinks" }';
      return { status: 200 };
    });
    expect(await probe(fetch, server.url)).toMatchObject({
      precondition: 'ignored',
      changed: true,
      says: expect.stringContaining(
        'somebody else has written, or the server changes what it is given',
      ) as string,
    });
  });
});

describe('a resource that changes while it is asked about', () => {
  it('is told', async () => {
    const server = await tagged((_, server) => {
      server.document = '{ "title": "Drinks" }';
      return { status: 412 };
    });
    expect(await probe(fetch, server.url)).toMatchObject({
      precondition: 'checked',
      changed: true,
      says: 'A write under a wrong version is refused (412). Somebody else has written meanwhile.',
    });
  });

  it('is told from one whose version alone is another at each read', async () => {
    let reads = 0;
    const server = await serve({
      read: () => ({ status: 200, headers: json, body: `{"version":${(reads += 1) + 4},"title":"Food"}` }),
      write: () => ({ status: 409 }),
    });
    expect(await probe(fetch, server.url, { version: field('/version') })).toMatchObject({ changed: false });
  });

  it('is asked no more once it is gone', async () => {
    let isGone = false;
    const server = await serve({
      read: () =>
        isGone ? { status: 404 } : { status: 200, headers: { ...json, etag: '"v1"' }, body: stored },
      write: () => {
        isGone = true;
        return { status: 412 };
      },
    });
    const found = await probe(fetch, server.url, { withVersion: true, withoutVersion: true });
    expect(found).toEqual({
      version: 'found',
      precondition: 'checked',
      status: 412,
      says: 'A write under a wrong version is refused (412).',
    });
    expect(server.log).toEqual(['GET 200', 'PUT 412', 'GET 404']);
  });
});

describe('a version that cannot be sent', () => {
  it.each<[string, Record<string, string>, ProbeOptions, string, string]>([
    ['a weak tag', { etag: 'W/"v1"' }, {}, 'weak', 'If-Match never matches'],
    ['no tag', {}, {}, 'missing', "isn't where the route says"],
    ['two tags in one', { etag: '"v1", "v2"' }, {}, 'malformed', 'is none'],
    ['another header', { etag: '"v1"' }, { version: header('X-Version') }, 'missing', "isn't where"],
    ['a route without one', { etag: '"v1"' }, { version: none() }, 'none', 'the route has no version'],
  ])('is told, and nothing is written: %s', async (_, headers, route, version, words) => {
    const server = await serve({
      read: () => ({ status: 200, headers: { ...json, ...headers }, body: stored }),
      write: () => 'taken',
    });
    const found = await probe(fetch, server.url, route);
    expect(found).toMatchObject({ version, precondition: 'not-asked' });
    expect(found.says).toContain('Nothing was written');
    expect(found.says).toContain(words);
    expect(server.log).toEqual(['GET 200']);
  });

  it('is told from one that is hidden from a page', async () => {
    const hiding: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      const shown = new Response(await response.text(), { headers: json });
      return Object.defineProperty(shown, 'type', { value: 'cors' });
    };
    const server = await tagged(compares);
    const found = await probe(hiding, server.url);
    expect(found).toMatchObject({ version: 'hidden', precondition: 'not-asked' });
    expect(found.says).toContain('Access-Control-Expose-Headers: ETag');
  });
});

describe('a refusal that says nothing of versions', () => {
  it.each([
    [301, 'the write is sent elsewhere'],
    [400, 'name the status in conflictStatuses'],
    [401, 'not allowed'],
    [403, 'not allowed'],
    [404, 'nothing to write to'],
    [405, 'no such method'],
    [428, 'no version is seen'],
    [500, 'the server failed'],
  ])('is told for what it is: %i', async (status, words) => {
    const server = await tagged(() => ({ status, headers: { location: '/elsewhere' } }));
    const found = await probe(fetch, server.url);
    expect(found).toMatchObject({ precondition: 'refused-otherwise', status });
    expect(found.says).toContain(words);
    expect(server.log).toEqual(['GET 200', `PUT ${status}`, 'GET 200']);
  });

  it.each(['final', 'in-progress', { kind: 'resend', header: 'X-Session' }] as const)(
    'is known by what the route says of it: %j',
    async (verdict) => {
      const server = await tagged(() => ({ status: 409 }));
      const found = await probe(fetch, server.url, { server: { classify: () => verdict } });
      expect(found).toMatchObject({ precondition: 'refused-otherwise', status: 409 });
    },
  );

  it('is how a server refuses a stale version, where the route says so', async () => {
    const server = await tagged(() => ({ status: 400 }));
    expect(await probe(fetch, server.url, { server: { conflictStatuses: [400] } })).toMatchObject({
      precondition: 'checked',
    });
  });
});

describe('a conflict under a success status', () => {
  it.each([
    ['stale', 'checked'],
    [undefined, 'ignored'],
  ] as const)('is one where the route says so: %s', async (verdict, precondition) => {
    const server = await tagged(() => ({ status: 200, headers: json, body: '{"error":"conflict"}' }));
    const found = await probe(fetch, server.url, {
      server: { conflictStatuses: [200], classify: () => verdict },
    });
    expect(found).toMatchObject({ precondition, status: 200 });
  });
});

describe('a question that comes to nothing', () => {
  it.each([
    [404, 'gone'],
    [403, 'unauthorized'],
    [307, 'redirect'],
    [418, 'read-error'],
  ])('rejects where the resource cannot be read: %i', async (status, code) => {
    const server = await serve({
      read: () => ({ status, headers: { location: '/elsewhere' } }),
      write: () => 'taken',
    });
    const error = await rejectionOf(probe(fetch, `${server.url}?key=secret`));
    expect(error).toBeInstanceOf(RecoveryError);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('secret');
    expect(server.log).toEqual([`GET ${status}`]);
  });

  it('rejects where the write got no answer, as it may have been made', async () => {
    const server = await tagged(compares);
    const losing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (init?.method === 'PUT') throw new TypeError('fetch failed');
      return response;
    };
    expect(await rejectionOf(probe(losing, server.url))).toMatchObject({ code: 'outcome-unknown' });
  });

  it('rejects with the reason of the signal', async () => {
    const server = await tagged(compares);
    const reason = new Error('Enough.');
    expect(await rejectionOf(probe(fetch, server.url, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(server.log).toEqual([]);
  });

  it('rejects for an option that is wrong, a URL that is none, and a body that cannot be sent', async () => {
    const server = await tagged(compares);
    const wrong = probe(fetch, server.url, { retry: -1 });
    expect(await rejectionOf(wrong)).toMatchObject({ message: expect.stringContaining('limit') as string });
    expect(await rejectionOf(probe(fetch, 'notes/42'))).toBeInstanceOf(TypeError);
    const empty = probe(fetch, server.url, { body: () => undefined });
    expect(await rejectionOf(empty)).toBeInstanceOf(TypeError);
    expect(server.log).toEqual(['GET 200']);
  });
});

describe('what the caller says of a request', () => {
  it('goes along with each: credentials, the query, and what a write needs', async () => {
    const server = await tagged(compares);
    const headers = {
      authorization: 'Bearer a',
      'x-kind': 'b',
      'content-type': 'application/json; charset=utf-8',
    };
    await probe(fetch, `${server.url}?tenant=1`, { headers, version: { read: etag(), write: query('v') } });
    expect(server.asked.map(({ url }) => url.search)).toEqual([
      '?tenant=1',
      '?tenant=1&v=%22v2%22',
      '?tenant=1',
    ]);
    for (const { headers } of server.asked) expect(headers).toMatchObject({ authorization: 'Bearer a' });
    expect(server.asked[1]?.headers['content-type']).toBe('application/json; charset=utf-8');
  });
});
