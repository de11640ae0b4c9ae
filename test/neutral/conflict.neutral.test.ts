import { field, keepLocal, recoveryOf, threeWay, withConflictRecovery, type MergeContext } from 'remerge';
import { describe, expect, it } from 'vitest';
import { atOnce, put, type Note } from './note.ts';
import { openScene } from './scene.ts';

const plan: Note = { title: 'Plan', body: 'Milk' };
const theirs: Note = { title: 'Plan', body: 'Eggs' };
const ours: Note = { title: 'Food', body: 'Milk' };
const both: Note = { title: 'Food', body: 'Eggs' };
const recovering = withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay() } });

/** What the wrapped fetch can be called with, all of them the same write. */
const forms: readonly [string, (url: string) => Parameters<typeof recovering>][] = [
  ['a URL', (url) => [new URL(url), put(ours, '"v1"', { base: plan })]],
  ['a Request', (url) => [new Request(url, put(ours)), { base: plan }]],
  ['a Request that is overridden', (url) => [new Request(url), put(ours, '"v1"', { base: plan })]],
  [
    'bytes',
    (url) => [url, put(0, '"v1"', { base: plan, body: new TextEncoder().encode(JSON.stringify(ours)) })],
  ],
  ['a Blob', (url) => [url, put(0, '"v1"', { base: plan, body: new Blob([JSON.stringify(ours)]) })]],
];

describe('a write that meets a conflict', () => {
  it.each(forms)('recovers where it is made of %s', async (_, callOf) => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const response = await recovering(...callOf(scene.url));
    expect(recoveryOf(response)?.outcome).toBe('merged');
    expect(await scene.value()).toEqual(both);
    expect(await scene.log()).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('recovers where the version is in the body, and costs no read where the refusal has the state', async () => {
    const classify = (_: Response, body: unknown) => ({
      state: (body as { readonly current: unknown }).current,
    });
    for (const [server, log] of [
      [{}, ['PUT 409 1', 'GET 200', 'PUT 200 2']],
      [{ classify }, ['PUT 409 1', 'PUT 200 2']],
    ] as const) {
      const scene = await openScene(plan, 'boards');
      await scene.store(theirs);
      const write = withConflictRecovery(fetch, {
        ...atOnce,
        defaults: { merge: threeWay(), version: field('/version'), server },
      });
      const init = put({ ...ours, version: 1 }, '', { base: { ...plan, version: 1 } });
      const response = await write(scene.url, { ...init, headers: { 'content-type': 'application/json' } });
      expect(await response.json()).toEqual({ ...both, version: 3 });
      expect(await scene.log()).toEqual(log);
    }
  });

  it('merges once more where somebody is faster again, and always from the same base', async () => {
    const scene = await openScene(plan);
    await scene.store({ ...plan, body: 'Second' });
    await scene.treat(
      { method: 'GET', times: 1 },
      { method: 'PUT', times: 1 },
      {
        method: 'PUT',
        times: 1,
        meanwhile: { ...plan, body: 'Third' },
      },
    );
    const bases: unknown[] = [];
    const merge = (sides: MergeContext) => {
      bases.push(sides.base);
      return threeWay()(sides);
    };
    const response = await withConflictRecovery(fetch, { ...atOnce, defaults: { merge } })(
      scene.url,
      put(ours, '"v1"', { base: plan }),
    );
    expect(recoveryOf(response)?.attempts.map(({ status, version }) => [status, version])).toEqual([
      [412, '"v1"'],
      [412, '"v2"'],
      [204, '"v3"'],
    ]);
    expect(bases).toEqual([plan, plan]);
    expect(await scene.value()).toEqual({ title: 'Food', body: 'Third' });
  });

  it('stops at its limit, with the server’s own answer', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', meanwhile: theirs });
    const response = await withConflictRecovery(fetch, {
      ...atOnce,
      defaults: { merge: keepLocal(), retry: 2 },
    })(scene.url, put(ours));
    expect([response.status, recoveryOf(response)]).toMatchObject([
      412,
      { outcome: 'failed', code: 'retry-limit', maybeApplied: false },
    ]);
    expect((await scene.log()).filter((line) => line.startsWith('PUT'))).toEqual([
      'PUT 412 "v1"',
      'PUT 412 "v2"',
      'PUT 412 "v3"',
    ]);
    expect(await scene.value()).toEqual(theirs);
  });

  it('is not merged where the version did not move', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', answer: { status: 409, body: 'The period is closed' } });
    const response = await recovering(scene.url, put(ours, '"v1"', { base: plan }));
    expect([response.status, await response.text()]).toEqual([409, 'The period is closed']);
    expect(recoveryOf(response)).toMatchObject({ code: 'no-progress', likely: 'business-rule' });
    expect(await scene.log()).toEqual(['PUT 409 "v1"', 'GET 200 "v1"', 'GET 200 "v1"']);
  });

  it('of what is gone ends as gone, and is made anew where the route says so', async () => {
    const scene = await openScene(plan);
    await scene.store(null);
    const lost = await recovering(scene.url, put(ours, '"v1"', { base: plan }));
    expect([lost.status, recoveryOf(lost)]).toMatchObject([412, { outcome: 'failed', code: 'gone' }]);
    expect(await scene.value()).toBeUndefined();

    const write = withConflictRecovery(fetch, {
      ...atOnce,
      defaults: { merge: threeWay(), onConflict: { gone: 'recreate' } },
    });
    const made = await write(scene.url, put(ours, '"v1"', { base: plan }));
    expect([made.status, recoveryOf(made)?.outcome]).toEqual([201, 'merged']);
    expect(await scene.value()).toEqual(ours);
  });

  it('without a version begins with a read where it names a base', async () => {
    const scene = await openScene(theirs);
    const response = await recovering(scene.url, {
      method: 'PUT',
      body: JSON.stringify(ours),
      headers: { 'content-type': 'application/json' },
      base: plan,
    });
    expect(response.status).toBe(204);
    expect(await scene.log()).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    expect(await scene.value()).toEqual(both);
  });
});

