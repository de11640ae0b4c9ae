import type { Overrides } from '../../src/options.ts';
import { field, header, keepLocal, query, threeWay, withConflictRecovery, type VersionOption } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { oneUser } from '../support/users.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

interface Doc {
  readonly title: string;
  readonly tags?: readonly string[];
  readonly v?: number | string;
}

const json = { 'content-type': 'application/json' };

/** A server that looks at the version in the body, or in the query where one is there. */
function counting(first: Doc) {
  let doc = first;
  const log: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.method === 'GET') {
      log.push(`GET ${String(doc.v)}`);
      return Response.json(doc);
    }
    const sent = (await request.json()) as Doc;
    const asked = new URL(request.url).searchParams.get('v') ?? sent.v;
    const isFresh = String(asked) === String(doc.v) && typeof sent.v === typeof doc.v;
    log.push(`${request.method} ${isFresh ? '200' : '409'} ${String(asked)}`);
    if (!isFresh) return new Response(null, { status: 409 });
    doc = { ...doc, ...sent, v: typeof doc.v === 'number' ? doc.v + 1 : `${doc.v ?? ''}+` };
    return Response.json({ ok: true });
  };
  return {
    fetch,
    log,
    get doc() {
      return doc;
    },
    change: (next: Partial<Doc>) => (doc = { ...doc, ...next }),
  };
}

const save = (value: Doc, base: unknown, method = 'PUT') => ({
  method,
  headers: json,
  body: JSON.stringify(value),
  base,
});

describe('a value that holds another version than its base', () => {
  const rules: readonly (readonly [string, VersionOption])[] = [
    ['a field', field('/v')],
    ['a field, and the query', { read: field('/v'), write: [field('/v'), query('v')] }],
  ];

  it.each(rules)('goes out under the one of its base: in %s', async (_, version) => {
    for (const copy of [(read: Doc) => read, (read: Doc) => ({ ...read })]) {
      const server = counting({ title: 'a', tags: [], v: 1 });
      const api = withConflictRecovery(server.fetch, { defaults: { merge: threeWay(), version } });
      const base = copy((await (await api(url)).json()) as Doc);
      server.change({ tags: ['theirs'], v: 2 });
      await api(url, save({ title: 'mine', tags: [], v: 2 }, base));
      expect(server.log.slice(1)).toEqual(['PUT 409 1', 'GET 2', 'PUT 200 2']);
      expect(server.doc).toEqual({ title: 'mine', tags: ['theirs'], v: 3 });
    }
  });

  it.each([99, '1', null])('does so whatever it is, and at once where nobody else writes: %j', async (v) => {
    const server = counting({ title: 'a', v: 1 });
    const api = withConflictRecovery(server.fetch, {
      defaults: { merge: keepLocal(), version: field('/v') },
    });
    const base: unknown = await (await api(url)).json();
    const response = await api(url, save({ title: 'mine', v } as Doc, base));
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    expect(server.log).toEqual(['GET 1', 'PUT 200 1']);
  });

  it('does so as a merge patch, too', async () => {
    const server = counting({ title: 'a', tags: [], v: 1 });
    const api = withConflictRecovery(server.fetch, { defaults: { merge: threeWay(), version: field('/v') } });
    const base: unknown = await (await api(url)).json();
    server.change({ tags: ['theirs'], v: 2 });
    await api(url, save({ title: 'mine', v: 2 }, base, 'PATCH'));
    expect(server.log.slice(1)).toEqual(['PATCH 409 1', 'GET 2', 'PATCH 200 2']);
  });

  it('keeps the one that the caller names outside of the value', async () => {
    const server = counting({ title: 'a', v: 1 });
    const version = { read: field('/v'), write: [field('/v'), query('v')] } as const;
    const api = withConflictRecovery(server.fetch, { defaults: { merge: threeWay(), version } });
    const base: unknown = await (await api(url)).json();
    server.change({ v: 2 });
    await api(`${url}?v=2`, save({ title: 'mine', v: 2 }, base));
    expect(server.log.slice(1)).toEqual(['PUT 200 2']);
  });
});

