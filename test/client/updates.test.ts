import {
  createClient,
  etag,
  field,
  giveUp,
  isRecoveryError,
  keepRemote,
  lastModified,
  none,
  type Recipe,
  type WriteResult,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { baseUrl, clientOf, gate, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

const empty: Note = { title: 'a', tags: [] };
const tag = (name: string) => (note: Note) => void note.tags.push(name);
const tagsOf = (origin: Origin): string[] => (origin.value as Note).tags;

/** Holds the next PUT until the test lets it go on. */
function hold(origin: Origin) {
  const [arrived, go] = [gate(), gate()];
  origin.once('PUT', () => {
    arrived.open();
    return go.opened.then(() => undefined);
  });
  return { arrived: arrived.opened, go: go.open };
}

describe('an update', () => {
  it('reads, changes the draft, and writes under the version that was read', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const result = await note.update((draft) => {
      draft.title = 'b';
    });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    expect(origin.value).toEqual({ title: 'b', tags: [] });
    expect(result).toMatchObject({ outcome: 'applied', value: { title: 'b', tags: [] }, version: '"v2"' });
    expect(result.attempts).toMatchObject([{ number: 1, status: 204, version: '"v1"' }]);
  });

  it('takes the next value that a recipe returns, at once or later', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    await note.update((now) => ({ ...now, title: 'b' }));
    await note.update(async (now) => Promise.resolve({ ...now, tags: ['c'] }));
    expect(origin.value).toEqual({ title: 'b', tags: ['c'] });
  });

  it('writes nothing where the recipe changes nothing, by draft or by value', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const result = await note.update((draft) => {
      draft.title = 'a';
    });
    expect((await note.update((now) => ({ tags: now.tags, title: now.title }))).outcome).toBe('unchanged');
    expect(result).toMatchObject({ outcome: 'unchanged', attempts: [], value: empty, version: '"v1"' });
    expect(origin.log).toEqual(['GET 200 "v1"', 'GET 200 "v1"']);
  });

  it('applies the recipe to the newer state when it is overtaken', async () => {
    const origin = new Origin({ title: 'a', tags: ['theirs'] });
    const { note } = clientOf(origin);
    origin.overtake({ title: 'b', tags: ['theirs', 'too'] });
    const result = await note.update(tag('ours'));
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(origin.value).toEqual({ title: 'b', tags: ['theirs', 'too', 'ours'] });
    expect(result).toMatchObject({ outcome: 'merged', version: '"v3"' });
  });

  it('does not give up where a plain write would: only its time bounds it', async () => {
    const origin = new Origin(empty);
    const clock = new VirtualClock();
    const { note } = clientOf(origin, { clock });
    for (let round = 0; round < 12; round += 1) origin.overtake({ title: `round ${round}`, tags: [] });
    await clock.run(note.update(tag('ours')));
    expect(origin.value).toEqual({ title: 'round 11', tags: ['ours'] });
  });

  it('fails as the caller’s own recipe does, and writes nothing', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const own = new Error('no');
    expect(
      await rejectionOf(
        note.update(() => {
          throw own;
        }),
      ),
    ).toBe(own);
    expect(origin.log).toEqual(['GET 200 "v1"']);
  });

  it('refuses a recipe that does not say what it means', async () => {
    const { note } = clientOf(new Origin(empty));
    const both = (draft: Note): Note => {
      draft.title = 'b';
      return { ...draft, tags: ['c'] };
    };
    expect(String(await rejectionOf(note.update(both)))).toMatch(/changed its draft and returned another/);
    const count = (draft: Note): Note => draft.tags.push('x') as unknown as Note;
    expect(String(await rejectionOf(note.update(count)))).toMatch(/changed its draft and returned another/);
    const { fetch } = new Origin('text', 'text/plain');
    const text = createClient({ baseUrl, fetch, routes: { 'notes/:id': {} } }).resource('notes/:id', {
      id: '1',
    });
    expect(String(await rejectionOf(text.update(() => undefined)))).toMatch(/forget a return/);
  });

  it.each<[string, unknown, (draft: never) => unknown]>([
    ['true', { done: true }, (draft: { done: boolean }) => (draft.done ||= true)],
    ['a number', { n: 1 }, () => 7],
    ['null', { n: 1 }, () => null],
    ['a text', { title: 'a' }, (draft: { title: string }) => (draft.title = 'a')],
    ['an array for an object', { tags: ['a'] }, (draft: { tags: string[] }) => draft.tags],
    ['an object for an array', [{ n: 1 }], (draft: object[]) => draft[0]],
    [
      'an object of its draft',
      { author: { name: 'a' } },
      (draft: { author: object | undefined }) => (draft.author ??= {}),
    ],
    [
      'an object deep in its draft',
      { a: [{ b: { c: 1 } }] },
      (draft: { a: { b: object }[] }) => draft.a[0]?.b,
    ],
    ['what JSON makes a text of', { n: 1 }, () => new Date(0)],
  ])('refuses a recipe that returns %s where that is no document', async (_, value, recipe) => {
    const origin = new Origin(value);
    const api = createClient({ baseUrl, fetch: origin.fetch, routes: { 'notes/:id': {} } });
    const { update } = api.resource('notes/:id', { id: '42' });
    for (const made of [recipe, async (draft: never) => Promise.resolve(recipe(draft))])
      expect(await rejectionOf(update(made as Recipe))).toBeInstanceOf(TypeError);
    expect(origin.value).toEqual(value);
    expect(origin.log).toEqual(['GET 200 "v1"', 'GET 200 "v1"']);
  });

  it.each<[unknown, (draft: never) => unknown, unknown]>([
    [1, (now: number) => now + 1, 2],
    [true, (now: boolean) => !now, false],
    [null, () => ({ n: 1 }), { n: 1 }],
    [['b'], (now: string[]) => [...now, 'c'], ['b', 'c']],
    [{ inner: { n: 1 } }, ({ inner }: { inner: object }) => ({ ...inner }), { n: 1 }],
  ])('takes what is a document of such a resource: %j', async (value, recipe, made) => {
    const origin = new Origin(value);
    const api = createClient({ baseUrl, fetch: origin.fetch, routes: { 'notes/:id': {} } });
    await api.resource('notes/:id', { id: '42' }).update(recipe as Recipe);
    expect(origin.value).toEqual(made);
  });

  it('may return the draft that it changed', async () => {
    const origin = new Origin(empty);
    await clientOf(origin).note.update((draft) => Object.assign(draft, { title: 'b' }));
    expect(origin.value).toEqual({ title: 'b', tags: [] });
  });

  it('never writes what the schema refuses', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const error = await rejectionOf(note.update(() => ({ tags: [] }) as unknown as Note));
    expect(error).toMatchObject({ code: 'merged-invalid' });
    expect(String(error)).toMatch(/PUT https:\/\/api\.test\/notes\/42 failed: merged-invalid.*\/title/);
    expect(origin.log).toEqual(['GET 200 "v1"']);
  });

  it.each([
    [404, 'gone'],
    [403, 'unauthorized'],
    [400, 'read-error'],
  ])('of what answers its read with %i ends as %s', async (status, code) => {
    const origin = new Origin(empty).once('GET', () => new Response('no', { status }));
    const error = await rejectionOf(clientOf(origin).note.update(tag('x')));
    expect(isRecoveryError(error)).toBe(true);
    expect(error).toMatchObject({ code, cause: { name: 'HTTPError' } });
  });

  it('of what shows no version is not made', async () => {
    const origin = new Origin(empty).once('GET', () => Response.json(empty));
    expect(await rejectionOf(clientOf(origin).note.update(tag('x')))).toMatchObject({
      code: 'version-missing',
    });
    expect(origin.log).toEqual(['GET 200']);
  });
});

