import {
  defineMerge,
  field,
  keepLocal,
  keepRemote,
  list,
  max,
  set,
  text,
  threeWay,
  writeLog,
  type RecoveringInit,
  type RecoveryOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, reportOf, url } from '../support/write.ts';

type Options = RecoveryOptions<Record<string, unknown>>;

interface Loss {
  readonly base: unknown;
  readonly local: unknown;
  /** What somebody else makes of what is there, before it is looked at. */
  readonly then: (state: never) => unknown;
  readonly options: Options;
  readonly method?: string;
  readonly when?: 'before' | 'after';
  readonly type?: string;
  /** Whether the write says what it was made of. */
  readonly isKnown?: boolean;
}

/** A write whose answer is lost, somebody else's after it, and how the first one ends. */
async function lose({
  base,
  local,
  then,
  options,
  method = 'PUT',
  when = 'after',
  isKnown = true,
  type = 'application/json',
}: Loss): Promise<{ readonly how: string; readonly value: unknown; readonly writes: number }> {
  const origin = new Origin(base, type).lose(method, when).once('GET', () => {
    origin.change(then(origin.value as never));
    return undefined;
  });
  const headers = { 'content-type': type };
  const body = typeof local === 'string' ? local : JSON.stringify(local);
  const more: RecoveringInit = { method, headers, body, ...(isKnown && { base }) };
  const writing = recovering(origin, options)(url, put(local, '"v1"', more));
  const report = reportOf(await writing.catch((error: unknown) => error));
  const writes = origin.log.filter((line) => !line.startsWith('GET')).length;
  return { how: report.outcome === 'failed' ? report.code : report.outcome, value: origin.value, writes };
}

