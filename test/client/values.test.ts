import {
  createClient,
  field,
  header,
  isRecoveryError,
  none,
  threeWay,
  type ClientOptions,
  type RouteOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { baseUrl, noteSchema, type Note } from '../support/client.ts';
import { oneUser } from '../support/users.ts';
import { Origin, type Handler } from '../support/origin.ts';
import { rejectionOf } from '../support/write.ts';

const first: Note = { title: 'a', tags: ['x'] };

function noteOf<Value = Note>(origin: Origin, route: RouteOptions<Value> = {}) {
  const api = createClient({ baseUrl, fetch: origin.fetch, scope: oneUser, routes: { 'notes/:id': route } });
  return api.resource('notes/:id', { id: '42' });
}

const merging = { merge: threeWay<Note>() };
const json = { 'content-type': 'application/json' };

/** Makes of what is written whatever it likes, and shows that, or says no more than that it was done. */
function storing(
  origin: Origin,
  make: (sent: never) => unknown,
  { shows = true, named = true }: { shows?: boolean; named?: boolean } = {},
): Handler {
  return async (request) => {
    if (request.headers.get('if-match') !== origin.tag) return new Response(null, { status: 412 });
    origin.change(make((await request.clone().json()) as never));
    const headers = { ...json, ...(named && { etag: origin.tag }) };
    return shows
      ? new Response(origin.raw as string, { headers })
      : new Response(null, { status: 204, headers });
  };
}

const copies: readonly (readonly [string, (given: object) => unknown])[] = [
  ['spread', (given) => ({ ...given })],
  ['cloned', (given) => structuredClone(given)],
  ['cloned after a spread', (given) => structuredClone({ ...given })],
  ['of JSON', (given) => JSON.parse(JSON.stringify(given)) as unknown],
  ['of another order', (given) => Object.fromEntries(Object.entries(given).reverse())],
  ['behind a proxy', (given) => new Proxy(given, {})],
];

describe('a snapshot or a result that was copied', () => {
  it.each(copies)('is opened as a base: %s', async (_, copy) => {
    const origin = new Origin(first);
    const note = noteOf(origin, merging);
    const one = await note.replace({ ...first, title: 'b' }, { base: copy(await note.read()) });
    expect(one.outcome).toBe('applied');
    const two = await note.patch({ title: 'c' }, { base: copy(one) });
    expect(two.value).toEqual({ title: 'c', tags: ['x'] });
    await note.delete({ base: copy(await note.read()) });
    expect(origin.log.filter((line) => !line.startsWith('GET'))).toEqual([
      'PUT 204 "v1"',
      'PATCH 204 "v2"',
      'DELETE 204 "v3"',
    ]);
  });

  it.each(copies)('meets what somebody else has written as its original does: %s', async (_, copy) => {
    const origin = new Origin(first);
    const note = noteOf(origin, merging);
    const base = copy(await note.read());
    origin.change({ title: 'a', tags: ['theirs'] });
    const saved = await note.replace({ ...first, title: 'b' }, { base });
    expect(saved.outcome).toBe('merged');
    expect(origin.value).toEqual({ title: 'b', tags: ['theirs'] });
  });

  it('is opened in whatever place the version is', async () => {
    for (const version of [field('/v'), header('X-V'), none()]) {
      const origin = new Origin({ title: 'a', v: 7 });
      origin.isLenient = true;
      const note = noteOf<{ title: string; v: number }>(origin, { merge: threeWay(), version });
      const show: Handler = () => new Response(origin.raw as string, { headers: { ...json, 'x-v': '7' } });
      origin.once('GET', show).once('GET', show);
      const base: unknown = JSON.parse(JSON.stringify(await note.read()));
      await note.replace({ title: 'b', v: 7 }, { base });
      expect(origin.value).toEqual({ title: 'b', v: 7 });
    }
  });

  it('is told from a document that has the same members', async () => {
    interface Setting {
      readonly value: unknown;
      readonly version?: string;
    }
    for (const document of [
      { value: 5, version: '1' },
      { value: 5, version: '"v1"' },
      { value: { value: 5 }, version: '"v1"' },
      { value: 5 },
    ]) {
      const origin = new Origin(document);
      const setting = noteOf<Setting>(origin, { merge: threeWay() });
      await setting.replace({ ...document, value: 6 }, { base: { ...document } });
      expect(origin.value).toEqual({ ...document, value: 6 });
      await setting.patch({ value: 7 }, { base: { ...document, value: 6 } });
      expect(origin.value).toEqual({ ...document, value: 7 });
    }
  });

  it('is told from a document by its version, and by what is patched', async () => {
    const old = new Origin({ value: 5, version: '1.0' });
    const setting = noteOf<{ value: number; version?: string }>(old, { merge: threeWay() });
    await setting.replace({ value: 6 }, { base: { value: 5, version: '1.0' } });
    expect(old.value).toEqual({ value: 6 });
    const origin = new Origin({ value: 5, unit: 'm' });
    const length = noteOf<{ value: number; unit: string }>(origin);
    const base: unknown = structuredClone(await length.read());
    expect(await length.patch({ value: 6 }, { base })).toMatchObject({ value: { value: 6, unit: 'm' } });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PATCH 204 "v1"']);
  });

  it('is refused by name where it shows no state', async () => {
    const origin = new Origin(first);
    const note = noteOf(origin, merging);
    const removed = await note.delete({ base: await note.read() });
    for (const base of [removed, { ...removed }, JSON.parse(JSON.stringify(removed))] as unknown[]) {
      const error = await rejectionOf(note.replace(first, { base }));
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain('shows no state');
    }
    expect(origin.log).toEqual(['GET 200 "v1"', 'DELETE 204 "v1"']);
  });

  it('is an instance, and shows no more than its members', async () => {
    const origin = new Origin(first);
    const note = noteOf(origin, merging);
    const seen = await note.read();
    const results = [
      await note.replace({ ...first, title: 'b' }, { base: seen }),
      await note.update((draft) => void draft.tags.push('y')),
      await note.update(() => undefined),
    ];
    for (const given of [seen, ...results]) {
      expect(Object.getPrototypeOf(given)).not.toBe(Object.prototype);
      expect(Object.keys(given)).not.toContain('response');
      expect(given.response).toBeInstanceOf(Response);
    }
    expect(Object.keys(seen)).toEqual(['value', 'version']);
  });
});

describe('a write whose answer names no version', () => {
  it.each([
    ['PUT 204', { shows: false, named: false }],
    ['PUT 200 with the state', { shows: true, named: false }],
  ])('is a base all the same: after %s the next save begins with a read', async (_, answer) => {
    const origin = new Origin(first);
    origin.once(
      'PUT',
      storing(origin, (sent) => sent, answer),
    );
    const note = noteOf(origin, merging);
    const one = await note.replace({ ...first, title: 'b' }, { base: await note.read() });
    expect(one.version).toBeUndefined();
    origin.change({ title: 'b', tags: ['theirs'] });
    const two = await note.replace({ ...one.value, title: 'c' }, { base: one });
    expect(origin.log.slice(2)).toEqual(['GET 200 "v3"', 'PUT 204 "v3"']);
    expect(two.outcome).toBe('merged');
    expect(origin.value).toEqual({ title: 'c', tags: ['theirs'] });
  });

  it('is one by its value, and after a PATCH', async () => {
    const origin = new Origin(first);
    const note = noteOf(origin, {});
    const one = await note.patch({ title: 'b' }, { base: await note.read() });
    const two = await note.patch({ tags: [] }, { base: one.value });
    expect(two.outcome).toBe('applied');
    expect(origin.log.slice(1)).toEqual(['PATCH 204 "v1"', 'GET 200 "v2"', 'PATCH 204 "v2"']);
    expect(two.value).toEqual({ title: 'b', tags: [] });
  });

  it('lets no version within the value stand for it', async () => {
    interface Counted extends Note {
      readonly v: number;
    }
    const origin = new Origin({ ...first, v: 1 });
    const note = noteOf<Counted>(origin, { merge: threeWay(), version: field('/v') });
    const put =
      (status: number, next?: Counted): Handler =>
      () => {
        if (next) origin.change(next);
        return new Response(null, { status });
      };
    origin.once('PUT', put(204, { ...first, title: 'b', v: 2 })).once('PUT', put(204));
    const one = await note.replace({ ...first, title: 'b', v: 1 }, { base: await note.read() });
    origin.change({ title: 'b', tags: ['theirs'], v: 3 });
    await note.replace({ ...one.value, title: 'c', v: 99 }, { base: one });
    expect(await origin.requests.at(-1)?.json()).toEqual({ title: 'c', tags: ['theirs'], v: 3 });
  });
});

describe('what a server shows of what was written', () => {
  const stamped = (sent: Note) => ({ ...sent, slug: sent.title.toUpperCase() });

  it('is the value, whatever its strong ETag says of what was sent', async () => {
    const origin = new Origin(first).once('PUT', () => undefined);
    const note = noteOf(origin, merging);
    origin.once('PUT', storing(origin, stamped));
    const base = await note.read();
    await note.replace({ ...first, title: 'b' }, { base });
    const shown = await note.replace({ ...first, title: 'c' }, { base: await note.read() });
    expect(shown).toMatchObject({ value: { title: 'c', slug: 'C' }, version: '"v3"' });
    await note.replace({ ...shown.value, title: 'd' }, { base: shown });
    expect(origin.value).toEqual({ title: 'd', tags: ['x'], slug: 'C' });
  });

  it('is the value after a merge and after an update, and what the next update goes on from', async () => {
    const origin = new Origin(first);
    const note = noteOf(origin, merging);
    const base = await note.read();
    origin.change({ title: 'a', tags: ['theirs'] });
    origin.once('PUT', storing(origin, stamped)).once('PUT', storing(origin, stamped));
    const merged = await note.replace({ ...first, title: 'b' }, { base });
    expect(merged).toMatchObject({ outcome: 'merged', value: { title: 'b', tags: ['theirs'], slug: 'B' } });
    origin.once('PUT', storing(origin, stamped));
    const one = await note.update((draft) => void (draft.title = 'c'));
    expect(one.value).toEqual(origin.value);
    const reads = origin.log.filter((line) => line.startsWith('GET')).length;
    await note.update((draft) => void (draft.title = 'd'));
    expect(origin.value).toEqual({ title: 'd', tags: ['theirs'], slug: 'C' });
    expect(origin.log.filter((line) => line.startsWith('GET'))).toHaveLength(reads);
  });

  it.each<[string, unknown, unknown, string | undefined]>([
    [
      'what has some of it may be another state: it has no version',
      { title: 'B' },
      { title: 'b', tags: ['x'] },
      undefined,
    ],
    ['what has nothing of it is the status of the action', { ok: true }, { title: 'b', tags: ['x'] }, '"v9"'],
    ['a list is no note', [1], { title: 'b', tags: ['x'] }, '"v9"'],
  ])('%s', async (_, shown, value, version) => {
    const origin = new Origin(first);
    origin.once('PUT', () => new Response(JSON.stringify(shown), { headers: { ...json, etag: '"v9"' } }));
    const note = noteOf(origin, merging);
    const written = await note.replace({ ...first, title: 'b' }, { base: await note.read() });
    expect(written).toMatchObject({ value });
    expect(written.version).toBe(version);
  });

  it('is the value of a list, and of what leaves out what is null', async () => {
    const list = new Origin([1]).once('PUT', () => Response.json([1, 2, 3], { headers: { etag: '"v2"' } }));
    const numbers = noteOf<number[]>(list, {});
    expect((await numbers.replace([1, 2], { base: await numbers.read() })).value).toEqual([1, 2, 3]);
    const origin = new Origin({ title: 'a' });
    origin.once('PUT', () => Response.json({ title: 'B' }, { headers: { etag: '"v2"' } }));
    const note = noteOf<{ title: string; due?: string | null }>(origin, {});
    const written = await note.replace({ title: 'b', due: null }, { base: await note.read() });
    expect(written).toMatchObject({ value: { title: 'B' }, version: '"v2"' });
  });

  it('is the value of a PATCH whose base nobody knows', async () => {
    const origin = new Origin(first);
    const shown = { title: 'b', tags: ['x'] };
    origin.once('PATCH', () => Response.json(shown, { headers: { etag: '"v2"' } }));
    const note = noteOf(origin, {});
    const headers = { 'if-match': '"v1"' };
    expect(await note.patch({ title: 'b' }, { base: undefined, headers })).toMatchObject({ value: shown });
    const blind = await note.patch({ title: 'c' }, { base: undefined, headers });
    expect(blind.value).toBeUndefined();
  });

  it('of a PATCH is what JSON says of the change', async () => {
    const origin = new Origin({ title: 'a', due: 'May' });
    const note = noteOf<{ title: string; due?: string }>(origin, {});
    const patched = await note.patch({ title: 'b', due: undefined } as never, { base: await note.read() });
    expect(patched.value).toEqual(origin.value);
    expect(origin.value).toEqual({ title: 'b', due: 'May' });
    expect(await rejectionOf(note.patch(undefined as never, { base: patched }))).toBeInstanceOf(TypeError);
  });
});

describe('a base that is the value itself', () => {
  it.each<[string, (value: Note) => unknown]>([
    ['the same object', (value) => value],
    ['an equal one', (value) => ({ ...value })],
    ['a copy of a snapshot with the change in it', (value) => ({ value, version: undefined })],
  ])('does not say what has changed: %s', async (_, base) => {
    const origin = new Origin(first);
    const note = noteOf(origin, merging);
    const shown = { ...first, title: 'mine' };
    const error = await rejectionOf(note.replace(shown, { base: base(shown) }));
    expect(isRecoveryError(error) && error.code).toBe('base-unknown');
    expect(String(error)).toContain('does not say what has changed');
    expect(origin.log).toEqual(['GET 200 "v1"']);
  });

  it('is no error where there is nothing to save', async () => {
    const origin = new Origin(first);
    const note = noteOf(origin, merging);
    expect(await note.replace(first, { base: first })).toMatchObject({ outcome: 'unchanged', value: first });
    const read = await note.read();
    expect((await note.replace(read.value, { base: read })).outcome).toBe('applied');
    origin.change({ title: 'theirs', tags: [] });
    const kept = await note.replace(read.value, { base: read });
    expect(kept).toMatchObject({ outcome: 'unchanged', value: { title: 'theirs' } });
  });
});

describe('what breaks the schema of its route', () => {
  const wrong = { title: 7, tags: [] } as unknown as Note;
  const route = { ...merging, schema: noteSchema };

  it('is not sent, by whatever a handle writes', async () => {
    const origin = new Origin(first);
    const note = noteOf(origin, route);
    const base = await note.read();
    for (const write of [
      note.replace(wrong, { base }),
      note.replace(wrong, { base: { ...first } }),
      note.patch({ title: 7 } as never, { base }),
      note.patch({ title: 7 } as never, { base: { ...first } }),
      note.create(wrong),
      note.update(() => wrong),
    ]) {
      const error = await rejectionOf(write);
      expect(isRecoveryError(error) && error.code).toBe('merged-invalid');
      expect(String(error)).toContain('At /title');
    }
    expect(new Set(origin.log)).toEqual(new Set(['GET 200 "v1"']));
  });

  it('is looked at under the version that it will have', async () => {
    interface Counted {
      readonly title: string;
      readonly v: number;
    }
    const schema = {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate: (value: unknown) => {
          const { title, v } = value as Counted;
          return typeof title === 'string' && typeof v === 'number'
            ? { value }
            : { issues: [{ path: ['v'] }] };
        },
      },
    };
    const origin = new Origin({ title: 'a', v: 1 });
    origin.isLenient = true;
    const note = noteOf<Counted>(origin, {
      merge: threeWay(),
      version: field('/v'),
      schema: schema,
    });
    const base = await note.read();
    const broken = await rejectionOf(note.replace({ title: 7 } as never, { base }));
    expect(isRecoveryError(broken) && broken.code).toBe('merged-invalid');
    await note.replace({ title: 'b' } as Counted, { base });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204']);
    expect(origin.value).toEqual({ title: 'b', v: 1 });
    await note.replace({ title: 'c' } as Counted, { base: { title: 'b' } });
    expect(origin.value).toEqual({ title: 'c', v: 1 });
  });
});

