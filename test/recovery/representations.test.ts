import {
  createClient,
  field,
  keepLocal,
  withConflictRecovery,
  type MergeContext,
  type RecoveringInit,
} from 'remerge';
import { couchdb } from 'remerge/presets';
import { describe, expect, it } from 'vitest';
import { startJsonServer, type Call, type Reply } from '../support/json-server.ts';
import { Origin } from '../support/origin.ts';
import { oneUser } from '../support/users.ts';
import { put, reportOf, url } from '../support/write.ts';

const json = 'application/json';

/** What a re-read asks for, after a write that is refused. */
async function askedAfter(init: RecoveringInit): Promise<string | null | undefined> {
  const origin = new Origin({ n: 1 });
  origin.change({ n: 2 });
  await withConflictRecovery(origin.fetch, {
    defaults: { merge: keepLocal(), onConflict: { changed: 'delete' } },
  })(url, init);
  return origin.requests.find(({ method }) => method === 'GET')?.headers.get('accept');
}

const write = (method: string, headers: Record<string, string>): RecoveringInit => ({
  method,
  body: '{"n":3}',
  headers: { 'if-match': '"v1"', ...headers },
});

describe('a re-read of a resource that has several representations', () => {
  it.each([
    [
      'the content type that is written',
      write('PUT', { 'content-type': json }),
      'application/json, */*;q=0.1',
    ],
    [
      'that alone, without its parameters',
      write('PUT', { 'content-type': 'application/ld+json; charset=utf-8' }),
      'application/ld+json, */*;q=0.1',
    ],
    [
      'the same where the write takes anything',
      write('PUT', { 'content-type': json, accept: '*/*' }),
      'application/json, */*;q=0.1',
    ],
    ['what the caller names', write('PUT', { 'content-type': json, accept: 'text/turtle' }), 'text/turtle'],
    [
      'JSON for a patch of JSON',
      write('PATCH', { 'content-type': 'application/merge-patch+json' }),
      'application/json, */*;q=0.1',
    ],
    ['nothing for a patch of who knows what', write('PATCH', { 'content-type': 'text/n3' }), null],
    ['nothing for what says no type', { ...write('PUT', {}), body: new Uint8Array([1]) }, null],
    ['nothing for a delete', { method: 'DELETE', headers: { 'if-match': '"v1"' } }, null],
  ])('asks for %s', async (_, init, accept) => {
    expect(await askedAfter(init)).toBe(accept);
  });

  it('merges with the one that is written, under its own tag', async () => {
    const state = { n: 1, tag: 1 };
    // As Solid servers do: the tag names the state and the representation.
    const reply = ({ method, headers, text }: Call): Reply => {
      const isJson = (headers.accept ?? '').startsWith(json) || headers['content-type'] === json;
      const etag = `"${String(state.tag)}-${isJson ? json : 'text/turtle'}"`;
      if (method === 'GET' && !isJson)
        return { status: 200, headers: { etag, 'content-type': 'text/turtle' }, body: 1 };
      if (method === 'GET') return { status: 200, headers: { etag }, body: { n: state.n } };
      if (headers['if-match'] !== etag) return { status: 412 };
      Object.assign(state, { n: (JSON.parse(text) as { n: number }).n, tag: state.tag + 1 });
      return { status: 205 };
    };
    const { origin, log } = await startJsonServer(reply);
    state.tag = 2;
    const fetching = withConflictRecovery(fetch, { defaults: { merge: keepLocal() } });
    const response = await fetching(`${origin}/card`, put({ n: 3 }, '"1-application/json"'));
    expect(log).toEqual(['PUT /card 412', 'GET /card 200', 'PUT /card 205']);
    expect(reportOf(response)).toMatchObject({ outcome: 'merged', version: '"2-application/json"' });
  });

  it('asks CouchDB for JSON, which calls the same text without that', async () => {
    const doc = { _id: 'a', _rev: '2-b', n: 2 };
    const reply = ({ method, headers, text }: Call): Reply => {
      const type = (headers.accept ?? '').includes(json) ? json : 'text/plain;charset=utf-8';
      if (method === 'GET') return { status: 200, headers: { 'content-type': type }, body: doc };
      const isStale = (JSON.parse(text) as typeof doc)._rev !== doc._rev;
      return isStale ? { status: 409, body: { error: 'conflict' } } : { status: 201, body: { ok: true } };
    };
    const { origin, log } = await startJsonServer(reply);
    const fetching = withConflictRecovery(fetch, { defaults: { merge: keepLocal(), server: couchdb() } });
    const headers = { 'content-type': json };
    const body = JSON.stringify({ ...doc, _rev: '1-a', n: 3 });
    const response = await fetching(`${origin}/db/a`, { method: 'PUT', headers, body });
    expect(log).toEqual(['PUT /db/a 409', 'GET /db/a 200', 'PUT /db/a?rev=2-b 201']);
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
  });
});