describe('a version in the body that no header can carry', () => {
  const version = { read: field('/v'), write: header('X-V') };

  it.each(['2\r\nX-Evil: 1', '2\n', '版2', '2\u0000', '2\u007f', ' 2', '2\t'])(
    'is malformed, and nothing is sent under it: %j',
    async (v) => {
      const server = counting({ title: 'theirs', v: 1 });
      const api = withConflictRecovery(server.fetch, { defaults: { merge: keepLocal(), version } });
      server.change({ v });
      const refused = await api(url, {
        ...save({ title: 'mine' }, undefined),
        headers: { ...json, 'x-v': '1' },
      });
      expect(reportOf(refused)).toMatchObject({ code: 'version-malformed' });
      const base: unknown = await (await api(url)).json();
      expect(await rejectionOf(api(url, save({ title: 'mine' }, base)))).toMatchObject({
        code: 'version-malformed',
      });
      expect(server.log.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
    },
  );

  it.each(['a b', 'é', '2'])('is none of these: %j', async (v) => {
    const sent: (string | null)[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      const request = new Request(input, init);
      if (request.method === 'GET') return Promise.resolve(Response.json({ title: 'a', v }));
      sent.push(request.headers.get('x-v'));
      return Promise.resolve(new Response(null, { status: 204 }));
    };
    const api = withConflictRecovery(fetch, { defaults: { merge: keepLocal(), version } });
    await api(url, save({ title: 'mine' }, await (await api(url)).json()));
    expect(sent).toEqual([v]);
  });

  it('may stand in the query or in the body', async () => {
    const server = counting({ title: 'a', v: '版' });
    const write = [field('/v'), query('v')];
    const api = withConflictRecovery(server.fetch, {
      defaults: { merge: keepLocal(), version: { read: field('/v'), write } },
    });
    await api(url, save({ title: 'mine' }, await (await api(url)).json()));
    expect(server.log.at(-1)).toBe('PUT 200 版');
  });
});

describe('a wrapped fetch', () => {
  it.each([{ retry: -1 }, { retry: { limit: NaN } }, { limit: 3 }, { version: field('/v') }] as Overrides[])(
    'checks what is said of one write before it sends it: %j',
    async (recovery) => {
      const origin = new Origin({ title: 'a' });
      const api = withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal() } });
      const error = await rejectionOf(api(url, put({ title: 'b' }, '"v1"', { recovery })));
      expect(error).toBeInstanceOf(TypeError);
      expect(origin.log).toEqual([]);
      await api(url, put({ title: 'b' }, '"v1"', { recovery: { retry: 1 } }));
      expect(origin.log).toEqual(['PUT 204 "v1"']);
    },
  );

  it('remembers what the server has shown of a write, and not what was sent', async () => {
    const bases: unknown[] = [];
    const merge = ({ base, local }: { base: unknown; local: unknown }): unknown => {
      bases.push(base);
      return local;
    };
    for (const shown of [{ title: 'B', slug: 'b' }, { ok: true }]) {
      const origin = new Origin({ title: 'a' });
      origin.once('PUT', () => {
        origin.change(shown);
        return Response.json(shown, { headers: { etag: origin.tag } });
      });
      const api = withConflictRecovery(origin.fetch, { scope: oneUser, defaults: { merge } });
      const written = await api(url, put({ title: 'b' }));
      await written.json();
      const etag = written.headers.get('etag') ?? '';
      origin.change({ title: 'theirs' });
      await api(url, put({ title: 'c' }, etag));
    }
    expect(bases).toEqual([{ title: 'B', slug: 'b' }, { title: 'b' }]);
  });

  it('says of a base that it does not know that it does not know it', async () => {
    const origin = new Origin({ title: 'a' }).once('PUT', () => new Response(null, { status: 428 }));
    const api = withConflictRecovery(origin.fetch, { defaults: { merge: threeWay() } });
    const refused = await api(url, { method: 'PUT', headers: json, body: '{"title":"mine"}' });
    expect(reportOf(refused)).toMatchObject({
      code: 'merge-conflict',
      reason: 'The base is not known, and the sides differ in one place.',
    });
  });
});
