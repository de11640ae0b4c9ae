import { etag, field, none, withConflictRecovery, type RecoveryOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { byCredentials } from '../support/users.ts';
import { put, url } from '../support/write.ts';

/** A client that notes the base of each merge, and the origin behind it. */
function client(options: RecoveryOptions<Record<string, unknown>> = {}, origin = new Origin({ n: 1 })) {
  const bases: unknown[] = [];
  const fetch = withConflictRecovery(origin.fetch, {
    scope: byCredentials,
    ...options,
    defaults: {
      merge: ({ base, remote, attempt }) => {
        bases.push(base);
        return { ...(remote as object), attempt };
      },
      ...options.defaults,
    },
  });
  return { origin, fetch, bases };
}

describe('the base of a merge', () => {
  it('is what the caller gives', async () => {
    const { origin, fetch, bases } = client();
    await (await fetch(url)).json();
    origin.change({ n: 2 });
    await fetch(url, put({ n: 3 }, '"v1"', { base: { given: true } }));
    expect(bases).toEqual([{ given: true }]);
  });

  it('is as the caller gave it, whatever becomes of the object', async () => {
    const { origin, fetch, bases } = client();
    origin.change({ n: 2 });
    const base = { n: 1 };
    const writing = fetch(url, put({ n: 3 }, '"v1"', { base }));
    base.n = 99;
    await writing;
    expect(bases).toEqual([{ n: 1 }]);
  });

  it.each(['json', 'text', 'arrayBuffer', 'bytes', 'blob'] as const)(
    'is remembered of a body read by %s()',
    async (how) => {
      const { origin, fetch, bases } = client();
      await (await fetch(url))[how]();
      origin.change({ n: 2 });
      await fetch(url, put({ n: 3 }));
      expect(bases).toEqual([{ n: 1 }]);
    },
  );

  it('is remembered of a body read from a clone', async () => {
    const { origin, fetch, bases } = client();
    await (await fetch(url)).clone().json();
    origin.change({ n: 2 });
    await fetch(url, put({ n: 3 }));
    expect(bases).toEqual([{ n: 1 }]);
  });

  it('is the state under exactly the version that the write carries, not the last one seen', async () => {
    const { origin, fetch, bases } = client();
    await (await fetch(url)).json();
    origin.change({ n: 2 });
    await (await fetch(url)).json();
    origin.change({ n: 3 });
    await fetch(url, put({ n: 10 }, '"v1"'));
    await fetch(url, put({ n: 10 }, '"v2"'));
    expect(bases).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('is found by a version inside the body, too', async () => {
    const origin = new Origin({ version: 1, n: 1 });
    const { fetch, bases } = client({ defaults: { version: field('/version') } }, origin);
    await (await fetch(url)).text();
    origin.change({ version: 2, n: 2 });
    origin
      .once('PUT', () => new Response(null, { status: 409 }))
      .once('PUT', () => new Response(null, { status: 200 }));
    await fetch(url, { method: 'PUT', body: '{"version":1,"n":5}' });
    expect(bases).toEqual([{ version: 1, n: 1 }]);
  });

  it('is what was written, where a strong ETag names it', async () => {
    const { origin, fetch, bases } = client();
    const answer = await fetch(url, put({ n: 'mine' }));
    expect(answer.headers.get('etag')).toBe('"v2"');
    origin.change({ n: 'theirs' });
    await fetch(url, put({ n: 'mine too' }, '"v2"'));
    expect(bases).toEqual([{ n: 'mine' }]);
  });

  it('is never taken from a weak ETag on the answer to a write, which may name that answer alone', async () => {
    const { origin, fetch, bases } = client({ defaults: { version: etag({ weak: 'send' }) } });
    origin.once('PUT', () => new Response('{"ok":true}', { headers: { etag: 'W/"answer"' } }));
    await fetch(url, put({ n: 'mine' }));
    origin.change({ n: 'theirs' });
    await fetch(url, put({ n: 'mine too' }, 'W/"answer"'));
    expect(bases).toEqual([undefined]);
  });

  it('is unknown rather than guessed', async () => {
    const { origin, fetch, bases } = client();
    await fetch(url); // The body was not read.
    origin.change({ n: 2 });
    await fetch(url, put({ n: 3 }));
    expect(bases).toEqual([undefined]);
  });

  it.each<[string, HeadersInit]>([
    ['a plain object', { authorization: 'ann' }],
    ['pairs', [['authorization', 'ann']]],
    ['Headers', new Headers({ authorization: 'ann' })],
  ])('is found for the same person, who says so by %s', async (_, headers) => {
    const { origin, fetch, bases } = client();
    await (await fetch(url, { headers })).json();
    origin.change({ n: 2 });
    await fetch(url, put({}, '"v1"', { headers: { authorization: 'ann' } }));
    expect(bases).toEqual([{ n: 1 }]);
  });

  it('may be bytes, and is as they were given, whatever becomes of them', async () => {
    const origin = new Origin(new Uint8Array([1]), 'application/octet-stream');
    origin.overtake(new Uint8Array([2])).overtake(new Uint8Array([3]));
    const seen: number[][] = [];
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: {
        merge: ({ base, local }) => {
          seen.push([...(base as Uint8Array)]);
          (base as Uint8Array)[0] = 77;
          return local;
        },
        retry: { backoffLimit: 0 },
      },
    });
    const base = new Uint8Array([1]);
    const writing = fetch(url, {
      method: 'PUT',
      headers: { 'if-match': '"v1"' },
      body: new Uint8Array([9]),
      base,
    });
    base[0] = 99;
    await writing;
    expect(seen).toEqual([[1], [1]]);
  });

  it('is never a part of a state, nor what a redirect led to', async () => {
    for (const shown of [
      new Response('{"n":1}', { status: 206, headers: { etag: '"v1"' } }),
      Object.defineProperty(new Response('{"n":1}', { headers: { etag: '"v1"' } }), 'redirected', {
        value: true,
      }),
    ]) {
      const { origin, fetch, bases } = client();
      origin.once('GET', () => shown);
      await (await fetch(url)).text();
      origin.change({ n: 2 });
      await fetch(url, put({}));
      expect(bases).toEqual([undefined]);
    }
  });

  it('is not guessed where the resource has no version', async () => {
    const { origin, fetch, bases } = client({ defaults: { version: none() } });
    await (await fetch(url)).json();
    origin.once('PUT', () => new Response(null, { status: 409 })).once('PUT', () => new Response(null));
    await fetch(url, { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } });
    expect(bases).toEqual([undefined]);
  });

  it('is nobody else’s: another user, another client, another URL', async () => {
    const origin = new Origin({ n: 1 });
    const ours = client({}, origin);
    const theirs = client({}, origin);
    const as = (user: string) => ({ headers: { authorization: user } });
    await (await ours.fetch(url, as('ann'))).json();
    origin.change({ n: 2 });
    await ours.fetch(url, put({}, '"v1"', as('bob')));
    origin.change({ n: 2 });
    await theirs.fetch(url, put({}, '"v1"', as('ann')));
    origin.change({ n: 2 });
    await ours.fetch(`${url}0`, put({}, '"v1"', as('ann')));
    origin.change({ n: 2 });
    await ours.fetch(url, put({}, '"v1"', as('ann')));
    expect(ours.bases).toEqual([undefined, undefined, { n: 1 }]);
    expect(theirs.bases).toEqual([undefined]);
  });

  it('is shared by whomever the route’s scope says are the same', async () => {
    const { origin, fetch, bases } = client({ scope: (headers) => headers.get('x-user') ?? '' });
    const as = (user: string, token: string) => ({ headers: { 'x-user': user, authorization: token } });
    await (await fetch(url, as('ann', 'old token'))).json();
    origin.change({ n: 2 });
    await fetch(url, put({}, '"v1"', as('ann', 'new token')));
    expect(bases).toEqual([{ n: 1 }]);
  });
});

