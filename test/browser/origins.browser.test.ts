import {
  createClient,
  header,
  isRecoveryError,
  lastModified,
  recoveryOf,
  threeWay,
  withConflictRecovery,
} from 'remerge';
import { describe, expect, inject, it } from 'vitest';
import { atOnce, put, type Note } from '../neutral/note.ts';
import { openScene } from '../neutral/scene.ts';
import { rejectionOf } from '../support/write.ts';

const plan: Note = { title: 'Plan', body: 'Milk' };
const ours: Note = { title: 'Food', body: 'Milk' };
const theirs: Note = { title: 'Plan', body: 'Eggs' };
const recovering = withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay() } });
const stale = put(ours, '"v1"', { base: plan });
const expose = 'Access-Control-Expose-Headers: ETag';
const hidden = { method: 'GET', headers: { 'access-control-expose-headers': '' } };

it('A page is of another origin than its server.', () => {
  expect(new URL(inject('venue').gate).origin).not.toBe(location.origin);
});

describe('a server that shows a page no ETag', () => {
  it('is told what to expose where a write meets a conflict, and nothing is written', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    await scene.treat(hidden);
    const response = await recovering(scene.url, stale);
    expect([response.status, recoveryOf(response)]).toMatchObject([
      412,
      { code: 'version-hidden', maybeApplied: false, message: expect.stringContaining(expose) as string },
    ]);
    expect(await scene.log()).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
    expect(await scene.value()).toEqual(theirs);
  });

  it('is told so before a write of a handle goes out, by each of its methods', async () => {
    const scene = await openScene(plan);
    await scene.treat(hidden);
    const api = createClient({
      baseUrl: inject('venue').gate,
      ...atOnce,
      routes: { 'notes/:id': { merge: threeWay<unknown>() } },
    });
    const note = api.resource('notes/:id', { id: scene.id });
    const seen = await note.read();
    expect([seen.value, seen.version]).toEqual([plan, undefined]);
    for (const write of [
      () => note.replace(ours, { base: seen }),
      () => note.replace(ours, { base: { ...plan } }),
      () => note.patch({ title: 'Food' }, { base: seen }),
      () => note.update(() => ours),
      () => note.delete({ base: seen }),
    ]) {
      const error = await rejectionOf(write());
      expect(isRecoveryError(error) && error.code).toBe('version-hidden');
      expect((error as Error).message).toContain(expose);
    }
    expect((await scene.log()).filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  it('is told of the header that a route says, and of none that every page may see', async () => {
    const scene = await openScene(plan);
    const write = { ...put(ours), headers: { 'content-type': 'application/json' }, base: plan };
    const own = await rejectionOf(
      withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay(), version: header('X-Rev') } })(
        scene.url,
        write,
      ),
    );
    expect(recoveryOf(own)).toMatchObject({
      code: 'version-hidden',
      message: expect.stringContaining("the version's own header") as string,
    });
    const dated = await rejectionOf(
      withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay(), version: lastModified() } })(
        scene.url,
        write,
      ),
    );
    expect(recoveryOf(dated)).toMatchObject({ code: 'version-missing' });
    expect(await scene.log()).toEqual(['GET 200 "v1"', 'GET 200 "v1"']);
  });
});

describe('a preflight', () => {
  it('is what the writes of a recovery cost, and never the re-read', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    await scene.treat({ method: 'OPTIONS', headers: { 'access-control-max-age': '0' } });
    expect(recoveryOf(await recovering(scene.url, stale))?.outcome).toBe('merged');
    expect(await scene.log()).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(await scene.preflights()).toEqual([
      'OPTIONS 204 content-type,if-match',
      'OPTIONS 204 content-type,if-match',
    ]);
  });

  it('that does not allow If-Match is told of, as the page never hears why it got no answer', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'OPTIONS', headers: { 'access-control-allow-headers': 'Content-Type' } });
    const write = withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay(), retry: 2 } });
    const error = await rejectionOf(write(scene.url, stale));
    expect(recoveryOf(error)).toMatchObject({
      code: 'retry-limit',
      attempts: [{ number: 1 }, { number: 2 }, { number: 3 }],
      message: expect.stringContaining('Access-Control-Allow-Headers') as string,
    });
    expect(await scene.preflights()).toHaveLength(3);
    // What is there shows each time that nothing was made.
    expect(await scene.log()).toEqual(['GET 200 "v1"', 'GET 200 "v1"', 'GET 200 "v1"']);
    expect(await scene.value()).toEqual(plan);
  });
});

describe('cookies', () => {
  const allowed = {
    'access-control-allow-origin': location.origin,
    'access-control-allow-credentials': 'true',
  };

  /** A note that somebody has changed, and that shows itself to nobody without a cookie. */
  async function openGuarded() {
    const scene = await openScene(plan);
    await scene.store(theirs);
    await scene.treat({ method: 'HEAD', headers: { ...allowed, 'set-cookie': 'session=1; Path=/' } });
    await fetch(scene.url, { method: 'HEAD', credentials: 'include' });
    await scene.treat(
      { method: 'OPTIONS', headers: allowed },
      { method: 'GET', headers: allowed, needs: 'cookie' },
      { method: 'PUT', headers: allowed },
    );
    return scene;
  }

  it('go along with the re-read and the write where the write had them', async () => {
    const scene = await openGuarded();
    const response = await recovering(scene.url, { ...stale, credentials: 'include' });
    expect(recoveryOf(response)?.outcome).toBe('merged');
    expect((await scene.log()).slice(1)).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('stay at home where the write left them there', async () => {
    const scene = await openGuarded();
    const response = await recovering(scene.url, { ...stale, credentials: 'same-origin' });
    expect([response.status, recoveryOf(response)]).toMatchObject([412, { code: 'unauthorized' }]);
    expect((await scene.log()).slice(1)).toEqual(['PUT 412 "v1"', 'GET 401']);
  });

  it('go along with the requests of a client that is told so', async () => {
    const scene = await openGuarded();
    const api = createClient({
      baseUrl: inject('venue').gate,
      credentials: 'include',
      ...atOnce,
      routes: { 'notes/:id': { merge: threeWay() } },
    });
    const headers = { 'if-match': '"v1"' };
    await api.put(`notes/${scene.id}`, { json: ours, base: plan, headers });
    expect(await scene.value()).toEqual({ title: 'Food', body: 'Eggs' });
  });
});
