import { createClient, field, isRecoveryError, keepLocal, none, query, threeWay } from 'remerge';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { baseUrl, clientOf, type Note } from '../support/client.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf } from '../support/write.ts';

const first: Note = { title: 'a', tags: ['x'] };

describe('a handle', () => {
  const addresses: readonly (readonly [string, string | number, string])[] = [
    ['a name', 'milk', 'https://api.test/v1/notes/milk'],
    ['a number', 42, 'https://api.test/v1/notes/42'],
    ['what looks like a path', 'a/b?c#d', 'https://api.test/v1/notes/a%2Fb%3Fc%23d'],
    ['what is encoded already', '%2F', 'https://api.test/v1/notes/%252F'],
    ['what is no ASCII', 'ü', 'https://api.test/v1/notes/%C3%BC'],
  ];
  it.each(addresses)('percent-encodes %s in its address', (_, id, address) => {
    const api = createClient({ baseUrl: 'https://api.test/v1/', routes: { 'notes/:id': {} } });
    expect(api.resource('notes/:id', { id }).url.href).toBe(address);
  });

  it('takes the slashes of a rest as they are, and nothing that leads elsewhere', () => {
    const api = createClient({ baseUrl, routes: { 'files/*': {}, 'notes/:id': {}, 'all/:a/:b': {} } });
    expect(api.resource('files/*', { '*': 'a b/c' }).url.pathname).toBe('/files/a%20b/c');
    for (const id of ['', '.', '..']) expect(() => api.resource('notes/:id', { id })).toThrow(TypeError);
    for (const rest of ['a/../b', '/a', 'a//b'])
      expect(() => api.resource('files/*', { '*': rest })).toThrow(TypeError);
    expect(() => api.resource('all/:a/:b', { a: 1 } as never)).toThrow("'all/:a/:b' needs b.");
    expect(() => api.resource('notes/:id', { id: 1, c: 2 } as never)).toThrow("'notes/:id' has no c.");
    expect(() => api.resource('other' as never)).toThrow("There is no route 'other'.");
  });

  it('needs an address to be relative to', () => {
    const api = createClient({ routes: { 'notes/:id': {} } });
    expect(() => api.resource('notes/:id', { id: 1 })).toThrow(/give the client a baseUrl/);
  });

  it('lies under the prefix of the client, on the origin of its route', () => {
    const routes = { 'notes/:id': {}, 'https://files.test/files/:id': {} };
    const api = createClient({ baseUrl, prefix: 'v2', routes });
    expect(api.resource('notes/:id', { id: 1 }).url.href).toBe('https://api.test/v2/notes/1');
    expect(api.resource('https://files.test/files/:id', { id: 1 }).url.href).toBe(
      'https://files.test/files/1',
    );
    expect(api.extend({ prefix: 'v3' }).resource('notes/:id', { id: 1 }).url.pathname).toBe('/v3/notes/1');
  });

  it('goes by its own route, whatever else fits its address', async () => {
    const origin = new Origin(first);
    origin.change({ title: 'b', tags: [] });
    const routes = {
      'notes/:id': {
        merge: () => {
          throw new Error('not this one');
        },
      },
      'notes/new': { merge: keepLocal() },
    };
    const api = createClient({ baseUrl, fetch: origin.fetch, routes });
    const headers = { 'if-match': '"v1"' };
    const result = await api.resource('notes/new').replace(first, { base: undefined, headers });
    expect(result.outcome).toBe('merged');
  });
});