describe('a patch that meets a conflict', () => {
  it('is made anew for the latest state, and stays as small as it can', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const response = await recovering(scene.url, {
      ...put({ title: 'Food' }, '"v1"', { base: plan }),
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json', 'if-match': '"v1"' },
    });
    expect(recoveryOf(response)?.outcome).toBe('merged');
    expect(await scene.log()).toEqual(['PATCH 412 "v1"', 'GET 200 "v2"', 'PATCH 204 "v2"']);
    expect(await scene.value()).toEqual(both);
  });
});

describe('a delete that meets a conflict', () => {
  const remove = { method: 'DELETE', headers: { 'if-match': '"v1"' } };

  it('deletes nothing that has changed, unless the route says so', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    const kept = await recovering(scene.url, remove);
    expect([kept.status, recoveryOf(kept)]).toMatchObject([412, { code: 'changed' }]);
    expect(await scene.value()).toEqual(theirs);

    const write = withConflictRecovery(fetch, {
      ...atOnce,
      defaults: { merge: threeWay(), onConflict: { changed: 'delete' } },
    });
    expect(recoveryOf(await write(scene.url, remove))?.outcome).toBe('merged');
    expect(await scene.value()).toBeUndefined();
  });

  it('is done where there is nothing left', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'DELETE', times: 1, meanwhile: theirs }, { method: 'GET', meanwhile: null });
    const response = await recovering(scene.url, remove);
    expect(await scene.log()).toEqual(['DELETE 412 "v1"', 'GET 404']);
    expect([response.status, recoveryOf(response)?.outcome]).toEqual([204, 'already-applied']);
  });
});

describe('what needs no recovery', () => {
  it('goes through a wrapped fetch as it came, and comes back as fetch gives it', async () => {
    const scene = await openScene(plan);
    const read = await recovering(scene.url);
    expect([read.status, read.url, read.headers.get('etag')]).toEqual([200, scene.url, '"v1"']);
    expect(recoveryOf(read)).toBeUndefined();
    const response = await recovering(scene.url, put(ours));
    expect([response.status, response.ok, recoveryOf(response)?.outcome]).toEqual([204, true, 'applied']);
    const missing = await recovering(`${scene.url}-none`);
    expect(missing.status).toBe(404);
    expect(await scene.log()).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
  });
});
