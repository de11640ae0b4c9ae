import {
  createClient,
  field,
  isRecoveryError,
  set,
  threeWay,
  type ClientOptions,
  type RecoveryError,
  type RouteOptions,
} from 'remerge';
import { isHTTPError } from 'ky';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../src/errors.ts';
import { baseUrl, clientOf, noteSchema, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf, reportOf, url } from '../support/write.ts';

const ours: Note = { title: '42', tags: ['ours'] };
const theirs: Note = { title: '42', tags: ['theirs'] };
const both: Note = { title: '42', tags: ['theirs', 'ours'] };
const merge = threeWay<unknown>({ '/tags': set() });

/** What a promise rejects with, which must be ours. */
async function failureOf(promise: Promise<unknown>): Promise<RecoveryError> {
  const error = await rejectionOf(promise);
  if (!isRecoveryError(error)) throw error;
  return error;
}

/** A client of one note, in a time of its own. */
function noteOf(origin: Origin, more: ClientOptions<object> = {}) {
  const clock = new VirtualClock();
  return { clock, ...clientOf(origin, { clock, ...more, defaults: { merge, ...more.defaults } }) };
}

/** A client whose notes are made by POST to their collection. */
function collectionOf(origin: Origin, more: RouteOptions<Note> = {}) {
  const clock = new VirtualClock();
  const api = createClient({
    ...{ baseUrl, clock, fetch: origin.fetch, defaults: { merge } },
    routes: {
      notes: {
        ...{ schema: noteSchema, methods: ['POST'] },
        server: { create: { method: 'POST', find: ({ value }) => `notes/${(value as Note).title}` } },
        ...more,
      },
      'notes/:id': { schema: noteSchema },
    },
  });
  return { api, clock, notes: api.resource('notes'), note: api.resource('notes/:id', { id: '42' }) };
}

const conflict = (): Response => Response.json({ error: 'taken' }, { status: 409 });