describe('updates of one resource', () => {
  it('that begin together travel in one write, in the order they came, each with its own result', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const names = Array.from({ length: 100 }, (_, index) => `t${index}`);
    const results = await Promise.all(names.map((name) => note.update(tag(name))));
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
    expect(tagsOf(origin)).toEqual(names);
    expect(new Set(results).size).toBe(100);
    for (const result of results) expect(result).toMatchObject({ outcome: 'applied', version: '"v2"' });
  });

  it('that come while one is written wait, and go out next without a read', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const { arrived, go } = hold(origin);
    const first = note.update(tag('1'));
    await arrived;
    const rest = [note.update(tag('2')), note.update(tag('3'))];
    go();
    await Promise.all([first, ...rest]);
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"', 'PUT 204 "v2"']);
    expect(tagsOf(origin)).toEqual(['1', '2', '3']);
  });

  it('read again where the answer to a write names no version', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const { arrived, go } = hold(origin);
    const { note: other } = clientOf({
      fetch: async (input, init) => {
        const response = await origin.fetch(input, init);
        return response.status === 204 ? new Response(null, { status: 204 }) : response;
      },
    });
    const first = other.update(tag('1'));
    await arrived;
    const second = other.update(tag('2'));
    go();
    const [result] = await Promise.all([first, second]);
    expect(result.version).toBeUndefined();
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect((await note.read()).value.tags).toEqual(['1', '2']);
  });

  it('that change nothing after a write of ours are told so by a read that is newer than their call', async () => {
    const origin = new Origin({ title: 'a', tags: ['x'] });
    const { note } = clientOf(origin);
    const { arrived, go } = hold(origin);
    const first = note.update((draft) => void (draft.title = 'b'));
    await arrived;
    const second = note.update((draft) => void (draft.tags = ['x']));
    go();
    await first;
    // Somebody else changes what the second update took for granted.
    origin.change({ title: 'b', tags: [] });
    expect((await second).outcome).toBe('applied');
    expect(origin.value).toEqual({ title: 'b', tags: ['x'] });
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"', 'GET 200 "v3"', 'PUT 204 "v3"']);
  });

  it('meet a conflict together, and are all applied to the newer state', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    origin.overtake({ title: 'b', tags: ['theirs'] });
    const results = await Promise.all([note.update(tag('1')), note.update(tag('2'))]);
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(origin.value).toEqual({ title: 'b', tags: ['theirs', '1', '2'] });
    expect(results.map(({ outcome }) => outcome)).toEqual(['merged', 'merged']);
  });

  it('fail alone: a recipe that throws, now or on the newer state, leaves no trace in the write', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    origin.overtake({ title: 'locked', tags: [] });
    const throws = note.update((draft) => {
      draft.tags.push('half');
      throw new Error('now');
    });
    const throwsLater = note.update((draft) => {
      if (draft.title === 'locked') throw new Error('later');
      draft.tags.push('never');
    });
    const settled = await Promise.allSettled([
      note.update(tag('1')),
      throws,
      throwsLater,
      note.update(tag('2')),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(origin.value).toEqual({ title: 'locked', tags: ['1', '2'] });
    expect(origin.log).toHaveLength(4);
  });

  it('see the changes of those before them, and one that adds nothing to them is told so', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const once = (draft: Note): void => {
      if (!draft.tags.includes('x')) draft.tags.push('x');
    };
    const [first, second] = await Promise.all([note.update(once), note.update(once)]);
    expect(tagsOf(origin)).toEqual(['x']);
    expect([first.outcome, second.outcome]).toEqual(['applied', 'unchanged']);
    expect(second).toMatchObject({ value: { tags: ['x'] }, version: '"v2"' });
  });

  it('share no draft: what a recipe keeps of its draft changes nothing later', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    let kept: Note | undefined;
    const [first] = await Promise.all([
      note.update((draft) => {
        kept = draft;
        draft.tags.push('1');
      }),
      note.update((draft) => {
        kept?.tags.push('smuggled');
        draft.tags.push('2');
      }),
    ]);
    expect(tagsOf(origin)).toEqual(['1', '2']);
    expect(() => (first.value.tags as string[]).push('x')).toThrow(TypeError);
  });

  it('go each in a write of its own where they ask for it, in their turn', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const alone = { together: false };
    await Promise.all([
      note.update(tag('1')),
      note.update(tag('2')),
      note.update(tag('3'), alone),
      note.update(tag('4'), { recovery: { retry: 3 } }),
      note.update(tag('5')),
      note.update(tag('6')),
    ]);
    expect(origin.log).toEqual([
      'GET 200 "v1"',
      'PUT 204 "v1"',
      'PUT 204 "v2"',
      'PUT 204 "v3"',
      'PUT 204 "v4"',
    ]);
    expect(tagsOf(origin)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('fail with what is refused for one of them only where they are the one', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const picky: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      const body = await request.clone().text();
      return body.includes('bad') ? new Response('no', { status: 422 }) : origin.fetch(request);
    };
    const { note: strict } = clientOf({ fetch: picky });
    const names = ['1', '2', 'bad', '4', '5'];
    const settled = await Promise.allSettled(names.map((name) => strict.update(tag(name))));
    expect(settled.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true]);
    expect(settled[2]).toMatchObject({ reason: { code: 'not-a-conflict', response: { status: 422 } } });
    expect((await note.read()).value.tags).toEqual(['1', '2', '4', '5']);
  });

  it('all fail with what concerns them all', async () => {
    const origin = new Origin(empty).once('PUT', () => new Response('no', { status: 403 }));
    const { note } = clientOf(origin);
    const settled = await Promise.allSettled([note.update(tag('1')), note.update(tag('2'))]);
    expect(settled).toMatchObject([
      { reason: { code: 'not-a-conflict' } },
      { reason: { code: 'not-a-conflict' } },
    ]);
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 403 "v1"']);
    expect((await note.update(tag('3'))).outcome).toBe('applied');
  });

  it('of different resources never wait for each other', async () => {
    const origin = new Origin(empty);
    const { api, note } = clientOf(origin);
    const { arrived, go } = hold(origin);
    const slow = note.update(tag('1'));
    await arrived;
    await api.resource('notes/:id', { id: '43' }).update(tag('2'));
    expect(origin.log).toEqual(['GET 200 "v1"', 'GET 200 "v1"', 'PUT 204 "v1"']);
    go();
    await slow;
  });

  it('for different people never share a write', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const as = (who: string) => ({ headers: { authorization: who } });
    await Promise.all([
      note.update(tag('1'), as('ann')),
      note.update(tag('2'), as('ann')),
      note.update(tag('3'), as('ben')),
    ]);
    const writers = origin.requests
      .filter(({ method }) => method === 'PUT')
      .map(({ headers }) => headers.get('authorization'));
    expect(new Set(writers)).toEqual(new Set(['ann', 'ben']));
    expect(tagsOf(origin).sort()).toEqual(['1', '2', '3']);
  });
});