describe('the removal of what is gone', () => {
  it.each([404, 410])('is a success at the first answer: %i', async (status) => {
    const origin = new Origin(first).once('DELETE', () => new Response('none', { status }));
    const note = noteOf(origin, merging);
    const removed = await note.delete({ base: await note.read() });
    expect(removed).toMatchObject({ outcome: 'already-applied', value: undefined, attempts: [{ status }] });
  });

  it('is a success where the delete begins with a read, and the answer stands by a verb', async () => {
    const origin = new Origin(first);
    const api = createClient({ baseUrl, fetch: origin.fetch, routes: { 'notes/:id': merging } });
    const note = api.resource('notes/:id', { id: '42' });
    origin.remove();
    expect((await note.delete({ base: { ...first } })).outcome).toBe('already-applied');
    const headers = { 'if-match': '"v1"' };
    const { status } = await api.delete('notes/42', { headers, throwHttpErrors: false });
    expect(status).toBe(404);
  });
});

describe('JSON whose content type does not say so', () => {
  /** Shows its state under another type, or under none. */
  function untyped(body: string, type: string | undefined) {
    const origin = new Origin(JSON.parse(body) as unknown);
    const show: Handler = () => {
      const headers = { etag: origin.tag, ...(type !== undefined && { 'content-type': type }) };
      return new Response(new TextEncoder().encode(origin.raw as string), { headers });
    };
    for (let nth = 0; nth < 4; nth += 1) origin.once('GET', show);
    return origin;
  }

  it.each<[string, string | undefined, RouteOptions<Note>]>([
    ['none, with a schema', undefined, { ...merging, schema: noteSchema }],
    ['bytes, with a schema', 'application/octet-stream', { ...merging, schema: noteSchema }],
    ['none at all', undefined, merging],
  ])('is read as JSON, merged and written as JSON: %s', async (_, type, route) => {
    const origin = untyped(JSON.stringify(first), type);
    const note = noteOf(origin, route);
    origin.overtake({ title: 'a', tags: ['theirs'] });
    await note.update((draft) => void (draft.title = 'mine'));
    expect(origin.value).toEqual({ title: 'mine', tags: ['theirs'] });
    expect(origin.requests.at(-1)?.headers.get('content-type')).toBe('application/json');
  });

  it('is never silently left as it is', async () => {
    const bytes = noteOf(untyped(JSON.stringify(first), 'application/octet-stream'));
    expect(await rejectionOf(bytes.update((draft) => void (draft.title = 'mine')))).toBeInstanceOf(TypeError);
    const origin = new Origin(new Uint8Array([1, 255]), 'application/octet-stream');
    const broken = await rejectionOf(noteOf(origin, { schema: noteSchema }).read());
    expect(isRecoveryError(broken) && broken.code).toBe('remote-invalid');
  });

  it('is a base by what json() made of it', async () => {
    const origin = untyped(JSON.stringify(first), 'application/octet-stream');
    const api = createClient({ baseUrl, fetch: origin.fetch, routes: { 'notes/:id': merging } });
    const base = await api.get('notes/42').json<Note>();
    origin.change({ title: 'a', tags: ['theirs'] });
    await api.put('notes/42', { json: { ...base, title: 'mine' }, base });
    expect(origin.value).toEqual({ title: 'mine', tags: ['theirs'] });
  });
});