describe('a create by a handle', () => {
  it('makes what is not there, and knows what it has made', async () => {
    const origin = new Origin(undefined);
    const { note } = noteOf(origin);
    const made = await note.create(ours);
    expect(origin.log).toEqual(['PUT 201 *']);
    expect(made).toMatchObject({ outcome: 'applied', value: ours, version: '"v1"' });
    await note.replace(both, { base: made });
    expect(origin.log).toEqual(['PUT 201 *', 'PUT 204 "v1"']);
  });

  it('of what exists fails by default: ky’s own error is the cause', async () => {
    const origin = new Origin(theirs);
    const error = await failureOf(noteOf(origin).note.create(ours));
    expect(origin.log).toEqual(['PUT 412 *']);
    expect(error).toMatchObject({ code: 'exists', recovery: { maybeApplied: false } });
    expect(error.response?.status).toBe(412);
    expect(isHTTPError(error.cause) && error.cause.data).toBe('It exists already');
    expect(error.message).toBe(
      `PUT ${url} failed (412): exists. It exists already. See onConflict.exists and create.find. ${errorsPage}#exists`,
    );
  });

  it('adopts what exists, and goes on from there', async () => {
    const origin = new Origin(theirs);
    const { note } = noteOf(origin);
    const adopted = await note.create(ours, { recovery: { onConflict: { exists: 'adopt' } } });
    expect(origin.log).toEqual(['PUT 412 *', 'GET 200 "v1"']);
    expect(adopted).toMatchObject({ outcome: 'unchanged', value: theirs, version: '"v1"' });
    await note.replace(both, { base: adopted });
    expect(origin.log.at(-1)).toBe('PUT 204 "v1"');
  });

  it('is merged onto what exists, and goes on from there', async () => {
    const origin = new Origin(theirs);
    const { note } = noteOf(origin, { defaults: { onConflict: { exists: 'merge' } } });
    const merged = await note.create(ours);
    expect(origin.log).toEqual(['PUT 412 *', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(merged).toMatchObject({ outcome: 'merged', value: both, version: '"v2"' });
    expect(merged.attempts).toMatchObject([{ status: 412 }, { status: 204, version: '"v1"' }]);
    await note.patch({ title: 'x' }, { base: merged.value });
    expect(origin.log.at(-1)).toBe('PATCH 204 "v2"');
  });

  it('asks a function of both states', async () => {
    const origin = new Origin(theirs);
    const seen: unknown[] = [];
    const { note } = noteOf(origin);
    const onExists = (states: unknown) => {
      seen.push(states);
      return Promise.resolve('adopt' as const);
    };
    expect(await note.create(ours, { recovery: { onConflict: { exists: onExists } } })).toMatchObject({
      outcome: 'unchanged',
    });
    expect(seen).toEqual([{ local: ours, remote: theirs }]);
  });

  it('is merged where the first version that it thought of is the very one that exists', async () => {
    const origin = new Origin({ ...theirs, version: 1 }).once('PUT', conflict);
    origin.once('PUT', () => new Response(null, { status: 200 }));
    const { note } = noteOf(origin, {
      defaults: { version: field('/version'), onConflict: { exists: 'merge' } },
    });
    const merged = await note.create({ ...ours, version: 1 } as Note);
    expect(merged).toMatchObject({ outcome: 'merged', value: both });
    expect(await origin.requests.at(-1)?.json()).toEqual({ ...both, version: 1 });
  });
});

describe('a create by api.put', () => {
  const headers = { 'if-none-match': '*' };

  it('does what the call says, or else the route', async () => {
    const origin = new Origin(theirs);
    const { api } = noteOf(origin, { defaults: { onConflict: { exists: 'adopt' } } });
    const adopted = await api.put('notes/42', { json: ours, headers });
    expect(await adopted.json()).toEqual(theirs);
    expect(reportOf(adopted)).toMatchObject({ outcome: 'unchanged' });
    const merged = await api.put('notes/42', {
      json: ours,
      headers,
      recovery: { onConflict: { exists: 'merge' } },
    });
    expect(reportOf(merged)).toMatchObject({ outcome: 'merged' });
    expect(origin.value).toEqual(both);
    const failing = api.put('notes/42', {
      json: ours,
      headers,
      recovery: { onConflict: { exists: 'fail' } },
    });
    expect(await failureOf(failing)).toMatchObject({ code: 'exists' });
    expect(origin.log).toEqual([
      ...['PUT 412 *', 'GET 200 "v1"'],
      ...['PUT 412 *', 'GET 200 "v1"', 'PUT 204 "v1"'],
      ...['PUT 412 *'],
    ]);
  });
});

describe('a create by POST', () => {
  it('makes what is not there, but knows nothing of where that is', async () => {
    const origin = new Origin(undefined);
    const location = { location: '/notes/42' };
    origin.once('POST', () => new Response(null, { status: 201, headers: { ...location, etag: '"x"' } }));
    const { notes } = collectionOf(origin);
    const made = await notes.create(ours);
    expect(origin.requests.map((request) => `${request.method} ${request.url}`)).toEqual([
      `POST ${baseUrl}notes`,
    ]);
    expect(origin.requests[0]?.headers.has('if-none-match')).toBe(false);
    expect(made).toMatchObject({ outcome: 'applied', value: ours });
    // It is no state of the collection's own address, so what is there is read first.
    expect(await failureOf(notes.replace(ours, { base: made }))).toMatchObject({ code: 'gone' });
  });

  it('knows nothing of where its value is, either', async () => {
    const origin = new Origin(theirs).once('POST', conflict);
    const { notes } = collectionOf(origin, { onConflict: { exists: 'merge' } });
    const { value } = await notes.create(ours);
    const before = origin.log.length;
    await notes.replace(ours, { base: value });
    expect(origin.log[before]).toBe('GET 200 "v2"');
  });

  it('of what exists fails by default, wherever that is', async () => {
    const origin = new Origin(theirs).once('POST', conflict);
    const error = await failureOf(collectionOf(origin).notes.create(ours));
    expect(origin.log).toEqual(['POST 409']);
    expect(error).toMatchObject({ code: 'exists' });
    expect(isHTTPError(error.cause) && error.cause.data).toEqual({ error: 'taken' });
  });

  it('adopts or is merged onto the one that the route locates', async () => {
    const origin = new Origin(theirs).once('POST', conflict).once('POST', conflict);
    const { notes } = collectionOf(origin, {
      server: { create: { method: 'POST', find: ({ value }) => `/notes/${(value as Note).title}` } },
    });
    const adopted = await notes.create(ours, { recovery: { onConflict: { exists: 'adopt' } } });
    expect(adopted).toMatchObject({ outcome: 'unchanged', value: theirs, version: '"v1"' });
    const merged = await notes.create(ours, { recovery: { onConflict: { exists: 'merge' } } });
    expect(merged).toMatchObject({ outcome: 'merged', value: both });
    expect(origin.log).toEqual(['POST 409', 'GET 200 "v1"', 'POST 409', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(origin.requests.at(-1)?.url).toBe(url);
    // Its state is that of another resource than the handle's.
    await notes.replace(ours, { base: merged });
    expect(origin.log[5]).toBe('GET 200 "v2"');
  });

  it('by api.post does the same', async () => {
    const origin = new Origin(theirs).once('POST', conflict);
    const { api } = collectionOf(origin, { onConflict: { exists: 'merge' } });
    const response = await api.post('notes', { json: ours });
    expect(reportOf(response)).toMatchObject({ outcome: 'merged', method: 'POST' });
    expect(origin.log).toEqual(['POST 409', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(origin.value).toEqual(both);
  });

  it('that breaks a business rule stops with what the server says, and nothing is written', async () => {
    const origin = new Origin(undefined).once('POST', conflict);
    const { notes, clock } = collectionOf(origin, { onConflict: { exists: 'merge', gone: 'recreate' } });
    const error = await failureOf(clock.run(notes.create(ours)));
    expect(origin.log).toEqual(['POST 409', 'GET 404', 'GET 404']);
    expect(error).toMatchObject({ code: 'no-progress', recovery: { likely: 'business-rule' } });
    expect(isHTTPError(error.cause) && error.cause.data).toEqual({ error: 'taken' });
  });
});

describe('a write by a handle whose resource was deleted meanwhile', () => {
  const writes = {
    replace: (more: object) => async (origin: Origin) => {
      const { note } = noteOf(origin, more);
      const base = await note.read();
      origin.remove();
      return { note, write: note.replace({ title: 'b', tags: ['a'] }, { base }) };
    },
    patch: (more: object) => async (origin: Origin) => {
      const { note } = noteOf(origin, more);
      const base = await note.read();
      origin.remove();
      return { note, write: note.patch({ title: 'b' }, { base: base.value }) };
    },
  };
  const recreating = { defaults: { onConflict: { gone: 'recreate' } } };
  const base: Note = { title: 'a', tags: ['a'] };
  const wanted: Note = { title: 'b', tags: ['a'] };

  it.each(['replace', 'patch'] as const)('%s fails by default', async (name) => {
    const origin = new Origin(base);
    const { write } = await writes[name]({})(origin);
    const error = await failureOf(write);
    expect(origin.log).toHaveLength(2);
    expect(error).toMatchObject({ code: 'gone' });
    expect(error.response?.status).toBe(404);
  });

  it.each(['replace', 'patch'] as const)(
    '%s creates it anew where the route says so, and goes on from there',
    async (name) => {
      const origin = new Origin(base);
      const { note, write } = await writes[name](recreating)(origin);
      const made = await write;
      const method = name === 'replace' ? 'PUT' : 'PATCH';
      expect(origin.log).toEqual(['GET 200 "v1"', `${method} 404 "v1"`, 'GET 404', 'PUT 201 *']);
      expect(origin.value).toEqual(wanted);
      expect(made).toMatchObject({ outcome: 'merged', value: wanted, version: '"v2"' });
      await note.replace(base, { base: made });
      expect(origin.log.at(-1)).toBe('PUT 204 "v2"');
      expect(origin.requests.at(-1)?.headers.get('content-type')).toBe('application/json');
    },
  );

  it('makes its headers anew for each request on the way', async () => {
    const origin = new Origin(base);
    let count = 0;
    const headers = () => ({ authorization: `Bearer ${String((count += 1))}` });
    const scope = () => 'me';
    const { write } = await writes.patch({ ...recreating, headers, scope })(origin);
    await write;
    expect(origin.log).toHaveLength(4);
    const sent = origin.requests.map((request) => request.headers.get('authorization'));
    expect(sent).toEqual(['Bearer 1', 'Bearer 2', 'Bearer 3', 'Bearer 4']);
  });
});
