import type { EditedContext } from '../../src/merging.ts';
import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { jsonPatch } from 'remerge/json-patch';
import {
  field,
  giveUp,
  isRecoveryError,
  keepLocal,
  keepRemote,
  mergePatch,
  query,
  set,
  threeWay,
  withConflictRecovery,
  type MergeContext,
  type Question,
  type RecoveringInit,
  type RecoveryEvent,
  type RecoveryOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { errorsPage } from '../../src/errors.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

const base = { title: 'Trip', tags: ['a'] };
const local = { title: 'Journey', tags: ['a', 'ours'] };
const remote = { title: 'Voyage', tags: ['a', 'theirs'] };
const decided = { title: 'Odyssey', tags: ['a', 'theirs', 'ours'] };
const conflicts = [{ path: '/title', base: 'Trip', local: 'Journey', remote: 'Voyage' }];
const merged = { title: 'Voyage', tags: ['a', 'theirs', 'ours'] };
const merge = threeWay<unknown>({ '/tags': set() });

const merging = { defaults: { merge } };

/** A write that clashes with what somebody else has written. */
function clashing(options: RecoveryOptions<Record<string, unknown>> = merging, init: RecoveringInit = {}) {
  const origin = new Origin(base);
  origin.change(remote);
  const clock = new VirtualClock();
  const fetch = withConflictRecovery(origin.fetch, { clock, ...options });
  const write = () => clock.run(fetch(url, { ...put(local, '"v1"', { base }), ...init }));
  const ask = async () => questionOf(await write());
  return { origin, clock, fetch, write, ask };
}

/** The question that a write ended with; it must have. */
function questionOf(response: Response): Question<unknown, Response> {
  const report = reportOf(response);
  if (report.outcome !== 'failed' || !report.question) throw new Error('There is no question.');
  return report.question as Question<unknown, Response>;
}

const refusedOnce = ['PUT 412 "v1"', 'GET 200 "v2"'];

describe('a conflict that a person has to decide', () => {
  it.each<[string, RecoveryOptions<Record<string, unknown>>, object]>([
    [
      'a merge gives up',
      { defaults: { merge: () => giveUp('Ask the author') } },
      { reason: 'Ask the author' },
    ],
    [
      'a merge gives up later',
      { defaults: { merge: () => Promise.resolve(giveUp('Ask later')) } },
      { reason: 'Ask later' },
    ],
    ['a three-way merge gives up', merging, {}],
    [
      'a merge gives up and the route says to fail',
      { defaults: { merge: () => giveUp('No'), onConflict: { edited: 'fail' } } },
      { reason: 'No' },
    ],
  ])('ends the write with the server’s own answer where %s', async (_, options, told) => {
    const { origin, write } = clashing(options);
    const response = await write();
    expect(origin.log).toEqual(refusedOnce);
    expect(response.status).toBe(412);
    expect(await response.text()).toBe('It has moved on');
    expect(reportOf(response)).toMatchObject({
      ...{ outcome: 'failed', code: 'merge-conflict', maybeApplied: false },
      ...told,
    });
    expect(origin.value).toEqual(remote);
  });

  it('is put as a question: three states, what is merged so far, and what is not', async () => {
    const question = await clashing().ask();
    expect(question).toMatchObject({ base, local, remote, merged, conflicts });
    expect(question.resume).toBeTypeOf('function');
  });

  it('is put as a question by a merge that names nothing: the remote side stands', async () => {
    expect(await clashing({ defaults: { merge: () => giveUp('?') } }).ask()).toMatchObject({
      ...{ base, local, remote, merged: remote, conflicts: [] },
    });
    const named = giveUp('?', { conflicts, merged });
    expect(await clashing({ defaults: { merge: () => named } }).ask()).toMatchObject({
      remote,
      merged,
      conflicts,
    });
  });

  it('says what to do now', async () => {
    const report = reportOf(await clashing({ defaults: { merge: () => giveUp('Ask the author.') } }).write());
    expect(report.outcome === 'failed' && report.message).toBe(
      `PUT ${url} failed (412): merge-conflict. It is left open. Show error.question to a person, then resume. Ask the author. ${errorsPage}#merge-conflict`,
    );
  });

  it('shows no part of a body to a log: neither the report nor the events do', async () => {
    const events: RecoveryEvent[] = [];
    const report = reportOf(await clashing({ ...merging, onEvent: (event) => events.push(event) }).write());
    expect(report.outcome === 'failed' && report.question).toMatchObject({ base, local, remote });
    expect(events.at(-1)).toMatchObject({ kind: 'end', recovery: { code: 'merge-conflict' } });
    for (const shown of [report, { ...report }, events]) {
      const told = JSON.stringify(shown) + inspect(shown, { depth: 10 });
      expect(told).toContain('merge-conflict');
      expect(told).not.toMatch(/Trip|Journey|Voyage|ours|theirs/);
    }
  });

  it('is no question where the merge decides, and the route is not asked', async () => {
    let asked = 0;
    const onConflict = () => (asked += 1);
    const { origin, write } = clashing({ defaults: { merge, onConflict: { edited: onConflict } } });
    origin.change({ ...base, tags: ['a', 'theirs'] });
    expect(reportOf(await write())).toMatchObject({ outcome: 'merged' });
    const kept = clashing({ defaults: { merge: () => keepRemote(), onConflict: { edited: onConflict } } });
    expect(reportOf(await kept.write())).toMatchObject({ outcome: 'unchanged' });
    expect(asked).toBe(0);
  });

  it('has its question where the route says nothing, and where it says to fail', async () => {
    for (const onConflict of [undefined, {}, { edited: 'fail' as const }]) {
      const question = await clashing({ defaults: { merge, ...(onConflict && { onConflict }) } }).ask();
      expect(question).toMatchObject({ base, local, remote, merged, conflicts });
    }
  });

  it('is no error: what a merge throws is asked of nobody', async () => {
    const own = new Error('mine');
    const { write } = clashing({
      defaults: { merge: () => Promise.reject(own), onConflict: { edited: 'fail' } },
    });
    expect(await rejectionOf(write())).toBe(own);
  });
});

describe('a function that decides conflicts', () => {
  it('gets the states, what is merged so far, and what is not', async () => {
    let seen: unknown;
    const onConflict = ({ signal, ...context }: EditedContext) => {
      seen = context;
      expect(signal).toBeInstanceOf(AbortSignal);
      return decided;
    };
    await clashing({ defaults: { merge, onConflict: { edited: onConflict } } }).write();
    const circumstances = { attempt: 2, reason: 'stale', maybeApplied: false };
    expect(seen).toEqual({ base, local, remote, merged, conflicts, ...circumstances });
  });

  it('gets the remote state for what is merged so far where the merge does not say', async () => {
    let seen: unknown;
    const onConflict = (context: EditedContext) => {
      seen = context;
      return keepRemote();
    };
    await clashing({ defaults: { merge: () => giveUp('No'), onConflict: { edited: onConflict } } }).write();
    expect(seen).toMatchObject({ merged: remote, conflicts: [] });
  });

  it.each(['at once', 'later'])('may decide %s', async (when) => {
    const answered = async (answer: unknown) => {
      const onConflict = () => (when === 'later' ? Promise.resolve(answer) : answer);
      const { origin, write } = clashing({ defaults: { merge, onConflict: { edited: onConflict } } });
      return { origin, report: reportOf(await write()) };
    };
    const written = await answered(decided);
    expect(written.report).toMatchObject({ outcome: 'merged' });
    expect(written.origin.log).toEqual([...refusedOnce, 'PUT 204 "v2"']);
    expect(written.origin.value).toEqual(decided);

    const own = await answered(keepLocal());
    expect(own.origin.value).toEqual(local);

    const kept = await answered(keepRemote());
    expect(kept.report).toMatchObject({ outcome: 'unchanged' });
    const ended = await answered(giveUp('The author is away'));
    expect(ended.report).toMatchObject({ code: 'merge-conflict', reason: 'The author is away' });
    for (const { origin } of [kept, ended]) expect(origin.log).toEqual(refusedOnce);
  });

  it('passes on what the merge could not decide when it gives up', async () => {
    const question = await clashing({
      defaults: { merge, onConflict: { edited: () => giveUp('No') } },
    }).ask();
    expect(question).toMatchObject({ merged, conflicts });
    const own = await clashing({
      defaults: { merge, onConflict: { edited: () => giveUp('?', { merged: decided, conflicts: [] }) } },
    }).ask();
    expect(own).toMatchObject({ merged: decided, conflicts: [] });
  });

  it('is held to its word as a merge is', async () => {
    const schema = z.object({ title: z.string() });
    const invalid = clashing({ defaults: { merge, schema, onConflict: { edited: () => ({ title: 7 }) } } });
    expect(reportOf(await invalid.write())).toMatchObject({ code: 'merged-invalid', reason: 'At /title.' });
    const silent = clashing({ defaults: { merge, onConflict: { edited: () => undefined } } });
    expect(await rejectionOf(silent.write())).toMatchObject({ code: 'merge-error' });
    const own = new Error('mine');
    const failing = clashing({ defaults: { merge, onConflict: { edited: () => Promise.reject(own) } } });
    expect(await rejectionOf(failing.write())).toBe(own);
    for (const { origin } of [invalid, silent, failing]) expect(origin.log).toEqual(refusedOnce);
  });

  it('has all the time that a person takes: the write’s own stands still', async () => {
    const { origin, clock, fetch } = clashing({
      defaults: {
        merge,
        totalTimeout: 1_000,
        onConflict: {
          edited: async ({ merged }) => {
            expect(clock.timers).toBe(0);
            await new Promise<void>((resolve) => clock.after(3_600_000, resolve));
            return merged;
          },
        },
      },
    });
    const silence = ({ signal }: Request) =>
      new Promise<Response>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    origin.once('PUT', () => undefined).once('PUT', silence);
    const start = clock.now();
    const error = await rejectionOf(clock.run(fetch(url, put(local, '"v1"', { base }))));
    expect(reportOf(error)).toMatchObject({ code: 'timeout', maybeApplied: true });
    expect(clock.now() - start).toBe(3_600_000 + 1_000);
    expect(clock.timers).toBe(0);
  });

  it('is stopped by the caller’s signal, and nothing is written', async () => {
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const onConflict = ({ signal }: EditedContext): Promise<unknown> => {
      controller.abort(reason);
      expect(signal.aborted).toBe(true);
      return new Promise(() => undefined);
    };
    const { origin, write } = clashing(
      { defaults: { merge, onConflict: { edited: onConflict } } },
      { signal: controller.signal },
    );
    expect(await rejectionOf(write())).toBe(reason);
    expect(origin.log).toEqual(refusedOnce);
  });
});

describe('an answer to a question', () => {
  it('is one write under the version that was shown, as long as nothing has happened since', async () => {
    const { origin, ask } = clashing();
    const response = await (await ask()).resume(decided);
    expect(origin.log).toEqual([...refusedOnce, 'PUT 204 "v2"']);
    expect(origin.value).toEqual(decided);
    expect(response.status).toBe(204);
    expect(reportOf(response)).toMatchObject({
      ...{ outcome: 'applied', method: 'PUT', url },
      attempts: [{ number: 1, status: 204, version: '"v2"', wait: 0 }],
    });
  });

  it('is a change of what was shown: it is merged onto what has happened since', async () => {
    const seen: unknown[] = [];
    const noting = (context: MergeContext) => {
      seen.push([context.base, context.local, context.remote]);
      return merge;
    };
    const { origin, clock, ask } = clashing({ defaults: { merge: noting, onConflict: { edited: 'fail' } } });
    const question = await ask();
    const since = { ...remote, tags: ['a', 'theirs', 'since'] };
    origin.change(since);
    const response = await clock.run(question.resume(decided));
    expect(origin.log.slice(2)).toEqual(['PUT 412 "v2"', 'GET 200 "v3"', 'PUT 204 "v3"']);
    expect(origin.value).toEqual({ title: 'Odyssey', tags: ['a', 'theirs', 'since', 'ours'] });
    expect(seen.at(-1)).toEqual([remote, decided, since]);
    expect(reportOf(response)).toMatchObject({
      outcome: 'merged',
      attempts: [{ status: 412 }, { status: 204 }],
    });
  });

  it('may be given twice: the second is a change of what was shown, too', async () => {
    const { origin, clock, ask } = clashing();
    const { resume } = await ask();
    await resume({ ...remote, tags: ['a', 'theirs', 'first'] });
    const response = await clock.run(resume({ ...remote, tags: ['a', 'theirs', 'second'] }));
    expect(origin.log.slice(2)).toEqual(['PUT 204 "v2"', 'PUT 412 "v2"', 'GET 200 "v3"', 'PUT 204 "v3"']);
    expect(origin.value).toEqual({ title: 'Voyage', tags: ['a', 'theirs', 'first', 'second'] });
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
  });

  it('that is what the server had writes nothing, and is answered by what was shown', async () => {
    const { origin, ask } = clashing();
    const response = await (await ask()).resume({ tags: remote.tags, title: remote.title });
    expect(origin.log).toEqual(refusedOnce);
    expect(await response.json()).toEqual(remote);
    expect(reportOf(response)).toMatchObject({ outcome: 'unchanged', method: 'PUT', url, attempts: [] });
  });

  it('that breaks the schema is refused at once, and another may be given', async () => {
    const schema = z.object({ title: z.string().max(9) });
    const { origin, ask } = clashing({ defaults: { merge, schema } });
    const { resume } = await ask();
    const error = await rejectionOf(resume({ title: 'secret '.repeat(9) }));
    expect(isRecoveryError(error) && error.code).toBe('merged-invalid');
    expect(reportOf(error)).toMatchObject({ code: 'merged-invalid', reason: 'At /title.', attempts: [] });
    expect(inspect(error) + JSON.stringify(reportOf(error))).not.toContain('secret');
    expect(origin.log).toEqual(refusedOnce);
    await resume({ title: 'Odyssey' });
    expect(origin.value).toEqual({ title: 'Odyssey' });
  });

  it('that says nothing is refused at once', async () => {
    const { origin, ask } = clashing();
    const error = await rejectionOf((await ask()).resume(undefined));
    expect(isRecoveryError(error) && error.code).toBe('merge-error');
    expect(origin.log).toEqual(refusedOnce);
  });

  it('that clashes anew is put as a question again, with what was shown as its base', async () => {
    const { origin, clock, ask } = clashing();
    const first = await ask();
    const since = { ...remote, title: 'Tour' };
    origin.change(since);
    const second = questionOf(await clock.run(first.resume(decided)));
    expect(second).toMatchObject({
      ...{ base: remote, local: decided, remote: since, merged: { ...decided, title: 'Tour' } },
      conflicts: [{ path: '/title', base: 'Voyage', local: 'Odyssey', remote: 'Tour' }],
    });
    await second.resume({ ...since, title: 'Grand tour' });
    expect(origin.log.slice(2)).toEqual(['PUT 412 "v2"', 'GET 200 "v3"', 'PUT 204 "v3"']);
    expect(origin.value).toEqual({ ...since, title: 'Grand tour' });
  });

  it('is taken when it is given: what becomes of the value, and of what was shown, changes nothing', async () => {
    const { origin, clock, ask } = clashing();
    const question = await ask();
    const shown = question.remote as typeof remote;
    shown.tags.push('mine');
    origin.change({ ...remote, tags: ['a', 'theirs', 'since'] });
    const answering = clock.run(question.resume(shown));
    shown.title = 'scribble';
    await answering;
    expect(origin.value).toEqual({ title: 'Voyage', tags: ['a', 'theirs', 'since', 'mine'] });
  });

  it('carries the version in every place that the route has', async () => {
    const version = { read: field('/version'), write: [field('/version'), query('rev')] };
    const origin = new Origin({ ...remote, version: 2 });
    origin.once('PUT', () => new Response('stale', { status: 409 }));
    origin.once('PUT', () => new Response(null, { status: 200 }));
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge, version } });
    const init = put({ ...local, version: 1 }, '', { base: { ...base, version: 1 } });
    delete (init.headers as Record<string, string>)['if-match'];
    const response = await fetch(`${url}?rev=1&x=y`, init);
    await questionOf(response).resume(decided);
    expect(origin.requests.at(-1)?.url).toBe(`${url}?rev=2&x=y`);
    expect(await origin.requests.at(-1)?.json()).toEqual({ ...decided, version: 2 });
  });

  it('gets an idempotency key of its own each time, and the digests of the first bytes are left behind', async () => {
    const headers = { 'content-type': 'application/json', 'if-match': '"v1"', 'idempotency-key': '"mine"' };
    const { origin, clock, ask } = clashing(merging, { headers: { ...headers, 'content-digest': 'abc' } });
    const { resume } = await ask();
    await resume(decided);
    await clock.run(resume({ ...remote, tags: ['a', 'theirs', 'second'] }));
    const writes = origin.requests.filter(({ method }) => method === 'PUT');
    expect(writes.map((request) => request.headers.get('idempotency-key'))).toEqual([
      '"mine"',
      '"id-1"',
      '"id-2"',
      '"id-3"',
    ]);
    expect(writes.map((request) => request.headers.has('content-digest'))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('recovers where the caller left the content type to fetch', async () => {
    const { origin, clock, ask } = clashing(merging, { headers: { 'if-match': '"v1"' } });
    const { resume } = await ask();
    origin.change({ ...remote, tags: ['a', 'theirs', 'since'] });
    expect(reportOf(await clock.run(resume(decided)))).toMatchObject({ outcome: 'merged' });
    expect(origin.value).toEqual({ title: 'Odyssey', tags: ['a', 'theirs', 'since', 'ours'] });
  });

  it('keeps the content type that a Blob has', async () => {
    const body = new Blob([JSON.stringify(local)], { type: 'application/vnd.note+json' });
    const { origin, clock, ask } = clashing(merging, { body, headers: { 'if-match': '"v1"' } });
    const { resume } = await ask();
    origin.change({ ...remote, tags: ['a', 'theirs', 'since'] });
    await clock.run(resume(decided));
    const writes = origin.requests.filter(({ method }) => method === 'PUT');
    expect(writes.map((request) => request.headers.get('content-type'))).toEqual(Array(3).fill(body.type));
  });

  it('is given for text as text', async () => {
    const origin = new Origin('a\n', 'text/plain');
    origin.change('b\n');
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: () => giveUp('?') } });
    const headers = { 'content-type': 'text/plain' };
    const question = questionOf(await fetch(url, put('', '"v1"', { body: 'c\n', headers })));
    expect(question).toMatchObject({ base: undefined, local: 'c\n', remote: 'b\n', merged: 'b\n' });
    await question.resume('b\nc\n');
    expect(origin.value).toBe('b\nc\n');
  });
});

