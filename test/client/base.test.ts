import { createClient, recoveryOf, threeWay, withConflictRecovery, type MergeContext } from 'remerge';
import { describe, expect, it } from 'vitest';
import { baseUrl, clientOf, noteSchema, type Note } from '../support/client.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, url } from '../support/write.ts';

const first: Note = { title: 'a', tags: ['x'] };

/** A client whose merges show their base. */
function watched(origin: Origin) {
  const bases: unknown[] = [];
  const merge = ({ base, local }: MergeContext): unknown => {
    bases.push(base);
    return local;
  };
  return { ...clientOf(origin, { memory: 0, defaults: { merge } }), bases };
}

describe('a value that was read', () => {
  it('is recognised as base, and its write goes out under its version', async () => {
    const origin = new Origin(first);
    const { api } = clientOf(origin);
    const seen = await api.get('notes/42').json<Note>();
    await api.put('notes/42', { json: { ...seen, title: 'b' }, base: seen });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
  });

  it('stays the base that it was, though somebody else has read a newer state since', async () => {
    const origin = new Origin(first);
    const { api, bases } = watched(origin);
    const mine = await api.get('notes/42').json<Note>();
    origin.change({ title: 'theirs', tags: [] });
    await api.get('notes/42').json();
    const response = await api.put('notes/42', { json: { ...mine, title: 'b' }, base: mine });
    expect(recoveryOf(response)?.outcome).toBe('merged');
    expect(bases).toEqual([first]);
    expect(origin.log).toEqual([
      'GET 200 "v1"',
      'GET 200 "v2"',
      'PUT 412 "v1"',
      'GET 200 "v2"',
      'PUT 204 "v2"',
    ]);
  });

  it('is the state that it was when it was read, though it was changed in place', async () => {
    const origin = new Origin(first);
    const { api, bases } = watched(origin);
    const seen = await api.get('notes/42').json<Note>();
    seen.title = 'b';
    origin.change({ title: 'theirs', tags: [] });
    await api.put('notes/42', { json: seen, base: seen });
    expect(bases).toEqual([first]);
    expect(origin.value).toEqual({ title: 'b', tags: ['x'] });
  });

  it.each([
    ['json() of the call', (api: ReturnType<typeof clientOf>['api']) => api.get('notes/42').json<Note>()],
    [
      'json() of the response',
      async (api: ReturnType<typeof clientOf>['api']) => (await api.get('notes/42')).json<Note>(),
    ],
    [
      'json() of a clone',
      async (api: ReturnType<typeof clientOf>['api']) =>
        (await api.get('notes/42')).clone().json() as Promise<Note>,
    ],
    ['the client itself', async (api: ReturnType<typeof clientOf>['api']) => api('notes/42').json<Note>()],
  ])('is recognised from %s', async (_, readBy) => {
    const origin = new Origin(first);
    const { api } = clientOf(origin);
    const seen = await readBy(api);
    await api.put('notes/42', { json: seen, base: seen });
    expect(origin.log.at(-1)).toBe('PUT 204 "v1"');
  });

  it('is recognised by a handle where the client adds search parameters', async () => {
    const origin = new Origin(first);
    const { note } = clientOf(origin, { searchParams: { key: '1' } });
    const seen = await note.read();
    const written = await note.replace({ title: 'b', tags: [] }, { base: seen });
    await note.replace({ title: 'c', tags: [] }, { base: written });
    await note.update((draft) => {
      draft.title = 'd';
    });
    expect(origin.value).toEqual({ title: 'd', tags: [] });
    expect(new Set(origin.requests.map(({ url }) => new URL(url).search))).toEqual(new Set(['?key=1']));
  });

  it('is recognised as what a parser or a schema made of it', async () => {
    const origin = new Origin(first);
    const api = createClient({
      baseUrl,
      fetch: origin.fetch,
      parseJson: (text) => JSON.parse(text) as unknown,
      routes: { 'notes/:id': {} },
      defaults: { merge: threeWay() },
    });
    const parsed = await (await api.get('notes/42')).json<Note>();
    await api.put('notes/42', { json: parsed, base: parsed });
    expect(origin.log.at(-1)).toBe('PUT 204 "v1"');

    // A schema that strips what it doesn't know: what is not there for the caller is not removed by the caller.
    const strict = {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate: (value: unknown) => ({ value: { title: (value as Note).title } }),
      },
    };
    const stripped = await api.get('notes/42').json(strict);
    origin.change({ title: 'a', tags: ['theirs'] });
    await api.put('notes/42', { json: { ...stripped, title: 'b' }, base: stripped });
    expect(origin.value).toEqual({ title: 'b', tags: ['theirs'] });
  });

  it('is not recognised in a copy: what is there is then read before anything is written', async () => {
    const origin = new Origin(first);
    const { api, bases } = watched(origin);
    const seen = await api.get('notes/42').json<Note>();
    origin.change({ title: 'theirs', tags: [] });
    await api.put('notes/42', { json: { ...seen, title: 'b' }, base: { ...seen } });
    expect(origin.log.slice(1)).toEqual(['GET 200 "v2"', 'PUT 204 "v2"']);
    expect(bases).toEqual([first]);
  });

  it('does not overrule the version that a write carries by itself', async () => {
    const origin = new Origin(first);
    const { api } = clientOf(origin);
    const seen = await api.get('notes/42').json<Note>();
    origin.change({ title: 'b', tags: [] });
    await api.put('notes/42', { json: seen, base: seen, headers: { 'if-match': '"v2"' } });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v2"']);
  });

  it('of another resource is refused before anything is sent', async () => {
    const origin = new Origin(first);
    const { api } = clientOf(origin);
    const seen = await api.get('notes/41').json<Note>();
    expect(await rejectionOf(api.put('notes/42', { json: seen, base: seen }))).toBeInstanceOf(TypeError);
    expect(origin.log).toEqual(['GET 200 "v1"']);
  });

  it('is recognised by a wrapped fetch just as well, and by both of each other', async () => {
    const origin = new Origin(first);
    const { api, note } = clientOf(origin);
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: threeWay(), schema: noteSchema } });
    const seen = (await (await fetch(url)).json()) as Note;
    await api.put('notes/42', { json: { ...seen, title: 'b' }, base: seen });
    const { value } = await note.read();
    await fetch(url, {
      ...put({ ...value, title: 'c' }),
      headers: { 'content-type': 'application/json' },
      base: value,
    });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('that came with no version lets nothing be written', async () => {
    const origin = new Origin(first).once('GET', () => Response.json(first));
    const { api } = clientOf(origin);
    const seen = await api.get('notes/42').json<Note>();
    expect(await rejectionOf(api.put('notes/42', { json: seen, base: seen }))).toMatchObject({
      code: 'version-missing',
    });
    expect(origin.log).toEqual(['GET 200']);
  });
});
