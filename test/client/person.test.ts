import { inspect } from 'node:util';
import { isHTTPError } from 'ky';
import {
  createClient,
  giveUp,
  isRecoveryError,
  set,
  threeWay,
  type ClientOptions,
  type RecoveryError,
  type RecoveryEvent,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { baseUrl, clientOf, noteSchema, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { given, questionIn } from '../support/question.ts';
import { rejectionOf, reportOf, url } from '../support/write.ts';

const base: Note = { title: 'Trip', tags: ['a'] };
const local: Note = { title: 'Journey', tags: ['a', 'ours'] };
const remote: Note = { title: 'Voyage', tags: ['a', 'theirs'] };
const merged: Note = { title: 'Voyage', tags: ['a', 'theirs', 'ours'] };
const decided: Note = { title: 'Odyssey', tags: ['a', 'theirs', 'ours'] };
const conflicts = [{ path: '/title', base: 'Trip', local: 'Journey', remote: 'Voyage' }];
const merge = threeWay<unknown>({ '/tags': set() });
const started = ['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"'];

/** What a promise rejects with, which must be ours. */
async function failureOf(promise: Promise<unknown>): Promise<RecoveryError> {
  const error = await rejectionOf(promise);
  if (!isRecoveryError(error)) throw error;
  return error;
}

/** A client of one note, which somebody else changes after it was read. */
async function clashing(more: ClientOptions<object> = {}) {
  const origin = new Origin(base);
  const clock = new VirtualClock();
  const { api, note } = clientOf(origin, {
    clock,
    ...more,
    defaults: { merge, ...more.defaults },
  });
  const seen = await note.read();
  origin.change(remote);
  const replace = (options: object = {}) =>
    failureOf(clock.run(note.replace(local, { base: seen, ...options })));
  return { origin, clock, api, note, seen, replace };
}

describe('a write by a handle that a person has to decide', () => {
  it('fails with all that there is to decide, and ky’s own error as its cause', async () => {
    const { origin, replace } = await clashing();
    const error = await replace();
    expect(origin.log).toEqual(started);
    expect(error.code).toBe('merge-conflict');
    expect(error.message).toContain(
      `PUT ${url} failed (412): merge-conflict. It is left open. Show error.question to a person, then resume.`,
    );
    expect(error.question?.base).toEqual(base);
    expect(error.question?.local).toEqual(local);
    expect(error.question?.remote).toEqual(remote);
    expect(error.question?.merged).toEqual(merged);
    expect(error.question?.conflicts).toEqual(conflicts);
    expect(error.response?.status).toBe(412);
    expect(isHTTPError(error.cause) && error.cause.data).toBe('It has moved on');
    expect(error.recovery).toMatchObject({ outcome: 'failed', maybeApplied: false });
  });

  it('shows no part of a body to a log of the error, the report or the events', async () => {
    const events: RecoveryEvent[] = [];
    const { replace } = await clashing({ onEvent: (event) => events.push(event) });
    const error = await replace();
    expect(error.question).toMatchObject({ base, local, remote });
    for (const shown of [Object.entries(error), error.recovery, events]) {
      const told = JSON.stringify(shown) + inspect(shown, { depth: 10 });
      expect(told).toContain('merge-conflict');
      expect(told).not.toMatch(/Trip|Journey|Voyage|ours|theirs/);
    }
    expect(JSON.stringify(error)).toBe('{"name":"RecoveryError","code":"merge-conflict"}');
    expect(error.message + String(error.stack)).not.toMatch(/Trip|Journey|Voyage|ours|theirs/);
  });

  it('shows no part of a body to a log of its cause', async () => {
    const { replace } = await clashing();
    expect(inspect(await replace())).not.toMatch(/Trip|Journey|Voyage|ours|theirs/);
  });

  it('is asked by api.put, too', async () => {
    const { origin, api, seen } = await clashing();
    const error = await failureOf(Promise.resolve(api.put('notes/42', { json: local, base: seen })));
    expect(error.question).toMatchObject({ base, local, remote, merged, conflicts });
    const result = await questionIn(error).resume(decided);
    expect(origin.log).toEqual([...started, 'PUT 204 "v2"']);
    expect(reportOf(result)).toMatchObject({ outcome: 'applied' });
    expect(origin.value).toEqual(decided);
  });

  it('is asked as the call says, or else the route', async () => {
    const { origin, replace } = await clashing();
    const gaveUp = await replace({ recovery: { merge: () => giveUp('Ask the author') } });
    expect(gaveUp).toMatchObject({ code: 'merge-conflict', question: { merged: remote, conflicts: [] } });
    expect(origin.value).toEqual(remote);
    const deciding = await clashing({ defaults: { onConflict: { edited: () => decided } } });
    const asked = await deciding.replace({ recovery: { onConflict: { edited: 'fail' } } });
    expect(asked).toMatchObject({ code: 'merge-conflict', question: { merged, conflicts } });
    expect(deciding.origin.value).toEqual(remote);
  });

  it('is asked, too, where the write names its base but no version, and so begins with a read', async () => {
    const { origin, clock, note } = await clashing();
    const error = await failureOf(clock.run(note.replace(local, { base: { ...base } })));
    const question = note.questionOf(error);
    expect(question).toMatchObject({ base, local, remote, merged, conflicts });
    expect(reportOf(error)).toMatchObject({ code: 'merge-conflict', maybeApplied: false, attempts: [] });
    expect((await given(question).resume(decided)).outcome).toBe('applied');
    expect(origin.log).toEqual(['GET 200 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('is not asked where there is nothing to decide', async () => {
    const { replace } = await clashing();
    const error = await replace({ recovery: { retry: 0 } });
    expect(error).toMatchObject({ code: 'retry-limit', question: undefined });
    expect(error.recovery).not.toHaveProperty('question');
  });
});

describe('a person’s answer', () => {
  it('is one write under the version that was shown, and the next goes on from it', async () => {
    const { origin, note, replace } = await clashing();
    const result = await questionIn(await replace()).resume(decided);
    expect(origin.log).toEqual([...started, 'PUT 204 "v2"']);
    expect(result).toMatchObject({
      ...{ outcome: 'applied', value: decided, version: '"v3"' },
      attempts: [{ number: 1, status: 204, version: '"v2"' }],
    });
    await note.replace(base, { base: result });
    expect(origin.log.at(-1)).toBe('PUT 204 "v3"');
  });

  it('is merged onto what has happened since, as a change of what was shown', async () => {
    const { origin, clock, note, replace } = await clashing();
    const { resume } = given(note.questionOf(await replace()));
    origin.change({ ...remote, tags: ['a', 'theirs', 'since'] });
    const result = await clock.run(resume(decided));
    expect(origin.log.slice(3)).toEqual(['PUT 412 "v2"', 'GET 200 "v3"', 'PUT 204 "v3"']);
    const value = { title: 'Odyssey', tags: ['a', 'theirs', 'since', 'ours'] };
    expect(result).toMatchObject({ outcome: 'merged', value, version: '"v4"' });

    const again = await clock.run(resume({ ...remote, tags: ['a', 'theirs', 'twice'] }));
    expect(again.value).toEqual({ title: 'Odyssey', tags: ['a', 'theirs', 'since', 'ours', 'twice'] });
  });

  it('that is what the server had writes nothing', async () => {
    const { origin, note, replace } = await clashing();
    const result = await questionIn(await replace()).resume(remote);
    expect(origin.log).toEqual(started);
    expect(result).toMatchObject({ outcome: 'unchanged', attempts: [], value: remote, version: '"v2"' });
    await note.replace(base, { base: result });
    expect(origin.log.at(-1)).toBe('PUT 204 "v2"');
  });

  it('that breaks the schema is refused at once', async () => {
    const { origin, replace } = await clashing();
    const failed = await failureOf(questionIn(await replace()).resume({ tags: [] }));
    expect(failed).toMatchObject({
      code: 'merged-invalid',
      recovery: { attempts: [], reason: 'At /title.' },
    });
    expect(origin.log).toEqual(started);
  });

  it('that clashes anew is asked anew', async () => {
    const { origin, clock, replace } = await clashing();
    const first = await replace();
    const since = { ...remote, title: 'Tour' };
    origin.change(since);
    const second = await failureOf(clock.run(questionIn(first).resume(decided)));
    expect(second.question).toMatchObject({ base: remote, local: decided, remote: since });
    expect(second.question?.conflicts).toHaveLength(1);
    const result = await questionIn(second).resume({ ...since, title: 'Grand tour' });
    expect(result).toMatchObject({ outcome: 'applied', value: { title: 'Grand tour' } });
    expect(origin.log.slice(3)).toEqual(['PUT 412 "v2"', 'GET 200 "v3"', 'PUT 204 "v3"']);
  });

  it('to a PATCH is the smallest patch of what was shown', async () => {
    const { origin, note, seen } = await clashing();
    const sent: unknown[] = [];
    const noting = async (request: Request): Promise<undefined> => {
      sent.push(await request.clone().json());
    };
    origin.once('PATCH', noting).once('PATCH', noting);
    const headers = { 'idempotency-key': 'mine' };
    const error = await failureOf(note.patch({ title: 'Journey' }, { base: seen, headers }));
    const result = await questionIn(error).resume({ ...remote, title: 'Odyssey' });
    expect(sent).toEqual([{ title: 'Journey' }, { title: 'Odyssey' }]);
    expect(origin.log.slice(1)).toEqual(['PATCH 412 "v1"', 'GET 200 "v2"', 'PATCH 204 "v2"']);
    expect(result).toMatchObject({ outcome: 'applied' });
    expect(origin.requests.at(-1)?.headers.get('idempotency-key')).toBe('id-1');
  });

  it('goes out with headers that are made for it', async () => {
    let count = 0;
    const headers = () => ({ authorization: `Bearer ${String((count += 1))}` });
    const { origin, replace } = await clashing({ headers, scope: () => 'me' });
    const error = await replace();
    const before = count;
    await questionIn(error).resume(decided);
    expect(origin.log).toHaveLength(4);
    const token = Number(origin.requests.at(-1)?.headers.get('authorization')?.replace('Bearer ', ''));
    expect(token).toBeGreaterThan(before);
  });

  it('goes through ky’s hooks, as any call does, whatever they make of it', async () => {
    const answers: number[] = [];
    const hook = ({ response }: { response: Response }): Response | undefined => {
      answers.push(response.status);
      return response.status === 204 ? new Response('replaced') : undefined;
    };
    const { origin, api, seen } = await clashing({ hooks: { afterResponse: [hook] } });
    answers.length = 0;
    const error = await failureOf(Promise.resolve(api.put('notes/42', { json: local, base: seen })));
    const result = await questionIn(error).resume(decided);
    expect(result instanceof Response && (await result.text())).toBe('replaced');
    expect(origin.value).toEqual(decided);
    expect(answers).toEqual([412, 204]);
  });

  it('may be given to a call that was made of a Request', async () => {
    const { origin, api, seen } = await clashing();
    const headers = { 'content-type': 'application/json' };
    const request = new Request(url, { method: 'PUT', body: JSON.stringify(local), headers });
    const error = await failureOf(Promise.resolve(api(request, { base: seen })));
    const result = await questionIn(error).resume(decided);
    expect(reportOf(result)).toMatchObject({ outcome: 'applied' });
    expect(origin.value).toEqual(decided);
  });
});

describe('while a person thinks', () => {
  it('the signal of the first call is over: it stops no answer, and no timer is left', async () => {
    const controller = new AbortController();
    const { origin, clock, replace } = await clashing();
    const error = await replace({ signal: controller.signal });
    expect(clock.timers).toBe(0);
    controller.abort(new Error('the page is closed'));
    await questionIn(error).resume(decided);
    expect(origin.value).toEqual(decided);
    expect(clock.timers).toBe(0);
  });

  it('an answer has a signal of its own', async () => {
    const { origin, replace } = await clashing();
    const error = await replace();
    const reason = new Error('no longer wanted');
    expect(await rejectionOf(questionIn(error).resume(decided, { signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    );
    const controller = new AbortController();
    origin.once('PUT', ({ signal }) => {
      controller.abort(reason);
      return Promise.reject(signal.reason as Error);
    });
    expect(await rejectionOf(questionIn(error).resume(decided, { signal: controller.signal }))).toBe(reason);
    expect(reportOf(reason)).toMatchObject({ code: 'abort', maybeApplied: true });
    expect(origin.value).toEqual(remote);
  });
});

describe('a create that a person has to decide', () => {
  /** A client whose notes are made by POST to their collection, where the one to be made exists. */
  function collection() {
    const origin = new Origin(remote).once('POST', () => new Response('There is one', { status: 409 }));
    const api = createClient({
      ...{
        baseUrl,
        fetch: origin.fetch,
        defaults: { merge, onConflict: { exists: 'merge' } },
      },
      routes: {
        notes: { schema: noteSchema, server: { create: { method: 'POST', find: () => '/notes/42' } } },
      },
    });
    return { origin, notes: api.resource('notes') };
  }

  it('by PUT has no base, and its answer goes out under the version that exists', async () => {
    const origin = new Origin(remote);
    const { note } = clientOf(origin, {
      defaults: { merge, onConflict: { exists: 'merge' } },
    });
    const error = await failureOf(note.create(local));
    expect(error.question).toMatchObject({ base: undefined, local, remote });
    const result = await questionIn(error).resume(decided);
    expect(origin.log).toEqual(['PUT 412 *', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(result).toMatchObject({ outcome: 'applied', value: decided, version: '"v2"' });
  });

  it('by POST is answered where the route has located it', async () => {
    const { origin, notes } = collection();
    const error = await failureOf(notes.create(local));
    const result = await questionIn(error).resume(decided);
    expect(origin.log).toEqual(['POST 409', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(origin.requests.at(-1)?.url).toBe(url);
    expect(result).toMatchObject({ outcome: 'applied', value: decided });
  });

  it('by POST and its answer are known as no state of where the POST went', async () => {
    const { origin, notes } = collection();
    const result = await questionIn(await failureOf(notes.create(local))).resume(decided);
    await notes.replace(local, { base: result });
    expect(origin.log[3]).toBe('GET 200 "v2"');
  });
});
