import { counter, createClient, field, recoveryOf, threeWay, withConflictRecovery } from 'remerge';
import { describe, expect, inject, it } from 'vitest';
import { atOnce, put, type Note } from '../neutral/note.ts';
import { openScene } from '../neutral/scene.ts';
import { rejectionOf } from '../support/write.ts';

const plan: Note = { title: 'Plan', body: 'Milk' };
const ours: Note = { title: 'Food', body: 'Milk' };
const theirs: Note = { title: 'Plan', body: 'Eggs' };
const both: Note = { title: 'Food', body: 'Eggs' };
const recovering = withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay() } });
const stale = put(ours, '"v1"', { base: plan });

/** An answer that sends the client to the same document, at another origin. */
const elsewhere = (id: string, status: number) => ({
  status,
  headers: { location: `${inject('venue').server}/notes/${id}` },
});

describe('a redirect', () => {
  it('of the re-read is not followed: the page may not even see where it leads', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const other = await openScene(plan);
    await scene.treat({ method: 'GET', answer: { status: 302, headers: { location: other.url } } });
    const response = await recovering(scene.url, stale);
    expect([response.status, recoveryOf(response)]).toMatchObject([412, { code: 'redirect' }]);
    expect(await scene.log()).toEqual(['PUT 412 "v1"', 'GET 302']);
    expect(await other.log()).toEqual([]);
    expect(await scene.value()).toEqual(theirs);
  });

  it('of the second write is not followed, and the write may have been made', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    await scene.treat({ method: 'PUT', times: 1 }, { method: 'PUT', answer: elsewhere(scene.id, 307) });
    const response = await recovering(scene.url, stale);
    expect([response.type, response.status]).toEqual(['opaqueredirect', 0]);
    expect(recoveryOf(response)).toMatchObject({ code: 'redirect', maybeApplied: true });
    expect(await scene.value()).toEqual(theirs);
  });

  it('of the first write is followed as fetch does, and what it leads to is no conflict of the route', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', answer: elsewhere(scene.id, 307) });
    const made = await recovering(scene.url, put(ours));
    expect([made.status, made.redirected, recoveryOf(made)?.outcome]).toEqual([204, true, 'applied']);
    expect(await scene.value()).toEqual(ours);
    const refused = await recovering(scene.url, stale);
    expect([refused.status, recoveryOf(refused)]).toMatchObject([412, { code: 'redirect' }]);
    expect(await scene.log()).toEqual(['PUT 307 "v1"', 'PUT 307 "v1"']);
  });

  it('that a client meets in a recovery is thrown as what it is', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    await scene.treat({ method: 'PUT', times: 1 }, { method: 'PUT', answer: elsewhere(scene.id, 307) });
    const api = createClient({
      baseUrl: inject('venue').gate,
      ...atOnce,
      routes: { 'notes/:id': { merge: threeWay() } },
    });
    const error = await rejectionOf(
      api.put(`notes/${scene.id}`, { json: ours, base: plan, headers: { 'if-match': '"v1"' } }),
    );
    expect(error).toMatchObject({ name: 'RecoveryError', code: 'redirect' });
  });
});

describe('a request in the mode no-cors', () => {
  const simple = { mode: 'no-cors', headers: { 'content-type': 'text/plain' } } as const;
  const posting = withConflictRecovery(fetch, {
    ...atOnce,
    defaults: { merge: threeWay(), methods: ['POST', 'PUT'] },
  });

  it('goes straight through, as nobody sees its answer, and nobody says that it failed', async () => {
    const scene = await openScene(plan);
    for (const [input, init] of [
      [scene.url, { ...simple, method: 'POST', body: '{}' }],
      [new Request(scene.url, { ...simple, method: 'POST', body: '{}' }), undefined],
    ] as const) {
      const response = await posting(input, init);
      expect([response.type, response.status, recoveryOf(response)]).toEqual(['opaque', 0, undefined]);
    }
    expect(await scene.log()).toEqual(['POST 405', 'POST 405']);
  });

  it('rejects as fetch does where the page may not make it', async () => {
    const scene = await openScene(plan);
    const init = { ...put(ours), mode: 'no-cors' } as const;
    const error = await rejectionOf(posting(scene.url, init));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe(((await rejectionOf(fetch(scene.url, init))) as Error).message);
    expect(await scene.log()).toEqual([]);
  });
});

