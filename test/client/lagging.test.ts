import { createClient, etag, keepLocal, recoveryOf, type Resource } from 'remerge';
import { describe, expect, it } from 'vitest';
import { baseUrl, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';

const first: Note = { title: 'a', tags: [] };
const tagged: Note = { title: 'a', tags: ['x'] };

/** A handle on what a replica shows, too: for one read that is what was there at first. */
function lagging(version = etag()) {
  const origin = new Origin(first);
  const clock = new VirtualClock();
  const { fetch } = origin;
  const routes = { 'notes/:id': { version, merge: keepLocal() } };
  const api = createClient({ baseUrl, fetch, clock, routes });
  const note = api.resource('notes/:id', { id: '42' }) as Resource<Note>;
  const headers = { etag: origin.tag, 'content-type': 'application/json' };
  const url = `${baseUrl}notes/42`;
  const lag = () => origin.once('GET', () => new Response(JSON.stringify(first), { headers }));
  return { origin, clock, api, url, note, lag };
}

const outcomeOf = (written: unknown) =>
  (recoveryOf(written) ?? (written as { readonly outcome: string })).outcome;

/** Takes a tag away. On what was there at first there is nothing to do. */
const untag = (draft: Note): void => void (draft.tags = draft.tags.filter((tag) => tag !== 'x'));

describe('an update whose first read shows what this client knows to be past', () => {
  it.each<[string, (note: Resource<Note>, origin: Origin) => Promise<unknown>]>([
    ['replaced it', async (note) => note.replace(tagged, { base: await note.read() })],
    ['updated it', (note) => note.update((draft) => void draft.tags.push('x'))],
    [
      'seen it replaced',
      async (note, origin) => {
        await note.read();
        origin.change(tagged);
        await note.read();
      },
    ],
    [
      'replaced it, and wasn’t told the version',
      async (note, origin) => {
        origin.once('PUT', () => {
          origin.change(tagged);
          return new Response(null, { status: 204 });
        });
        await note.replace(tagged, { base: await note.read() });
      },
    ],
  ])('is made of what is there: it has %s', async (_, change) => {
    const { origin, clock, note, lag } = lagging();
    await clock.run(change(note, origin));
    expect(origin.value).toEqual(tagged);
    lag();
    const result = await clock.run(note.update(untag));
    expect(origin.log.slice(-4)).toEqual(['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(result.outcome).toBe('merged');
    expect(origin.value).toEqual(first);
  });

  it.each<[string, (parts: ReturnType<typeof lagging>) => Promise<unknown>]>([
    [
      'a verb',
      ({ api }) => Promise.resolve(api.put('notes/42', { json: first, headers: { 'if-match': '"v2"' } })),
    ],
    ['a handle', async ({ note }) => note.replace(first, { base: await note.read() })],
  ])('is made of what is there, after a write by %s found its state at such a replica', async (_, write) => {
    const parts = lagging();
    const { origin, clock, note, lag } = parts;
    await note.read();
    origin.change(tagged);
    await note.read();
    // Another writer is quicker, and the re-read shows what was there at first: the very state that is to be.
    origin.once('PUT', () => {
      lag();
      return new Response('', { status: 412 });
    });
    expect(outcomeOf(await clock.run(write(parts)))).toBe('unchanged');
    lag();
    await clock.run(note.update(untag));
    expect(origin.value).toEqual(first);
  });

  it.each<[string, 'get' | 'put' | 'patch']>([
    ['read it', 'get'],
    ['replaced it', 'put'],
    ['patched it', 'patch'],
  ])('is made of what is there: by a verb it has %s', async (_, verb) => {
    const { origin, clock, api, url, note, lag } = lagging();
    const base = await clock.run(api.get(url).json<Note>());
    if (verb === 'get') {
      origin.change(tagged);
      await clock.run(api.get(url).json());
    } else await clock.run(api(url, { method: verb, json: tagged, base }));
    expect(origin.value).toEqual(tagged);
    lag();
    const result = await clock.run(note.update(untag));
    expect(origin.log.slice(-4)).toEqual(['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect([result.outcome, origin.value]).toEqual(['merged', first]);
  });

  it('is made of what is there though a re-read lags, too', async () => {
    const { origin, clock, note } = lagging();
    await clock.run(note.read());
    const second: Note = { title: 'b', tags: [] };
    origin.change(second);
    await clock.run(note.read());
    await clock.run(note.update((draft) => void draft.tags.push('x')));
    const show = (body: Note, tag: string) =>
      origin.once('GET', () => {
        const headers = { etag: tag, 'content-type': 'application/json' };
        return new Response(JSON.stringify(body), { headers });
      });
    show(first, '"v1"');
    show(second, '"v2"');
    const result = await clock.run(note.update(untag));
    expect([result.outcome, origin.value]).toEqual(['merged', second]);
  });

  it('that has nothing to do to what is there, either, leaves it as it is', async () => {
    const { origin, clock, note, lag } = lagging();
    await clock.run(note.update((draft) => void (draft.title = 'b')));
    lag();
    const result = await clock.run(note.update(untag));
    expect(origin.log.slice(-3)).toEqual(['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"']);
    expect([result.outcome, result.value]).toEqual(['unchanged', { title: 'b', tags: [] }]);
  });

  it('takes the server’s word where its version has come back', async () => {
    const { origin, clock, note, lag } = lagging();
    await clock.run(note.update((draft) => void (draft.title = 'b')));
    lag();
    origin.once('PUT', () => new Response(null, { status: 204, headers: { etag: '"v1"' } }));
    const result = await clock.run(note.update(untag));
    expect([result.outcome, result.value]).toEqual(['unchanged', first]);
    // From then on that is the newest one.
    lag();
    await clock.run(note.update(untag));
    expect(origin.log.slice(-3)).toEqual(['GET 200 "v1"', 'PUT 204 "v1"', 'GET 200 "v1"']);
  });

  it('writes nothing where a weak version can’t tell', async () => {
    const { origin, clock, note } = lagging(etag({ weak: 'send' }));
    const show = (body: Note, tag: string) =>
      origin.once('GET', () => {
        const headers = { etag: tag, 'content-type': 'application/json' };
        return new Response(JSON.stringify(body), { headers });
      });
    show(first, 'W/"1"');
    await clock.run(note.read());
    show(tagged, 'W/"2"');
    await clock.run(note.read());
    show(first, 'W/"1"');
    expect((await clock.run(note.update(untag))).outcome).toBe('unchanged');
    expect(origin.log.every((line) => line.startsWith('GET'))).toBe(true);
  });
});