describe('an answer to the question of a PATCH', () => {
  /** The patches that are sent, and the question. */
  async function patched(change: unknown, type: string, headers: Record<string, string> = {}) {
    const init = {
      ...{ method: 'PATCH', body: JSON.stringify(change), base },
      headers: { 'if-match': '"v1"', ...(type && { 'content-type': type }), ...headers },
    };
    const patches = [mergePatch(), jsonPatch()];
    const { origin, clock, ask } = clashing({ defaults: { merge, server: { patches } } }, init);
    const sent: unknown[] = [];
    const note = async (request: Request): Promise<undefined> => {
      sent.push(await request.clone().json());
    };
    const question = await ask();
    origin.once('PATCH', note).once('PATCH', note).once('PATCH', note);
    return { origin, clock, question, sent };
  }

  const type = 'application/merge-patch+json';

  it.each([type, 'application/json', ''])('is the smallest patch of what was shown, as %j', async (said) => {
    const { origin, question, sent } = await patched({ title: 'Journey' }, said);
    expect(question).toMatchObject({ base, local: { ...base, title: 'Journey' }, remote, conflicts });
    await question.resume({ ...remote, title: 'Odyssey' });
    expect(origin.log).toEqual(['PATCH 412 "v1"', 'GET 200 "v2"', 'PATCH 204 "v2"']);
    expect(sent).toEqual([{ title: 'Odyssey' }]);
    expect(origin.requests.at(-1)?.headers.get('content-type')).toBe(said || 'text/plain;charset=UTF-8');
  });

  it('is the smallest patch of what has happened since, too', async () => {
    for (const said of [type, '']) {
      const { origin, clock, question, sent } = await patched({ title: 'Journey' }, said);
      origin.change({ ...remote, tags: ['a', 'theirs', 'since'] });
      const response = await clock.run(question.resume({ title: 'Odyssey', tags: ['theirs'] }));
      expect(origin.log.slice(2)).toEqual(['PATCH 412 "v2"', 'GET 200 "v3"', 'PATCH 204 "v3"']);
      expect(sent).toEqual([
        { title: 'Odyssey', tags: ['theirs'] },
        { title: 'Odyssey', tags: ['theirs', 'since'] },
      ]);
      expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
    }
  });

  it('is a JSON Patch where the first was one, and gets an idempotency key of its own', async () => {
    const change = [{ op: 'replace', path: '/title', value: 'Journey' }];
    const json = 'application/json-patch+json';
    const { origin, question, sent } = await patched(change, json, { 'idempotency-key': 'mine' });
    await question.resume({ ...remote, title: 'Odyssey' });
    expect(sent).toEqual([[{ op: 'replace', path: '/title', value: 'Odyssey' }]]);
    expect(origin.requests.at(-1)?.headers.get('idempotency-key')).toBe('id-1');
  });
});