describe('a caller of an update who leaves', () => {
  it('while waiting is let go at once, and its change is never made', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const { arrived, go } = hold(origin);
    const caller = new AbortController();
    const first = note.update(tag('1'));
    await arrived;
    const leaving = note.update(tag('2'), { signal: caller.signal });
    const third = note.update(tag('3'));
    const reason = new Error('closed the tab');
    caller.abort(reason);
    expect(await rejectionOf(leaving)).toBe(reason);
    expect(reportOf(reason)).toMatchObject({ code: 'abort', maybeApplied: false });
    go();
    await Promise.all([first, third]);
    expect(tagsOf(origin)).toEqual(['1', '3']);
  });

  it('while its write is under way disturbs nobody else, and hears that it may have been made', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const { arrived, go } = hold(origin);
    const caller = new AbortController();
    const leaving = note.update(tag('1'), { signal: caller.signal });
    const staying = note.update(tag('2'));
    await arrived;
    const reason = new Error('closed the tab');
    caller.abort(reason);
    expect(await rejectionOf(leaving)).toBe(reason);
    expect(reportOf(reason)).toMatchObject({ code: 'abort', maybeApplied: true });
    go();
    expect((await staying).outcome).toBe('applied');
    expect(tagsOf(origin)).toEqual(['1', '2']);
  });

  it('before a conflict is left out of what is written then', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const caller = new AbortController();
    origin.once('PUT', () => {
      caller.abort();
      origin.change({ title: 'b', tags: [] });
      return undefined;
    });
    const leaving = note.update(tag('1'), { signal: caller.signal });
    const staying = note.update(tag('2'));
    await rejectionOf(leaving);
    await staying;
    expect(origin.value).toEqual({ title: 'b', tags: ['2'] });
  });

  it('last takes the request along', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const caller = new AbortController();
    origin.once('PUT', ({ signal }) => {
      caller.abort();
      expect(signal.aborted).toBe(true);
      return undefined;
    });
    await rejectionOf(note.update(tag('1'), { signal: caller.signal }));
    await note.update(tag('2'));
    expect(tagsOf(origin)).toContain('2');
  });

  it('while the resource is read is let go, and those who stay get what was read', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const [leaver, other] = [new AbortController(), new AbortController()];
    let read: AbortSignal | undefined;
    origin.once('GET', ({ signal }) => {
      read = signal;
      leaver.abort();
      return undefined;
    });
    const leaving = note.update(tag('1'), { signal: leaver.signal });
    const staying = note.update(tag('2'), { signal: other.signal });
    await rejectionOf(leaving);
    await staying;
    expect(read?.aborted).toBe(false);
    expect(tagsOf(origin)).toEqual(['2']);
  });

  it('last while the resource is read takes the read along, and the next one reads anew', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const caller = new AbortController();
    let read: AbortSignal | undefined;
    origin.once('GET', ({ signal }) => {
      read = signal;
      caller.abort();
      return undefined;
    });
    await rejectionOf(note.update(tag('1'), { signal: caller.signal }));
    expect(read?.aborted).toBe(true);
    await note.update(tag('2'));
    expect(tagsOf(origin)).toEqual(['2']);
  });

  it('already when it calls asks for nothing', async () => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    const reason = new Error('never mind');
    expect(await rejectionOf(note.update(tag('1'), { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(reportOf(reason)).toMatchObject({ code: 'abort', maybeApplied: false });
    expect(origin.log).toEqual([]);
  });

  it('because the time is up gets an error that says so, and the others go on', async () => {
    const origin = new Origin(empty);
    const clock = new VirtualClock();
    const { note } = clientOf(origin, { clock });
    const silence = ({ signal }: Request) =>
      new Promise<Response>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    origin.once('PUT', silence);
    const hasty = note.update(tag('1'), { recovery: { totalTimeout: 1_000 } });
    const patient = note.update(tag('2'));
    const error = await rejectionOf(clock.run(hasty));
    expect(error).toMatchObject({ code: 'timeout' });
    expect(reportOf(error)).toMatchObject({ code: 'timeout', maybeApplied: true });
    await clock.run(patient);
    expect(tagsOf(origin)).toEqual(['2']);
    expect(clock.timers).toBe(0);
  });
});

it('Updates leave nothing behind when they are done.', async () => {
  const origin = new Origin(empty);
  const clock = new VirtualClock();
  const { note } = clientOf(origin, { clock });
  const caller = new AbortController();
  const results: WriteResult[] = await clock.run(
    Promise.all([
      note.update(tag('1'), { signal: caller.signal }),
      note.update(tag('2'), { signal: caller.signal }),
    ]),
  );
  expect(results).toHaveLength(2);
  expect(clock.timers).toBe(0);
});

describe('a recipe that decides what a merge decides', () => {
  it.each([
    ['gives up', giveUp('no')],
    ['keeps the remote', keepRemote()],
  ])('is refused, and nothing is written, where it %s', async (_, decision) => {
    const origin = new Origin(empty);
    const { note } = clientOf(origin);
    expect(String(await rejectionOf(note.update(() => decision as never)))).toMatch(/let it throw/);
    expect(origin.log).toEqual(['GET 200 "v1"']);
  });
});

it('An update does not bring back what was deleted meanwhile.', async () => {
  const origin = new Origin(empty);
  const { note } = clientOf(origin, { defaults: { onConflict: { gone: 'recreate' } } });
  origin.once('PUT', () => {
    origin.remove();
    return undefined;
  });
  expect(await rejectionOf(note.update(tag('x')))).toMatchObject({ code: 'gone' });
  expect(origin.value).toBeUndefined();
});

describe('updates that are awaited one by one', () => {
  const at = (clock: VirtualClock, origin: Origin, more = {}) => clientOf(origin, { clock, ...more });

  it('begin with the state that the last one left, and need no read', async () => {
    const origin = new Origin(empty);
    const { note } = at(new VirtualClock(), origin);
    for (const name of ['1', '2', '3']) await note.update(tag(name));
    expect(origin.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"', 'PUT 204 "v2"', 'PUT 204 "v3"']);
    await Promise.all(['4', '5', '6'].map((name) => note.update(tag(name))));
    expect(origin.log.slice(4)).toEqual(['PUT 204 "v4"']);
    expect(tagsOf(origin)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('read again a second later, and after somebody else got in between', async () => {
    const origin = new Origin(empty);
    const clock = new VirtualClock();
    const { note } = at(clock, origin);
    await note.update(tag('1'));
    await clock.pass(1_001);
    await note.update(tag('2'));
    expect(origin.log.splice(0)).toEqual(['GET 200 "v1"', 'PUT 204 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    origin.change({ title: 'theirs', tags: [] });
    await note.update(tag('3'));
    await note.update(tag('4'));
    expect(origin.log).toEqual([
      ...['PUT 412 "v3"', 'GET 200 "v4"', 'PUT 204 "v4"'],
      ...['GET 200 "v5"', 'PUT 204 "v5"'],
    ]);
    expect(origin.value).toEqual({ title: 'theirs', tags: ['3', '4'] });
  });

  it.each([
    ['no version', none(), {}],
    ['a weak tag', etag({ weak: 'send' }), { etag: 'W/"1"' }],
    ['a date', lastModified(), { 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }],
    ['a date in the document', field('/updatedAt'), {}],
  ])('read each time under %s, and write over nothing', async (_, version, headers) => {
    let doc = { tags: ['a'], updatedAt: '2026-01-01T00:00:00Z' };
    const log: string[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      log.push(request.method);
      // It is so fast that the version stays what it was.
      if (request.method === 'PUT') doc = (await request.json()) as typeof doc;
      return Response.json(doc, { headers });
    };
    const api = createClient({ baseUrl, fetch, routes: { 'notes/:id': {} }, defaults: { version } });
    const { update } = api.resource('notes/:id', { id: '42' });
    const add = (name: string) => (draft: unknown) => void (draft as typeof doc).tags.push(name);
    await update(add('ours'));
    doc = { ...doc, tags: [...doc.tags, 'theirs'] };
    await update(add('ours, too'));
    expect(doc.tags).toEqual(['a', 'ours', 'theirs', 'ours, too']);
    expect(log).toEqual(['GET', 'PUT', 'GET', 'PUT']);
  });

  it('fail, or find nothing to do, only by a state that was read after the call', async () => {
    const origin = new Origin({ title: 'a', tags: ['one'] });
    const { note } = at(new VirtualClock(), origin);
    const takeOne = (draft: Note): void => {
      if (draft.tags.length === 0) throw new Error('sold out');
      draft.tags.pop();
    };
    await note.update(takeOne);
    origin.change({ title: 'a', tags: ['another'] });
    expect((await note.update(takeOne)).outcome).toBe('applied');
    expect(origin.value).toEqual({ title: 'a', tags: [] });
    expect(String(await rejectionOf(note.update(takeOne)))).toBe('Error: sold out');

    await note.update((draft) => void (draft.title = 'b'));
    origin.change({ title: 'theirs', tags: [] });
    expect((await note.update((draft) => void (draft.title = 'b'))).outcome).toBe('applied');
    expect(origin.value).toEqual({ title: 'b', tags: [] });
  });

  it('do not begin with what another write of the handle has replaced', async () => {
    const origin = new Origin(empty);
    const { note } = at(new VirtualClock(), origin);
    const one = await note.update(tag('1'));
    await note.replace({ title: 'b', tags: [] }, { base: one });
    await note.update(tag('2'));
    expect(origin.log.slice(2)).toEqual(['PUT 204 "v2"', 'GET 200 "v3"', 'PUT 204 "v3"']);
  });

  it('keep nothing where nothing may be remembered, nor for anybody else', async () => {
    const origin = new Origin(empty);
    const { note } = at(new VirtualClock(), origin, { memory: 0 });
    await note.update(tag('1'));
    await note.update(tag('2'));
    expect(origin.log.splice(0).filter((line) => line.startsWith('GET'))).toHaveLength(2);

    const { note: shared } = at(new VirtualClock(), origin);
    await shared.update(tag('3'), { headers: { authorization: 'ann' } });
    await shared.update(tag('4'), { headers: { authorization: 'ben' } });
    expect(origin.log.filter((line) => line.startsWith('GET'))).toHaveLength(2);
  });
});

describe('an update that is overtaken again and again', () => {
  it('waits longer each time, and beyond half a second no longer than most of what it has taken so far', async () => {
    const origin = new Origin(empty);
    const clock = new VirtualClock();
    const { note } = clientOf(origin, { clock });
    for (let turn = 0; turn < 10; turn += 1) origin.overtake({ title: 'theirs', tags: [String(turn)] });
    const { attempts } = await clock.run(note.update(tag('ours')));
    // By chance it is half of each delay: 100, 160, 256, 410, and then 500 or 0.7 of the time so far.
    const waits = attempts.slice(1).map(({ wait }) => Math.round(wait));
    expect(waits).toEqual([0, 50, 80, 128, 205, 250, 250, 337, 455, 614]);
    expect(tagsOf(origin)).toEqual(['9', 'ours']);
  });
});