describe('reading by a handle', () => {
  it('gives the value, its version and the answer', async () => {
    const origin = new Origin(first);
    const { value, version, response } = await clientOf(origin).note.read();
    expect(value).toEqual(first);
    expect(version).toBe('"v1"');
    expect(response.status).toBe(200);
    expect(origin.requests[0]?.headers.get('accept')).toBe('application/json, */*;q=0.5');
  });

  it('gives a plain value that nobody can change', async () => {
    const { value } = await clientOf(new Origin(first)).note.read();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(() => Object.assign(value, { title: 'b' })).toThrow(TypeError);
    expect(() => (value.tags as string[]).push('y')).toThrow(TypeError);
  });

  it('throws what ky throws where there is nothing', async () => {
    const origin = new Origin(first);
    origin.remove();
    expect(await rejectionOf(clientOf(origin).note.read())).toMatchObject({
      name: 'HTTPError',
      response: { status: 404 },
    });
  });

  it('refuses what breaks the schema, and says where', async () => {
    const error = await rejectionOf(clientOf(new Origin({ tags: ['secret'] })).note.read());
    expect(isRecoveryError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'remote-invalid' });
    expect(String(error)).toContain(
      'GET https://api.test/notes/42 failed: remote-invalid. The latest state breaks the schema. Mend either. At /title. ',
    );
  });

  it('refuses a body that is not what it says it is, quoting nothing', async () => {
    const error = await rejectionOf(clientOf(new Origin('{"secret"', 'application/json')).note.read());
    expect(error).toMatchObject({ code: 'malformed-body' });
    expect(String(error)).not.toContain('secret');
  });

  it('gives what has no version, too; but nothing is written under that', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin);
    for (const [etag, code] of [
      ['W/"1"', 'version-weak'],
      ['nonsense', 'version-malformed'],
      ['', 'version-missing'],
    ]) {
      origin.once('GET', () => Response.json(first, { headers: { etag: etag ?? '' } }));
      const seen = await note.read();
      expect(seen).toMatchObject({ value: first, version: undefined });
      expect(await rejectionOf(note.replace(first, { base: seen }))).toMatchObject({ code });
    }
    expect(origin.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('stops when its signal aborts', async () => {
    const { note } = clientOf(new Origin(first));
    const reason = new Error('enough');
    expect(await rejectionOf(note.read({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});

describe('a write by a handle', () => {
  it('replaces the state under the version of its base', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin);
    const seen = await note.read();
    const result = await note.replace({ ...seen.value, title: 'b' }, { base: seen });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    expect(result).toMatchObject({ outcome: 'applied', value: { title: 'b', tags: ['x'] }, version: '"v2"' });
    expect(Object.isFrozen(result.value)).toBe(true);
  });

  it('recovers from a conflict, from the very state it was made of', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin, { defaults: { merge: threeWay() } });
    const seen = await note.read();
    origin.change({ title: 'a', tags: ['theirs'] });
    // Somebody else in the same app has read the newer one.
    await note.read();
    const result = await note.replace({ ...seen.value, title: 'b' }, { base: seen });
    expect(result).toMatchObject({
      outcome: 'merged',
      value: { title: 'b', tags: ['theirs'] },
      version: '"v3"',
    });
    expect(result.attempts.map(({ status }) => status)).toEqual([412, 204]);
  });

  it('is a base for the next one', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin);
    const one = await note.replace({ ...first, title: 'b' }, { base: await note.read() });
    await note.replace({ ...one.value, title: 'c' }, { base: one });
    const two = await note.update((draft) => void (draft.title = 'd'));
    await note.replace({ ...two.value, title: 'e' }, { base: two.value });
    expect(origin.log).toEqual([
      'GET 200 "v1"',
      'PUT 204 "v1"',
      'PUT 204 "v2"',
      'GET 200 "v3"',
      'PUT 204 "v3"',
      'PUT 204 "v4"',
    ]);
  });

  it('takes what the answer shows for the new state, where it shows one', async () => {
    const origin = new Origin({ ...first, version: 1 });
    const api = createClient({
      baseUrl,
      fetch: origin.fetch,
      routes: { 'notes/:id': {} },
      defaults: { version: field('/version') },
    });
    const note = api.resource('notes/:id', { id: 1 });
    const seen = await note.read();
    const shown = { title: 'b', tags: [], version: 2, savedAt: 'now' };
    origin.once('PUT', () => Response.json(shown));
    const result = await note.replace({ title: 'b', tags: [] }, { base: seen });
    expect(result).toMatchObject({ value: shown, version: '2' });
    // The status of an action shows no state.
    origin.once('PUT', () => Response.json({ ok: true, version: 3 }));
    const vague = await note.replace({ ...shown, title: 'c' }, { base: result });
    expect(vague).toMatchObject({ value: { title: 'c' }, version: undefined });
    const [, one, two] = await Promise.all(
      origin.requests.map(async (request): Promise<unknown> => (request.body ? request.clone().json() : {})),
    );
    expect(one).toEqual({ title: 'b', tags: [], version: 1 });
    expect(two).toMatchObject({ version: 2 });
  });

  it('patches some members', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin);
    const seen = await note.read();
    origin.once('PATCH', () => new Response(null, { status: 204, headers: { etag: '"v2"' } }));
    const result = await note.patch({ title: 'b' }, { base: seen });
    const sent = origin.requests.at(-1);
    expect(sent?.headers.get('content-type')).toBe('application/merge-patch+json');
    expect(sent?.headers.get('if-match')).toBe('"v1"');
    expect(await sent?.json()).toEqual({ title: 'b' });
    // A version that comes without a representation is not believed (RFC 5789 has none).
    expect(result).toMatchObject({
      outcome: 'applied',
      value: { title: 'b', tags: ['x'] },
      version: undefined,
    });
  });

  it('patches a member to null where the schema has it so, and says no less after a conflict', async () => {
    const row = { title: 'a', due: '2026-01-01' };
    const origin = new Origin(row);
    const schema = z.object({ title: z.string(), due: z.nullable(z.string()) });
    const routes = { 'notes/:id': { schema, merge: threeWay<z.infer<typeof schema>>() } };
    const api = createClient({ baseUrl: 'https://api.test/', fetch: origin.fetch, routes });
    const note = api.resource('notes/:id', { id: 42 });
    const seen = await note.read();
    origin.change({ ...row, title: 'b' });
    origin.once('PATCH', () => new Response(null, { status: 412 }));
    origin.once('PATCH', () => new Response(null, { status: 204 }));
    const result = await note.patch({ due: null }, { base: seen });
    expect(result).toMatchObject({ outcome: 'merged', value: { title: 'b', due: null } });
    expect(await origin.requests.at(-1)?.json()).toEqual({ due: null });
  });

  it('removes what was seen, and is content where it is gone', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin);
    const seen = await note.read();
    origin.once('DELETE', () => new Response(null, { status: 204 }));
    expect(await note.delete({ base: seen })).toMatchObject({
      outcome: 'applied',
      value: undefined,
      version: undefined,
    });
    expect(origin.requests.at(-1)?.headers.get('if-match')).toBe('"v1"');
    origin.once('DELETE', () => new Response(null, { status: 412 }));
    origin.remove();
    expect((await note.delete({ base: seen })).outcome).toBe('already-applied');
  });

  it('is not made where it says neither base nor version', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin);
    const base = undefined;
    expect(await rejectionOf(note.replace(first, { base }))).toMatchObject({ code: 'no-version' });
    expect(await rejectionOf(note.patch({ title: 'b' }, { base }))).toMatchObject({ code: 'no-version' });
    expect(await rejectionOf(note.delete({ base }))).toMatchObject({ code: 'no-version' });
    expect(origin.log).toEqual([]);
  });

  it('of a state that was kept elsewhere is made under the version that it still has', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin);
    const kept = JSON.parse(JSON.stringify(first)) as Note;
    expect((await note.replace({ ...first, title: 'b' }, { base: kept })).outcome).toBe('applied');
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    const removing = note.delete({ base: kept });
    expect(await rejectionOf(removing)).toMatchObject({ code: 'changed' });
    origin.once('DELETE', () => new Response(null, { status: 204 }));
    expect((await note.delete({ base: { ...first, title: 'b' } })).outcome).toBe('applied');
    expect(origin.log.slice(2)).toEqual(['GET 200 "v2"', 'GET 200 "v2"', 'DELETE 204 "v2"']);
  });

  it('may name its version by itself, with a base from elsewhere', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin, { defaults: { merge: threeWay() } });
    origin.change({ title: 'a', tags: ['theirs'] });
    const result = await note.replace(
      { ...first, title: 'b' },
      { base: { ...first }, headers: { 'if-match': '"v1"' } },
    );
    expect(result).toMatchObject({ outcome: 'merged', value: { title: 'b', tags: ['theirs'] } });
  });

  it('needs no version on a route that has none', async () => {
    const origin = new Origin(first).once('PUT', () => new Response(null, { status: 204 }));
    const api = createClient({ baseUrl, fetch: origin.fetch, routes: { 'notes/:id': { version: none() } } });
    expect((await api.resource('notes/:id', { id: 1 }).replace(first, { base: undefined })).outcome).toBe(
      'applied',
    );
  });

  it('refuses a base of another resource', async () => {
    const origin = new Origin(first);
    const { api, note } = clientOf(origin);
    const other = await api.resource('notes/:id', { id: '43' }).read();
    expect(await rejectionOf(note.replace(first, { base: other }))).toMatchObject({
      name: 'TypeError',
      message: 'base is a state of another resource than /notes/42.',
    });
  });

  it('carries the version wherever the route has it', async () => {
    const origin = new Origin({ ...first, _rev: '1-a' });
    const version = { read: field('/_rev'), write: query('rev') };
    const api = createClient({
      baseUrl,
      fetch: origin.fetch,
      routes: { 'notes/:id': {} },
      defaults: { version },
    });
    const note = api.resource('notes/:id', { id: 1 });
    origin.once('DELETE', () => new Response(null, { status: 200 }));
    await note.delete({ base: await note.read() });
    expect(origin.requests.at(-1)?.url).toBe('https://api.test/notes/1?rev=1-a');
  });

  it('deletes what has changed if its call says so, or a function that sees both states', async () => {
    for (const isAsked of [false, true]) {
      const origin = new Origin(first);
      const { note } = clientOf(origin);
      const seen = await note.read();
      origin.change({ title: 'b', tags: [] });
      const states: unknown[] = [];
      const asking = (both: unknown) => (states.push(both), 'delete' as const);
      const recovery = { onConflict: { changed: isAsked ? asking : ('delete' as const) } };
      expect((await note.delete({ base: seen, recovery })).outcome).toBe('merged');
      expect(origin.value).toBeUndefined();
      expect(states).toEqual(isAsked ? [{ base: first, remote: { title: 'b', tags: [] } }] : []);
    }
  });

  it('may do otherwise than its route, once', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin);
    const seen = await note.read();
    origin.change({ title: 'b', tags: [] });
    const stopped = await rejectionOf(note.replace(first, { base: seen, recovery: { retry: 0 } }));
    expect(stopped).toMatchObject({ code: 'retry-limit' });
    const merge = threeWay<Note>({ '/title': (_, mine, theirs) => `${String(theirs)}, ${String(mine)}` });
    const result = await note.replace({ title: 'c', tags: ['x'] }, { base: seen, recovery: { merge } });
    expect(result.value).toEqual({ title: 'b, c', tags: [] });
  });

  it('of text and of bytes is written as it was read', async () => {
    const text = new Origin('one', 'text/markdown');
    const markdown = createClient({ baseUrl, fetch: text.fetch, routes: { 'notes/:id': {} } }).resource(
      'notes/:id',
      { id: 1 },
    );
    await markdown.update((before) => `${String(before)} two`);
    expect(text.value).toBe('one two');
    expect(text.requests.at(-1)?.headers.get('content-type')).toBe('text/markdown');

    const bytes = new Origin(new Uint8Array([1, 255]), 'image/png');
    const image = createClient({ baseUrl, fetch: bytes.fetch, routes: { 'notes/:id': {} } }).resource(
      'notes/:id',
      { id: 1 },
    );
    await image.update((before) => new Uint8Array([...(before as Uint8Array), 2]));
    expect(bytes.value).toEqual(new Uint8Array([1, 255, 2]));
  });
});

it('A handle stops with the client that it belongs to.', async () => {
  const origin = new Origin(first);
  const stop = new AbortController();
  const { api } = clientOf(origin);
  const note = api.extend({ signal: stop.signal }).resource('notes/:id', { id: '42' });
  const seen = await note.read();
  const reason = new Error('signed out');
  stop.abort(reason);
  expect(await rejectionOf(note.replace(first, { base: seen }))).toBe(reason);
  expect(await rejectionOf(note.read())).toBe(reason);
  expect(await rejectionOf(note.update((draft) => void (draft.title = 'b')))).toBe(reason);
  expect(origin.log).toEqual(['GET 200 "v1"']);
});
