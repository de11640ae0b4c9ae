import {
  createClient,
  field,
  isRecoveryError,
  set,
  threeWay,
  type ClientOptions,
  type RecoveryError,
  type Resource,
} from 'remerge';
import { isHTTPError } from 'ky';
import { inject, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { given } from '../support/question.ts';
import { atOnce, type Note } from './note.ts';
import { openScene, type Scene } from './scene.ts';

const schema = z.object({
  title: z.string(),
  body: z.string().optional(),
  tags: z.array(z.string()).optional(),
  visits: z.number().optional(),
});
type Seen = z.infer<typeof schema>;

const plan = { title: 'Plan', body: 'Milk' };
const theirs = { title: 'Plan', body: 'Eggs' };

/** A handle on a scene's note. */
function noteOf(scene: Scene, more: ClientOptions<object> = {}): Resource<Seen> {
  const api = createClient({
    baseUrl: `${inject('venue').gate}/`,
    ...atOnce,
    ...more,
    routes: { 'notes/:id': { schema, merge: threeWay<Seen>({ '/tags': set() }) } },
  });
  return api.resource('notes/:id', { id: scene.id });
}

/** What a write fails with, which must be ours. */
async function failureOf(promise: Promise<unknown>): Promise<RecoveryError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isRecoveryError(outcome)) throw new Error('It did not fail as it should.', { cause: outcome });
  return outcome;
}