/** A server whose versions say nothing of type and language. */
function remembering() {
  const origin = new Origin({ n: 0 });
  const bases: unknown[] = [];
  const merge = ({ base, local }: MergeContext) => {
    bases.push(base);
    return local;
  };
  const fetching = withConflictRecovery(origin.fetch, { scope: oneUser, defaults: { merge } });
  const read = async (type: string, body: unknown, headers: HeadersInit = {}): Promise<void> => {
    const shown = { etag: '"v1"', 'content-type': type };
    origin.once(
      'GET',
      () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { headers: shown }),
    );
    await (await fetching(url, { headers })).text();
  };
  const writing = async (type: string, headers: Record<string, string> = {}): Promise<unknown> => {
    if (bases.length === 0) origin.change({ n: 9 });
    await fetching(
      url,
      put({ n: 3, at: bases.length }, '"v1"', { headers: { 'content-type': type, ...headers } }),
    );
    return bases.at(-1);
  };
  return { read, writing, bases };
}

describe('bases that are remembered of several representations under one version', () => {
  const linked = 'application/ld+json';

  it('are told apart by their content types', async () => {
    const { read, writing } = remembering();
    await read(linked, { '@id': 'a' });
    await read(json, { n: 1 });
    expect(await writing(json)).toEqual({ n: 1 });
  });

  it('are unknown rather than mixed', async () => {
    const { read, writing, bases } = remembering();
    await read(linked, { '@id': 'a' });
    await read(json, { n: 1 });
    await writing(linked);
    expect(bases).toEqual([undefined]);
  });

  it('stay so, whichever was read last', async () => {
    const { read, writing, bases } = remembering();
    await read(linked, { '@id': 'a' });
    await read(json, { n: 1 });
    await read(json, { n: 1 });
    await writing(linked);
    expect(bases).toEqual([undefined]);
  });

  it('go by another name where there is only one: the server calls it otherwise than the write', async () => {
    const { read, writing } = remembering();
    await read('application/hal+json', { n: 1 });
    expect(await writing(json)).toEqual({ n: 1 });
  });

  it('are one where a write says no type', async () => {
    const origin = new Origin({ n: 1 });
    const bases: unknown[] = [];
    const merge = ({ base, local }: MergeContext) => {
      bases.push(base);
      return local;
    };
    const fetching = withConflictRecovery(origin.fetch, { scope: oneUser, defaults: { merge } });
    const typeless = (version: string): RequestInit => {
      return { method: 'PUT', body: new TextEncoder().encode('{"n":2}'), headers: { 'if-match': version } };
    };
    await fetching(url, typeless('"v1"'));
    await (await fetching(url)).json();
    origin.change({ n: 3 });
    await fetching(url, typeless('"v2"'));
    expect(bases).toEqual([{ n: 2 }]);
  });

  it('are unknown where the only one is no state of the kind', async () => {
    const { read, writing, bases } = remembering();
    await read('text/html', '<p>1</p>');
    await writing(json);
    expect(bases).toEqual([undefined]);
  });

  it('are told apart by their languages', async () => {
    const { read, writing } = remembering();
    await read(json, { n: 'eins' }, { 'accept-language': 'de' });
    await read(json, { n: 'one' }, { 'accept-language': 'en' });
    expect(await writing(json, { 'accept-language': 'de' })).toEqual({ n: 'eins' });
  });

  it('are unknown in a language that was not read', async () => {
    const { read, writing, bases } = remembering();
    await read(json, { n: 'eins' }, { 'accept-language': 'de' });
    await writing(json, { 'accept-language': 'en' });
    expect(bases).toEqual([undefined]);
  });
});

describe('a handle on a resource that is read by POST', () => {
  it('reads it so, and writes under what it has read', async () => {
    const state = { n: 1, version: 1 };
    const reply = ({ method, text }: Call): Reply => {
      const body = JSON.parse(text) as { n: number; version: number; id?: string };
      if (method === 'POST') return { status: body.id === '7' ? 200 : 404, body: state };
      if (body.version !== state.version) return { status: 409 };
      Object.assign(state, { n: body.n, version: state.version + 1 });
      return { status: 204 };
    };
    const { origin, log } = await startJsonServer(reply);
    const api = createClient({
      baseUrl: origin,
      routes: {
        'items/:id': {
          version: field('/version'),
          server: {
            readFrom: (at) =>
              new Request(new URL('/search', at), {
                method: 'POST',
                headers: { 'content-type': json },
                body: JSON.stringify({ id: at.pathname.split('/').at(-1) }),
              }),
          },
        },
      },
    });
    const item = api.resource('items/:id', { id: '7' });
    const base = await item.read();
    expect(base).toMatchObject({ value: { n: 1 }, version: '1' });
    await item.update((draft) => void Object.assign(draft as object, { n: 2 }));
    expect(state).toEqual({ n: 2, version: 2 });
    expect(log).toEqual(['POST /search 200', 'POST /search 200', 'PUT /items/7 204']);
  });
});