describe('what somebody has taken back, while its outcome was unknown', () => {
  const changes: readonly (readonly [string, Pick<Loss, 'base' | 'local'>, Options])[] = [
    [
      'a field',
      { base: { title: 'A', n: 1 }, local: { title: 'Mine', n: 1 } },
      { defaults: { merge: threeWay() } },
    ],
    [
      'a member that was added',
      { base: { a: 1 }, local: { a: 1, b: 2 } },
      { defaults: { merge: threeWay() } },
    ],
    [
      'a member that was removed',
      { base: { a: 1, b: 2 }, local: { a: 1 } },
      { defaults: { merge: threeWay() } },
    ],
    [
      'a nested one',
      { base: { a: { b: [1] } }, local: { a: { b: [1, 2] } } },
      { defaults: { merge: threeWay() } },
    ],
    ['a whole state', { base: { a: 1 }, local: { a: 2 } }, { defaults: { merge: keepLocal() } }],
    ['a null', { base: { a: 1 }, local: { a: null } }, { defaults: { merge: keepLocal() } }],
    [
      'an item of a set',
      { base: { tags: ['a'] }, local: { tags: ['a', 'mine'] } },
      { defaults: { merge: threeWay({ '/tags': set() }) } },
    ],
    [
      'an item of a list',
      { base: { rows: [{ id: 1, t: 'a' }] }, local: { rows: [{ id: 1, t: 'a' }, { id: 2, t: 'mine' }] } }, // prettier-ignore
      { defaults: { merge: threeWay({ '/rows': list({ key: 'id' }) }) } },
    ],
    [
      'a line of a text',
      { base: { text: 'a\nb\n' }, local: { text: 'a\nmine\nb\n' } },
      {
        defaults: {
          merge: defineMerge(({ local, remote }) => ({ ...(remote as object), ...(local as object) }), {
            repeatable: true,
          }),
        },
      },
    ],
    [
      'what a function of one’s own adds, said to be repeatable',
      { base: { a: 1 }, local: { a: 2 } },
      {
        defaults: {
          merge: defineMerge(({ local, remote }) => ({ ...(remote as object), ...(local as object) }), {
            repeatable: true,
          }),
        },
      },
    ],
  ];

  it.each(changes)('is not written again: %s', async (_, change, options) => {
    for (const isKnown of [true, false]) {
      const plain = await lose({ ...change, options, isKnown, then: () => change.base });
      expect(plain).toEqual({ how: 'outcome-unknown', value: change.base, writes: 1 });
      // Somebody else's edit beside it makes it no other case.
      const beside = { ...(change.base as object), other: 7 };
      const more = await lose({ ...change, options, isKnown, then: () => beside });
      expect(more).toEqual({ how: 'outcome-unknown', value: beside, writes: 1 });
    }
  });

  it.each(changes)('is written again where the route says that nobody takes back: %s', async (...row) => {
    const [, change, options] = row;
    const beside = { ...(change.base as object), other: 7 };
    const made = await lose({
      ...change,
      options: { ...options, defaults: { ...options.defaults, server: { reverts: false } } },
      when: 'before',
      then: () => beside,
    });
    expect(made).toMatchObject({ how: 'merged', writes: 2 });
  });

  it('is not written again though others have changed the list that it was in', async () => {
    const merge = threeWay({ '/tags': set() });
    for (const local of [{ tags: ['a', 'b', 'mine'] }, { tags: ['a'] }]) {
      const theirs = { tags: ['a', 'b', 'theirs'] };
      const loss = {
        base: { tags: ['a', 'b'] },
        local,
        options: { defaults: { merge } },
        then: () => theirs,
      };
      expect(await lose(loss)).toEqual({ how: 'outcome-unknown', value: theirs, writes: 1 });
    }
  });

  it('is not written again after a merge, either', async () => {
    const origin = new Origin({ a: 1 });
    origin.change({ a: 5 });
    origin.once('PUT', () => undefined).lose('PUT', 'after');
    origin
      .once('GET', () => undefined)
      .once('GET', () => {
        origin.change({ a: 5 });
        return undefined;
      });
    const writing = recovering(origin, { defaults: { merge: keepLocal() } })(
      url,
      put({ a: 2 }, '"v1"', { base: { a: 1 } }),
    );
    const outcome = await writing.catch((error: unknown) => error);
    expect(reportOf(outcome)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(String(outcome)).toMatch(/It may have been made\. .+\. And taken back: see reverts\. /);
    expect(origin.value).toEqual({ a: 5 });
  });

  it('is no concern of a write that was refused under each version it had', async () => {
    const origin = new Origin({ a: 1, b: 1 })
      .lose('PUT', 'before')
      .once('GET', () => new Response('', { status: 404 }));
    const options: Options = { defaults: { merge: threeWay(), onConflict: { gone: 'recreate' } } };
    const local = { a: 2, b: 1 };
    const response = await recovering(origin, options)(url, put(local, '"v1"', { base: { a: 1, b: 1 } }));
    // The read was wrong. The very version that the lost one was to replace is still there, so it wasn't made.
    expect(reportOf(response).outcome).toBe('merged');
    expect(origin.value).toEqual(local);
  });
});

describe('an earlier send that was lost', () => {
  it.each<[string, Loss]>([
    [
      'a strategy keeps theirs',
      {
        base: { title: 'A' },
        local: { title: 'Mine' },
        then: () => ({ title: 'Theirs' }),
        options: { defaults: { merge: threeWay({ '/title': keepRemote() }) } },
      },
    ],
    [
      'the greater one is theirs',
      {
        base: { n: 1 },
        local: { n: 3 },
        then: () => ({ n: 5 }),
        options: { defaults: { merge: threeWay({ '/n': max() }) } },
      },
    ],
    [
      'all of theirs is kept',
      {
        base: { n: 1 },
        local: { n: 3 },
        then: () => ({ n: 5 }),
        options: { defaults: { merge: keepRemote() } },
      },
    ],
    [
      'it is theirs, and ours may have been taken back',
      {
        base: { n: 1 },
        local: { n: 3 },
        then: () => ({ n: 1 }),
        options: { defaults: { merge: keepRemote() } },
      },
    ],
  ])('isn’t told to be made where %s', async (_, loss) => {
    for (const when of ['before', 'after'] as const) {
      const { how, writes } = await lose({ ...loss, when });
      expect([how, writes]).toEqual(['unchanged', 1]);
    }
  });

  it('is told to be made where all that it changes is there, beside what others have changed', async () => {
    const { how, writes } = await lose({
      base: { title: 'A', tags: ['x', 'y'], n: { m: 1 }, text: 'a\nb\n' },
      local: { title: 'Mine', tags: ['x', 'z'], n: { m: 2 }, text: 'mine\nb\n' },
      then: (state: { tags: string[] }) => ({
        ...state,
        ...{ tags: [...state.tags, 'theirs'], more: true, text: 'mine\nb\ntheirs\n' },
      }),
      options: {
        defaults: { merge: defineMerge(threeWay({ '/tags': set(), '/text': text() }), { repeatable: true }) },
      },
    });
    expect([how, writes]).toEqual(['already-applied', 1]);
  });

  it.each([
    ['a\nb\n', 'a\nmine\nb\n'],
    ['a', 'mine'],
  ])('is told to be made where its lines of a text are there: %j', async (base, local) => {
    const { how } = await lose({
      base,
      local,
      then: (state: string) => `${state}\ntheirs`,
      options: { defaults: { merge: defineMerge(({ remote }) => remote, { repeatable: true }) } },
      type: 'text/plain',
    });
    expect(how).toBe('already-applied');
  });

  it('is not told to have created what another one may have, though the merge goes on from that', async () => {
    for (const when of ['before', 'after'] as const) {
      const origin = new Origin(undefined).lose('PUT', when).once('GET', () => {
        if (when === 'before') origin.change({ held: true });
        return undefined;
      });
      const headers = { 'if-none-match': '*', 'content-type': 'application/json' };
      const options: Options = { defaults: { merge: keepLocal(), onConflict: { exists: 'merge' } } };
      const body = JSON.stringify({ held: true });
      const response = await recovering(origin, options)(url, { method: 'PUT', body, headers });
      expect(reportOf(response).outcome).toBe('unchanged');
    }
  });
});

describe('a write by POST', () => {
  const byPost = { methods: ['POST'], version: field('/v'), server: { replace: 'POST' } } as const;
  /** A server whose version is in the body. */
  function posting(applies: boolean) {
    const origin = new Origin({ v: 1, n: 1 });
    origin.once('POST', async (request) => {
      if (applies) origin.change({ ...((await request.json()) as object), v: 2 });
      throw new TypeError('fetch failed');
    });
    return origin;
  }
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } };

  it('that says a whole state is proven by that state, as a PUT is', async () => {
    const origin = posting(true);
    const merge = ({ local }: { local: unknown }): unknown => local;
    const body = JSON.stringify({ v: 1, n: 2 });
    const response = await recovering(origin, { defaults: { ...byPost, merge } })(url, { ...post, body });
    expect(reportOf(response).outcome).toBe('already-applied');
  });

  it('that says what is to be done is proven by no state, and is not sent twice', async () => {
    const origin = posting(true);
    const body = JSON.stringify({ v: 1, actions: [{ add: 1 }] });
    const options: Options = {
      defaults: { ...byPost, merge: keepLocal(), server: { ...byPost.server, means: 'actions' } },
    };
    const writing = recovering(origin, options)(url, { ...post, body });
    expect(reportOf(await writing.catch((error: unknown) => error))).toMatchObject({
      code: 'outcome-unknown',
    });
    expect(origin.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('a log of writes', () => {
  const base = { n: 10, log: ['p'] };
  const add = ({ base, local, remote }: { base?: unknown; local: unknown; remote: unknown }): unknown => {
    const count = (state: unknown): number => (state as { n: number }).n;
    return { ...(remote as object), n: count(remote) + count(local) - count(base) };
  };
  const logged: Options = {
    defaults: { merge: defineMerge(add, { additive: true }), writeId: writeLog('/log', { keep: 3 }) },
  };

  it.each<[string, readonly string[] | undefined]>([
    ['was begun anew', ['b']],
    ['is gone', undefined],
    ['is as it was before: who wrote since keeps none, and may have put it back', ['p']],
    ['no longer goes back so far', ['b', 'c', 'd']],
  ])('disproves nothing where it %s', async (_, log) => {
    const theirs = { n: 50, ...(log && { log }) };
    const { how } = await lose({ base, local: { ...base, n: 11 }, then: () => theirs, options: logged });
    expect(how).toBe('outcome-unknown');
  });

  it('disproves nothing where it was empty before', async () => {
    const from = { n: 10 };
    const then = (): unknown => ({ n: 50, log: ['b'] });
    const { how } = await lose({ base: from, local: { n: 11 }, then, options: logged });
    expect(how).toBe('outcome-unknown');
  });

  it('is kept as long as the one who keeps most of it keeps it', async () => {
    const origin = new Origin({ n: 1, log: ['a', 'b', 'c', 'd', 'e'] });
    const base = origin.value;
    const short = { defaults: { ...logged.defaults, writeId: writeLog('/log', { keep: 2 }) } };
    await recovering(origin, short)(url, put({ n: 2 }, '"v1"', { base }));
    expect(origin.value).toEqual({ n: 2, log: ['b', 'c', 'd', 'e', 'id-1'] });
  });

  it('goes on from what the write was made of, whatever the value says of it', async () => {
    const origin = new Origin({ n: 1, log: ['a', 'b'] });
    const base = origin.value;
    await recovering(origin, logged)(url, put({ n: 2, log: ['a'] }, '"v1"', { base }));
    expect(origin.value).toEqual({ n: 2, log: ['a', 'b', 'id-1'] });
  });

  it('that keeps nothing proves nothing', async () => {
    const none = { defaults: { ...logged.defaults, writeId: writeLog('/log', { keep: 0 }) } };
    const from = { n: 10 };
    const then = (state: { n: number; log?: unknown }): unknown => ({ ...state, title: 'Theirs' });
    const { how, value } = await lose({ base: from, local: { n: 11 }, then, options: none });
    expect([how, value]).toEqual(['outcome-unknown', { n: 11, title: 'Theirs', log: [] }]);
  });

  it('of others is left as it is by a patch of which nobody knows what it was made of', async () => {
    const origin = new Origin({ n: 1, log: ['a', 'b'] });
    const patch = put({ n: 2 }, '"v1"', {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    origin.once('PATCH', async (request) => {
      expect(await request.json()).toEqual({ n: 2 });
      return new Response(null, { status: 204 });
    });
    await recovering(origin, logged)(url, patch);
    expect(origin.log).toEqual(['PATCH 204 "v1"']);
  });
});