describe('a page where a resource should be, such as a login shows', () => {
  const page = (): Origin => new Origin('<h1>Log in</h1>', 'text/html; charset=utf-8');

  it('is no state of a resource', async () => {
    for (const route of [{}, { schema: noteSchema }, merging]) {
      const origin = page();
      const note = noteOf(origin, route);
      for (const asked of [note.read(), note.update((draft) => void (draft.title = 'mine'))]) {
        const error = await rejectionOf(asked);
        expect(isRecoveryError(error) && error.code).toBe('content-type');
        expect((error as Error).message).not.toContain('Log in');
      }
      expect(origin.log.every((line) => line.startsWith('GET'))).toBe(true);
    }
  });

  it('is one for whoever asks for a page', async () => {
    const note = noteOf<string>(page());
    const { value } = await note.read({ headers: { accept: 'text/html' } });
    expect(value).toBe('<h1>Log in</h1>');
  });
});

describe('json(schema) by a client whose stringifyJson can’t write what the schema made', () => {
  it('gives it all the same', async () => {
    const origin = new Origin(first);
    const stringifyJson = (): string => {
      throw new Error('not this');
    };
    const schema = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const; // prettier-ignore
    const shared = { baseUrl, fetch: origin.fetch, scope: oneUser, stringifyJson };
    for (const routes of [{}, { 'notes/:id': { merge: threeWay() } }]) {
      const api = createClient({ ...shared, routes });
      expect(await api.get('notes/42').json(schema)).toEqual(first);
    }
  });
});