describe('the memory of bases', () => {
  const read = async (fetch: (input: string) => Promise<Response>, path: string): Promise<unknown> =>
    (await fetch(url + path)).json();

  it('holds no more bytes than it may, and lets the oldest go first', async () => {
    const origin = new Origin({ text: 'x'.repeat(100) });
    // Room for two of these: a body of 112 characters and a key of about 40, at two bytes each.
    const { fetch, bases } = client({ memory: 700 }, origin);
    for (const path of ['/a', '/b', '/c']) await read(fetch, path);
    origin.change({ n: 2 });
    for (const path of ['/a', '/b', '/c']) {
      await fetch(url + path, put({}, '"v1"'));
    }
    expect(bases.map((base) => base !== undefined)).toEqual([false, true, true]);
  });

  it('lets what was read again since go after what was not', async () => {
    const origin = new Origin({ text: 'x'.repeat(100) });
    const { fetch, bases } = client({ memory: 700 }, origin);
    for (const path of ['/a', '/b', '/a', '/c']) await read(fetch, path);
    origin.change({ n: 2 });
    for (const path of ['/a', '/b', '/c']) await fetch(url + path, put({}, '"v1"'));
    expect(bases.map((base) => base !== undefined)).toEqual([true, false, true]);
  });

  it('lets what was merged with go after what was not, but not for ever', async () => {
    const origin = new Origin({ text: 'x'.repeat(100) });
    const { fetch, bases } = client({ memory: 700 }, origin);
    const known = async (path: string): Promise<boolean> => {
      await fetch(url + path, put({}, '"v1"', { method: 'PATCH' }));
      return bases.pop() !== undefined;
    };
    for (const path of ['/a', '/b']) await read(fetch, path);
    origin.change({ text: 'y'.repeat(100) });
    expect(await known('/a')).toBe(true);
    origin.change({ text: 'z'.repeat(100) });
    for (const path of ['/c', '/d', '/e']) await read(fetch, path);
    expect(await known('/a')).toBe(false);
  });

  it('may be filled to the last byte', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(100) });
    const key = ['', '', '', url, '"v1"'].join('\n');
    for (const [spare, known] of [
      [0, true],
      [-1, false],
    ] as const) {
      const { origin, fetch, bases } = client(
        { memory: 2 * (body.length + key.length) + spare },
        new Origin(body),
      );
      await read(fetch, '');
      origin.change({ n: 2 });
      await fetch(url, put({}));
      expect(bases[0] !== undefined).toBe(known);
    }
  });

  it('does not take what is longer than all of it', async () => {
    const origin = new Origin({ text: 'x'.repeat(1000) });
    const { fetch, bases } = client({ memory: 700 }, origin);
    await read(fetch, '');
    origin.change({ n: 2 });
    await fetch(url, put({}));
    expect(bases).toEqual([undefined]);
  });

  it('can be switched off, and then a read is just the caller’s', async () => {
    const { origin, fetch, bases } = client({ memory: 0 });
    const response = await fetch(url);
    expect(Object.hasOwn(response, 'json')).toBe(false);
    await response.json();
    origin.change({ n: 2 });
    await fetch(url, put({}));
    expect(bases).toEqual([undefined]);
  });
});
