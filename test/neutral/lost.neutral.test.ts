import { counter, createClient, recoveryOf, threeWay, withConflictRecovery, writeLog } from 'remerge';
import { describe, expect, inject, it } from 'vitest';
import { rejectionOf } from '../support/write.ts';
import { HandClock } from './hand-clock.ts';
import { atOnce, put, type Note } from './note.ts';
import { openScene } from './scene.ts';

const plan: Note = { title: 'Plan', body: 'Milk' };
const ours: Note = { title: 'Food', body: 'Milk' };
const theirs: Note = { title: 'Plan', body: 'Eggs' };
const recovering = withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay() } });

describe('a write whose answer is lost', () => {
  it('is sent again where it was not made', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', times: 1, lose: 'before' });
    const response = await recovering(scene.url, put(ours));
    expect([response.status, recoveryOf(response)?.outcome]).toEqual([204, 'applied']);
    expect(await scene.log()).toEqual(['PUT lost "v1"', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(await scene.value()).toEqual(ours);
  });

  it('is not sent again where it was made', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', times: 1, lose: 'after' });
    const response = await recovering(scene.url, put(ours));
    expect(response.status).toBe(200);
    expect(recoveryOf(response)?.outcome).toBe('already-applied');
    expect(await scene.log()).toEqual(['PUT 204 lost "v1"', 'GET 200 "v2"']);
  });

  it.each([502, 503, 504])('is looked into after a %i as after none', async (status) => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', times: 1, answer: { status, body: '<h1>Bad gateway</h1>' } });
    const response = await recovering(scene.url, put(ours));
    expect(response.status).toBe(204);
    expect(await scene.log()).toEqual([`PUT ${status} "v1"`, 'GET 200 "v1"', 'PUT 204 "v1"']);
  });

  it('is merged once more where somebody has written since, twice does no harm, and nobody takes back', async () => {
    const scene = await openScene(plan);
    await scene.treat(
      { method: 'PUT', times: 1, lose: 'before' },
      { method: 'GET', times: 1, meanwhile: theirs },
    );
    const write = withConflictRecovery(fetch, {
      ...atOnce,
      defaults: { merge: threeWay(), server: { reverts: false } },
    });
    const response = await write(scene.url, put(ours, '"v1"', { base: plan }));
    expect(recoveryOf(response)).toMatchObject({ outcome: 'merged' });
    expect(await scene.value()).toEqual({ title: 'Food', body: 'Eggs' });
  });

  it('is not written again where somebody may have taken it back', async () => {
    const scene = await openScene(plan);
    await scene.treat(
      { method: 'PUT', times: 1, lose: 'after' },
      { method: 'GET', times: 1, meanwhile: theirs },
    );
    const error = await rejectionOf(recovering(scene.url, put(ours, '"v1"', { base: plan })));
    expect(recoveryOf(error)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(await scene.value()).toEqual(theirs);
  });

  it('ends as unknown where somebody has written since and twice would do harm', async () => {
    const scene = await openScene({ title: 'Plan', visits: 1 });
    await scene.treat(
      { method: 'PUT', times: 1, lose: 'after' },
      { method: 'GET', times: 1, meanwhile: { title: 'Plan', visits: 9 } },
    );
    const write = withConflictRecovery(fetch, {
      ...atOnce,
      defaults: { merge: threeWay({ '/visits': counter() }) },
    });
    const base = { title: 'Plan', visits: 1 };
    const error = await rejectionOf(write(scene.url, put({ ...base, visits: 2 }, '"v1"', { base })));
    expect(recoveryOf(error)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(await scene.log()).toEqual(['PUT 204 lost "v1"', 'GET 200 "v3"']);
    expect(await scene.value()).toEqual({ title: 'Plan', visits: 9 });
  });

  it('is found in the log of writes that the resource keeps, whatever came after it', async () => {
    const scene = await openScene({ title: 'Plan', visits: 1 });
    const api = createClient({
      baseUrl: inject('venue').gate,
      ...atOnce,
      routes: { 'notes/:id': { writeId: writeLog('/writes') } },
    });
    const note = api.resource('notes/:id', { id: scene.id });
    await scene.treat({ method: 'PUT', times: 1, lose: 'after' });
    const updated = await note.update((draft) => ({ ...Object(draft), visits: 2 }) as unknown);
    expect(updated).toMatchObject({ outcome: 'already-applied', value: { visits: 2 } });
    expect(await scene.log()).toEqual(['GET 200 "v1"', 'PUT 204 lost "v1"', 'GET 200 "v2"']);
  });

  it('stops where nothing can be read, and says that it may have been made', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', lose: 'after' }, { method: 'GET', lose: 'before' });
    const error = await rejectionOf(
      withConflictRecovery(fetch, { ...atOnce, defaults: { merge: threeWay(), retry: 2 } })(
        scene.url,
        put(ours),
      ),
    );
    expect(error).toMatchObject({ name: 'RecoveryError', code: 'outcome-unknown' });
    expect(recoveryOf(error)).toMatchObject({ maybeApplied: true, attempts: [{ number: 1 }] });
    expect(await scene.log()).toEqual(['PUT 204 lost "v1"', ...Array.from({ length: 3 }, () => 'GET lost')]);
  });

  it('is looked into when the server does not answer in time', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', times: 1, hang: true });
    const clock = new HandClock();
    const write = withConflictRecovery(fetch, {
      ...atOnce,
      clock,
      defaults: { merge: threeWay(), timeout: 1_000 },
    });
    const writing = write(scene.url, put(ours));
    await scene.sees('PUT hangs "v1"');
    clock.pass(1_000);
    expect((await writing).status).toBe(204);
    expect(await scene.log()).toEqual(['PUT hangs "v1"', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(clock.timers).toBe(0);
  });

  it('without a precondition is never sent twice', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PATCH', lose: 'before' });
    const error = await rejectionOf(
      recovering(scene.url, {
        method: 'PATCH',
        body: '{"title":"Food"}',
        headers: { 'content-type': 'application/json' },
      }),
    );
    expect(recoveryOf(error)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(await scene.log()).toEqual(['PATCH lost']);
  });
});

describe('a delete whose answer is lost', () => {
  it.each([
    ['is not sent again where it was made', 'after', ['DELETE 204 lost "v1"', 'GET 404'], 'already-applied'],
    [
      'is sent again where it was not made',
      'before',
      ['DELETE lost "v1"', 'GET 200 "v1"', 'DELETE 204 "v1"'],
      'applied',
    ],
  ] as const)('%s', async (_, lose, log, outcome) => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'DELETE', times: 1, lose });
    const response = await recovering(scene.url, { method: 'DELETE', headers: { 'if-match': '"v1"' } });
    expect([response.status, recoveryOf(response)?.outcome]).toEqual([204, outcome]);
    expect(await scene.log()).toEqual(log);
    expect(await scene.value()).toBeUndefined();
  });
});

describe('a create whose answer is lost', () => {
  const headers = { 'content-type': 'application/json', 'if-none-match': '*' };
  const create = { method: 'PUT', body: JSON.stringify(plan), headers };

  it('is sent again where nothing is there', async () => {
    const scene = await openScene();
    await scene.treat({ method: 'PUT', times: 1, lose: 'before' });
    const response = await recovering(scene.url, create);
    expect(response.ok).toBe(true);
    expect(await scene.log()).toEqual(['PUT lost *', 'GET 404', 'PUT 201 *']);
    expect(await scene.value()).toEqual(plan);
  });

  it('is unknown where its twin is there, which another may have created', async () => {
    const scene = await openScene();
    await scene.treat({ method: 'PUT', times: 1, lose: 'after' });
    const error = await rejectionOf(recovering(scene.url, create));
    expect(recoveryOf(error)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(await scene.log()).toEqual(['PUT 201 lost *', 'GET 200 "v1"']);
    expect(await scene.value()).toEqual(plan);
  });
});