describe('while a person thinks', () => {
  it('nothing is held: no timer, and no listener on any signal', async () => {
    // Node's own Request would listen, too, so this server makes none.
    const refusing: typeof fetch = (_, init) =>
      Promise.resolve(
        init?.method === 'PUT'
          ? new Response('stale', { status: 412 })
          : Response.json(remote, { headers: { etag: '"v2"' } }),
      );
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const signals = [signal];
    const onConflict = (context: EditedContext) => {
      signals.push(context.signal);
      return giveUp('?');
    };
    const recovering = withConflictRecovery(refusing, {
      clock,
      defaults: { merge, timeout: 5_000, onConflict: { edited: onConflict } },
    });
    const question = questionOf(await clock.run(recovering(url, put(local, '"v1"', { base, signal }))));
    const mine = new AbortController();
    await clock.run(question.resume(decided, { signal: mine.signal }));
    expect(clock.timers).toBe(0);
    expect(signals).toHaveLength(2);
    for (const each of [...signals, mine.signal]) expect(getEventListeners(each, 'abort')).toEqual([]);
  });

  it('the signal of the first call is over: it stops no answer', async () => {
    const controller = new AbortController();
    const { origin, ask } = clashing(merging, { signal: controller.signal });
    const question = await ask();
    controller.abort(new Error('the page is closed'));
    const response = await question.resume(decided);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    expect(origin.value).toEqual(decided);
  });

  it('the time of the first write is over, too: the answer has its own', async () => {
    const { origin, clock, ask } = clashing({ defaults: { merge, totalTimeout: 1_000 } });
    const { resume } = await ask();
    await clock.run(new Promise<void>((resolve) => clock.after(3_600_000, resolve)));
    await clock.run(resume(decided));
    expect(origin.value).toEqual(decided);

    const late = clashing({ defaults: { merge, totalTimeout: 1_000 } });
    const silence = ({ signal }: Request) =>
      new Promise<Response>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    const question = await late.ask();
    late.origin.once('PUT', silence);
    const start = late.clock.now();
    const error = await rejectionOf(late.clock.run(question.resume(decided)));
    expect(reportOf(error)).toMatchObject({ code: 'timeout', maybeApplied: true });
    expect(late.clock.now() - start).toBe(1_000);
  });

  it('an answer has a signal of its own', async () => {
    const { origin, ask } = clashing();
    const { resume } = await ask();
    const reason = new Error('no longer wanted');
    const signal = AbortSignal.abort(reason);
    expect(await rejectionOf(resume(decided, { signal }))).toBe(reason);
    expect(origin.log).toEqual(refusedOnce);

    const controller = new AbortController();
    origin.once('PUT', ({ signal: sent }) => {
      controller.abort(reason);
      return Promise.reject(sent.reason as Error);
    });
    expect(await rejectionOf(resume(decided, { signal: controller.signal }))).toBe(reason);
    expect(reportOf(reason)).toMatchObject({ code: 'abort', maybeApplied: true });
  });
});

