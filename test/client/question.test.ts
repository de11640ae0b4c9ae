import {
  createClient,
  isRecoveryError,
  threeWay,
  type Frozen,
  type Question,
  type WriteResult,
} from 'remerge';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { baseUrl, clientOf, noteSchema, type Note } from '../support/client.ts';
import { Origin } from '../support/origin.ts';
import { given, questionIn } from '../support/question.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

type Asked = Question<Frozen<Note>, WriteResult<Frozen<Note>>>;

const base: Note = { title: 'Trip', tags: [] };
const local: Note = { title: 'Journey', tags: [] };
const remote: Note = { title: 'Voyage', tags: [] };

/** A client of one note, which somebody else changes after it was read. */
async function clashing() {
  const origin = new Origin(base);
  const api = createClient({
    ...{ baseUrl, fetch: origin.fetch },
    routes: { 'notes/:id': { schema: noteSchema, merge: threeWay<Note>() } },
  });
  const note = api.resource('notes/:id', { id: '42' });
  const seen = await note.read();
  origin.change(remote);
  return { origin, api, note, seen };
}

describe('the question of a handle', () => {
  it('has the types of its route, and so has its answer', async () => {
    const { note, seen } = await clashing();
    const asked = note.questionOf(await rejectionOf(note.replace(local, { base: seen })));
    expectTypeOf(asked).toEqualTypeOf<Asked | undefined>();
    const question = given(asked);
    expect(question).toMatchObject({ base, local, remote, merged: remote });
    // @ts-expect-error -- an answer is a whole note
    expect(await rejectionOf(question.resume({ tags: [] }))).toMatchObject({ code: 'merged-invalid' });
    const decided = await question.resume({ ...question.merged, title: 'Odyssey' });
    expectTypeOf(decided).toEqualTypeOf<WriteResult<Frozen<Note>>>();
    expect(decided).toMatchObject({ outcome: 'applied', value: { title: 'Odyssey' }, version: '"v3"' });
  });

  it('is that of its error alone, and undefined where there is nothing to decide', async () => {
    const { api, note, seen } = await clashing();
    const error = await rejectionOf(note.replace(local, { base: seen }));
    expect(isRecoveryError(error) && note.questionOf(error)).toBe(isRecoveryError(error) && error.question);
    expect(api.resource('notes/:id', { id: '42' }).questionOf(error)).toBeDefined();
    expect(api.resource('notes/:id', { id: '43' }).questionOf(error)).toBeUndefined();
    // The answer to a verb's question gives a response, which is none of the handle's results.
    const byVerb = await rejectionOf(api.put('notes/42', { json: local, base: seen }));
    expect(isRecoveryError(byVerb) && byVerb.question).toBeDefined();
    expect(note.questionOf(byVerb)).toBeUndefined();
    const late = await rejectionOf(note.replace(local, { base: seen, recovery: { retry: 0 } }));
    expect(late).toMatchObject({ code: 'retry-limit', action: 'retry' });
    for (const none of [late, new Error('no'), undefined]) expect(note.questionOf(none)).toBeUndefined();
  });

  it('is asked of a create, too, wherever that creates', async () => {
    for (const at of ['/notes/42', '/notes']) {
      const method = at === '/notes' ? 'POST' : 'PUT';
      const server = { create: { method, at: () => at } } as const;
      const origin = new Origin(remote).once(method, () => new Response('', { status: 409 }));
      const onConflict = { exists: 'merge' } as const;
      const { note } = clientOf(origin, { defaults: { merge: threeWay(), onConflict, server } });
      const error = await rejectionOf(note.create(local));
      const question = note.questionOf(error);
      expect(question).toMatchObject({ base: undefined, local, remote });
      const result = await given(question).resume(local);
      expect(result).toMatchObject({ outcome: 'applied', value: local });
      expect(origin.value).toEqual(local);
    }
  });
});

describe('an answer', () => {
  const changes: Note[] = [
    { title: 'Tour', tags: [] },
    { title: 'Cruise', tags: [] },
  ];

  it('by a handle gives a result, however often it is asked anew', async () => {
    const { origin, note, seen } = await clashing();
    let failing: Promise<unknown> = note.replace(local, { base: seen });
    for (const change of changes) {
      const { resume } = given(note.questionOf(await rejectionOf(failing)));
      origin.change(change);
      failing = resume({ ...local, title: `Not ${change.title}` });
    }
    const { remote: last, resume } = given(note.questionOf(await rejectionOf(failing)));
    expect(last).toEqual(changes[1]);
    const result = await resume(local);
    expect(result).toMatchObject({ outcome: 'applied', value: local, version: '"v5"' });
    await note.delete({ base: result });
    expect(origin.log.at(-1)).toBe('DELETE 204 "v5"');
  });

  it('by a verb gives a response, however often it is asked anew', async () => {
    const { origin, api, seen } = await clashing();
    let failing: Promise<unknown> = Promise.resolve(api.put('notes/42', { json: local, base: seen }));
    for (const change of changes) {
      const { resume } = questionIn(await rejectionOf(failing));
      origin.change(change);
      failing = resume({ ...local, title: `Not ${change.title}` });
    }
    const { remote: last, resume } = questionIn(await rejectionOf(failing));
    expect(last).toEqual(changes[1]);
    const response = await resume(local);
    expect(response).toBeInstanceOf(Response);
    expect([(response as Response).status, reportOf(response)]).toMatchObject([204, { outcome: 'applied' }]);
    expect(origin.value).toEqual(local);
  });
});