describe('a handle', () => {
  it('reads a state with its version, frozen and as the schema says it', async () => {
    const scene = await openScene(plan);
    const seen = await noteOf(scene).read();
    expect(seen).toMatchObject({ value: plan, version: '"v1"' });
    expect(Object.isFrozen(seen.value)).toBe(true);
    expect(seen.response.status).toBe(200);
  });

  it('updates on the newer state where somebody was faster', async () => {
    const scene = await openScene({ title: 'Plan', visits: 1 });
    await scene.treat({ method: 'PUT', times: 1, meanwhile: { title: 'Plan', visits: 5 } });
    const updated = await noteOf(scene).update((draft) => {
      draft.visits = (draft.visits ?? 0) + 1;
    });
    expect(updated).toMatchObject({ outcome: 'merged', value: { visits: 6 }, version: '"v3"' });
    expect(await scene.log()).toEqual(['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('has ten updates at once travel together, each made once', async () => {
    const scene = await openScene({ title: 'Plan', visits: 0 });
    const note = noteOf(scene);
    const all = Array.from({ length: 10 }, () =>
      note.update((draft) => {
        draft.visits = (draft.visits ?? 0) + 1;
      }),
    );
    await Promise.all(all);
    expect(await scene.value()).toEqual({ title: 'Plan', visits: 10 });
    expect((await scene.log()).length).toBeLessThanOrEqual(4);
  });

  it('loses no update of two clients that write at the same time', async () => {
    const scene = await openScene({ title: 'Plan', visits: 0 });
    const clients = [noteOf(scene), noteOf(scene), noteOf(scene)];
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(
        clients.map((note) =>
          note.update((draft) => {
            draft.visits = (draft.visits ?? 0) + 1;
          }),
        ),
      );
    }
    expect(await scene.value()).toEqual({ title: 'Plan', visits: 15 });
  });

  it('replaces what somebody has changed meanwhile by both changes, and knows what it has made', async () => {
    const scene = await openScene(plan);
    const note = noteOf(scene);
    const opened = await note.read();
    await scene.store(theirs);
    const saved = await note.replace({ ...opened.value, title: 'Food' }, { base: opened });
    expect(saved).toMatchObject({
      outcome: 'merged',
      value: { title: 'Food', body: 'Eggs' },
      version: '"v3"',
    });
    await note.replace({ ...saved.value, title: 'Meals' }, { base: saved });
    expect((await scene.log()).slice(1)).toEqual([
      'PUT 412 "v1"',
      'GET 200 "v2"',
      'PUT 204 "v2"',
      'PUT 204 "v3"',
    ]);
    expect(await scene.value()).toEqual({ title: 'Meals', body: 'Eggs' });
  });

  it('patches what somebody has changed meanwhile', async () => {
    const scene = await openScene(plan);
    const note = noteOf(scene);
    const opened = await note.read();
    await scene.store(theirs);
    const saved = await note.patch({ title: 'Food' }, { base: opened });
    expect(saved).toMatchObject({ outcome: 'merged', value: { title: 'Food', body: 'Eggs' } });
    expect((await scene.log()).slice(1)).toEqual(['PATCH 412 "v1"', 'GET 200 "v2"', 'PATCH 204 "v2"']);
  });

  it('creates what is not there, and nothing over what is', async () => {
    const scene = await openScene();
    const made = await noteOf(scene).create(plan);
    expect(made).toMatchObject({ outcome: 'applied', value: plan, version: '"v1"' });
    const error = await failureOf(noteOf(scene).create({ title: 'Other' }));
    expect(error).toMatchObject({ code: 'exists', recovery: { maybeApplied: false } });
    expect(await scene.log()).toEqual(['PUT 201 *', 'PUT 412 *']);
    expect(await scene.value()).toEqual(plan);
  });

  it('creates onto what exists where it is told to merge', async () => {
    const scene = await openScene({ title: 'Plan', tags: ['theirs'] });
    const made = await noteOf(scene).create(
      { title: 'Plan', tags: ['ours'] },
      { recovery: { onConflict: { exists: 'merge' } } },
    );
    expect(made.outcome).toBe('merged');
    expect(await scene.value()).toEqual({ title: 'Plan', tags: ['theirs', 'ours'] });
  });

  it('removes what was seen, nothing newer, and is content where it is gone', async () => {
    const scene = await openScene(plan);
    const note = noteOf(scene);
    const seen = await note.read();
    await scene.store(theirs);
    expect(await failureOf(note.delete({ base: seen }))).toMatchObject({ code: 'changed' });
    expect((await note.delete({ base: await note.read() })).outcome).toBe('applied');
    expect(await scene.value()).toBeUndefined();
    await scene.treat({ method: 'DELETE', answer: { status: 412 } });
    expect((await note.delete({ base: seen })).outcome).toBe('already-applied');
  });
});

describe('a handle whose write fails', () => {
  it('rejects with what the server says, with its whole story, and no body in the message', async () => {
    const scene = await openScene(plan);
    const note = noteOf(scene);
    const opened = await note.read();
    await scene.store({ title: 'Secret of theirs' });
    const error = await failureOf(note.replace({ title: 'Secret of ours' }, { base: opened }));
    expect(error).toMatchObject({ code: 'merge-conflict', name: 'RecoveryError' });
    expect(error.message).toContain(`PUT ${scene.url} failed (412): merge-conflict.`);
    expect(error.response?.status).toBe(412);
    expect(isHTTPError(error.cause) && error.cause.data).toMatchObject({ status: 412 });
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('Secret');
    expect(error.question?.conflicts.map(({ path }) => path)).toContain('/title');
  });

  it('goes on from what a person decides', async () => {
    const scene = await openScene(plan);
    const note = noteOf(scene);
    const opened = await note.read();
    await scene.store({ ...plan, title: 'Theirs' });
    const error = await failureOf(note.replace({ ...plan, title: 'Ours' }, { base: opened }));
    const question = note.questionOf(error);
    expect(question).toMatchObject({ base: plan, local: { title: 'Ours' }, remote: { title: 'Theirs' } });
    const resumed = await given(question).resume({ ...plan, title: 'Both' });
    expect(resumed).toMatchObject({ outcome: 'applied', value: { title: 'Both' }, version: '"v3"' });
    expect(await scene.value()).toEqual({ ...plan, title: 'Both' });
  });

  it('sends nothing that its schema forbids', async () => {
    const scene = await openScene(plan);
    await scene.treat({ method: 'PUT', times: 1, meanwhile: { title: 7 } });
    const note = noteOf(scene);
    const error = await failureOf(note.replace({ title: 'Food' }, { base: await note.read() }));
    expect(error.code).toBe('remote-invalid');
    expect(await scene.value()).toEqual({ title: 7 });
  });
});

describe('the verbs of a client', () => {
  it('recover as a handle does, by the object that json() gave', async () => {
    const scene = await openScene(plan);
    const api = createClient({
      baseUrl: inject('venue').gate,
      ...atOnce,
      routes: { 'notes/:id': { merge: threeWay() } },
    });
    const seen = await api.get(`notes/${scene.id}`).json<Note>();
    await scene.store(theirs);
    const response = await api.put(`notes/${scene.id}`, { json: { ...seen, title: 'Food' }, base: seen });
    expect(response.status).toBe(204);
    expect(await scene.value()).toEqual({ title: 'Food', body: 'Eggs' });
  });

  it('send every request of a recovery with the headers of that moment', async () => {
    const scene = await openScene(plan);
    await scene.store(theirs);
    let made = 0;
    const api = createClient({
      baseUrl: inject('venue').gate,
      ...atOnce,
      headers: () => ({ accept: `application/json;n=${(made += 1)}` }),
      routes: { 'notes/:id': { merge: threeWay() } },
    });
    const headers = { 'if-match': '"v1"' };
    await api.put(`notes/${scene.id}`, { json: { ...plan, title: 'Food' }, base: plan, headers });
    expect(made).toBe(3);
    expect(await scene.value()).toEqual({ title: 'Food', body: 'Eggs' });
  });

  it('recover where the version is in the body', async () => {
    const scene = await openScene(plan, 'boards');
    const api = createClient({
      baseUrl: inject('venue').gate,
      ...atOnce,
      routes: { 'boards/:id': { version: field('/version'), merge: threeWay() } },
    });
    const board = api.resource('boards/:id', { id: scene.id });
    const opened = await board.read();
    await scene.store(theirs);
    const saved = await board.replace({ ...(opened.value as object), title: 'Food' }, { base: opened });
    expect(saved).toMatchObject({ outcome: 'merged', value: { title: 'Food', body: 'Eggs', version: 3 } });
  });
});