describe('the question of a create that meets what exists', () => {
  it('has no base, and its answer goes out under the version that exists', async () => {
    const origin = new Origin(remote);
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge, onConflict: { exists: 'merge' } },
    });
    const headers = { 'content-type': 'application/json', 'if-none-match': '*' };
    const response = await fetch(url, { method: 'PUT', body: JSON.stringify(local), headers });
    const question = questionOf(response);
    expect(question).toMatchObject({ base: undefined, local, remote });
    await question.resume(decided);
    expect(origin.log).toEqual(['PUT 412 *', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(origin.requests.at(-1)?.headers.has('if-none-match')).toBe(false);
    expect(origin.value).toEqual(decided);
  });

  it('that was to be made by POST is answered where the route has located it', async () => {
    const origin = new Origin(remote).once('POST', () => new Response('There is one', { status: 409 }));
    const locate = () => '/notes/42';
    const defaults = {
      ...{ merge, methods: ['POST'], onConflict: { exists: 'merge' as const } },
      server: { create: { find: locate } },
    };
    const clock = new VirtualClock();
    const fetch = withConflictRecovery(origin.fetch, { clock, defaults });
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'mine' };
    const init = { method: 'POST', body: JSON.stringify(local), headers };
    const { resume } = questionOf(await fetch('https://api.test/notes', init));
    origin.change({ ...remote, tags: ['a', 'theirs', 'since'] });
    const response = await clock.run(resume(decided));
    expect(origin.log).toEqual(['POST 409', 'GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(new Set(origin.requests.slice(1).map((request) => request.url))).toEqual(new Set([url]));
    expect(origin.value).toEqual({ title: 'Odyssey', tags: ['a', 'theirs', 'since', 'ours'] });
    expect(reportOf(response)).toMatchObject({ outcome: 'merged', method: 'PUT', url });
  });
});