describe('a keepalive write', () => {
  it('recovers', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const response = await recovering(scene.url, { ...stale, keepalive: true });
    expect(recoveryOf(response)?.outcome).toBe('merged');
    expect(await scene.value()).toEqual(both);
  });

  it('that is more than may outlive a page fails as by fetch: it never left', async () => {
    const scene = await openScene(plan);
    const init = {
      ...put({ ...ours, body: 'Eggs '.repeat(20_000) }, '"v1"', { base: plan }),
      keepalive: true,
    };
    const error = await rejectionOf(recovering(scene.url, init));
    const { method, headers, body, keepalive } = init;
    const own = await rejectionOf(fetch(scene.url, { method, headers, body, keepalive } as RequestInit));
    expect([String(error), error instanceof TypeError]).toEqual([String(own), true]);
    expect(recoveryOf(error)).toMatchObject({ code: 'network-error', maybeApplied: false });
    expect(await scene.log()).toEqual([]);
  });

  it('recovers where the merge makes more of it than may outlive a page', async () => {
    const scene = await openScene(plan);
    const body = 'Eggs '.repeat(20_000);
    await scene.store({ ...plan, body });
    const response = await recovering(scene.url, { ...stale, keepalive: true });
    expect(recoveryOf(response)?.outcome).toBe('merged');
    expect(await scene.value()).toEqual({ ...ours, body });
  });
});

describe('a copy in the cache of the browser', () => {
  const cached = { method: 'GET', headers: { 'cache-control': 'max-age=60' } };

  it('is passed by the re-read', async () => {
    const scene = await openScene(plan);
    await scene.treat(cached);
    const read = async (): Promise<unknown> => (await fetch(scene.url)).json();
    await read();
    await scene.store(theirs);
    // The page itself still sees the old state, and asks nobody.
    expect(await read()).toEqual(plan);
    expect(await scene.log()).toEqual(['GET 200 "v1"']);
    expect(recoveryOf(await recovering(scene.url, stale))?.outcome).toBe('merged');
    expect((await scene.log()).slice(1)).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(await scene.value()).toEqual(both);
  });

  it('is passed by an update before it starts', async () => {
    const scene = await openScene(plan);
    await scene.treat(cached);
    const api = createClient({ baseUrl: inject('venue').gate, ...atOnce, routes: { 'notes/:id': {} } });
    const note = api.resource('notes/:id', { id: scene.id });
    await note.read();
    await scene.store(theirs);
    const updated = await note.update((draft) => ({ ...Object(draft), title: 'Food' }) as unknown);
    expect(updated).toMatchObject({ outcome: 'applied', value: both });
    expect(await scene.log()).toEqual(['GET 200 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });
});

describe('a write that the browser sends a second time by itself, as its old connection broke', () => {
  const alive = { connection: 'keep-alive' };

  /** A counter whose first PUT is made, and lost on a connection that was used before. */
  async function openBroken() {
    const scene = await openScene({ title: 'Plan', visits: 1 });
    await scene.treat(
      { method: 'GET', headers: alive },
      { method: 'OPTIONS', headers: alive },
      { method: 'PUT', times: 1, lose: 'after' },
    );
    return scene;
  }

  const count = threeWay({ '/visits': counter() });
  const base = { title: 'Plan', visits: 1 };

  it('is known again by its id, and counts once', async () => {
    const scene = await openBroken();
    const write = withConflictRecovery(fetch, {
      ...atOnce,
      defaults: { merge: count, writeId: field('/lastWrite') },
    });
    await (await write(scene.url)).json();
    const response = await write(scene.url, put({ ...base, visits: 2 }, '"v1"', { base }));
    expect(recoveryOf(response)?.outcome).toBe('already-applied');
    expect((await scene.log()).slice(1)).toEqual(['PUT 204 lost "v1"', 'PUT 412 "v1"', 'GET 200 "v2"']);
    expect(await scene.value()).toMatchObject({ visits: 2 });
  });

  it('comes to the same where to merge twice does no harm', async () => {
    const scene = await openBroken();
    const write = withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay() } });
    await (await write(scene.url)).json();
    const response = await write(scene.url, put({ ...base, title: 'Food' }, '"v1"', { base }));
    expect(recoveryOf(response)?.outcome).toBe('unchanged');
    expect((await scene.log()).slice(1)).toEqual(['PUT 204 lost "v1"', 'PUT 412 "v1"', 'GET 200 "v2"']);
    expect(await scene.value()).toEqual({ title: 'Food', visits: 1 });
  });
});