describe('text', () => {
  it('is looked at by the schema of its route, too', async () => {
    const error = await rejectionOf(noteOf(new Origin('busy', 'text/plain'), { schema: noteSchema }).read());
    expect(isRecoveryError(error) && error.code).toBe('remote-invalid');
  });
});

describe('what one call says', () => {
  it.each([{ limit: -1 }, { limit: 1.5 }, { limt: 3 }, { version: field('/v') }, { totalTimeout: 'long' }])(
    'is checked before anything is sent: %j',
    async (wrong) => {
      const origin = new Origin(first);
      const api = createClient({ baseUrl, fetch: origin.fetch, routes: { 'notes/:id': merging } });
      const note = api.resource('notes/:id', { id: '42' });
      const said = wrong as object;
      const headers = { 'if-match': '"v1"' };
      for (const call of [
        () => note.replace(first, { base: first, ...said }),
        () => note.patch({}, { base: first, ...said }),
        () => note.delete({ base: first, ...said }),
        () => note.create(first, said),
        () => note.update(() => undefined, said),
        () => api.put('notes/42', { json: first, headers, recovery: said }),
      ])
        expect(await rejectionOf(call())).toBeInstanceOf(TypeError);
      expect(origin.log).toEqual([]);
    },
  );

  it('reaches fetch, where it is one of its settings', async () => {
    const origin = new Origin(first);
    const note = noteOf(origin, merging);
    const how = { keepalive: true, credentials: 'include', mode: 'same-origin' } as const;
    const base = await note.read(how);
    await note.replace({ ...first, title: 'b' }, { base, ...how });
    await note.update((draft) => void draft.tags.push('y'), how);
    for (const { keepalive, credentials, mode } of origin.requests)
      expect([keepalive, credentials, mode]).toEqual([true, 'include', 'same-origin']);
    expect(origin.log.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
  });
});

describe('updates that ask for different settings of fetch', () => {
  it('each get their own', async () => {
    const origin = new Origin(first);
    const note = noteOf(origin, merging);
    const add = (tag: string) => (draft: Note) => void draft.tags.push(tag);
    await Promise.all([note.update(add('y')), note.update(add('z'), { keepalive: true })]);
    expect((origin.value as Note).tags.sort()).toEqual(['x', 'y', 'z']);
    const made = origin.requests.filter(({ method }) => method === 'PUT');
    expect(new Set(made.map(({ keepalive }) => keepalive))).toEqual(new Set([true, false]));
  });
});

describe('a base URL', () => {
  const routes = { 'notes/:id': {} };

  it('that loses its last segment is refused by a handle, and is what ky makes of it by a verb', async () => {
    const lossy = { baseUrl: 'https://api.test/v1' };
    const handleOf = (options: ClientOptions<{ 'notes/:id': unknown }>) =>
      createClient({ ...options, routes }).resource('notes/:id', { id: 1 });
    expect(() => handleOf(lossy)).toThrow(/no slash at its end/);
    const extended = createClient({ baseUrl, routes }).extend({ baseUrl: 'https://api.test/v1?a' });
    expect(() => extended.resource('notes/:id', { id: 1 })).toThrow(TypeError);
    for (const fine of ['https://api.test', 'https://api.test/v1/', new URL('https://api.test')])
      expect(handleOf({ baseUrl: fine }).url.pathname).toMatch(/^(\/v1)?\/notes\/1$/);
    const rooted = createClient({ ...lossy, routes: { '/notes/:id': {} } });
    expect(rooted.resource('/notes/:id', { id: 1 }).url.pathname).toBe('/notes/1');
    const origin = new Origin(first);
    await createClient({ ...lossy, fetch: origin.fetch, routes })
      .get('notes/1')
      .json();
    expect(origin.requests[0]?.url).toBe('https://api.test/notes/1');
  });

  it('that is relative is named where there is no page', () => {
    const api = createClient({ baseUrl: '/api/', routes });
    expect(() => api.resource('notes/:id', { id: 1 })).toThrow(/baseUrl '\/api\/' is relative/);
  });
});
