import { inspect } from 'node:util';
import { isHTTPError, isNetworkError, type Options } from 'ky';
import {
  createClient,
  giveUp,
  isRecoveryError,
  keepLocal,
  recoveryOf,
  threeWay,
  type CallOptions,
  type ClientOptions,
  type Merge,
  type RouteOptions,
  type Verb,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../src/errors.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf, reportOf, url } from '../support/write.ts';

const methods = ['PUT', 'PATCH', 'DELETE', 'POST'];
const path = 'notes/42';
const under = (version: string, more: CallOptions = {}): CallOptions => ({
  json: { n: 3 },
  headers: { 'if-match': version },
  ...more,
});

/** A client of a server that somebody else has changed: a write under `"v1"` meets a conflict. */
function stale(more: ClientOptions<object> = {}) {
  const origin = new Origin({ n: 1 });
  origin.change({ n: 2 });
  const clock = new VirtualClock();
  const retry = { delay: () => 0 };
  const api = createClient({
    ...{ baseUrl: 'https://api.test/', fetch: origin.fetch, clock, retry },
    routes: { 'notes/:id': { methods } },
    ...more,
    defaults: { merge: keepLocal(), ...more.defaults },
  });
  return { api, origin, clock };
}

/** The error that a call rejects with, which must be ours. */
async function refusalOf(promise: Promise<unknown>) {
  const error = await rejectionOf(promise);
  if (!isRecoveryError(error)) throw error;
  return error;
}

describe('a write on a route that the server refuses for good', () => {
  it.each(['put', 'patch', 'delete', 'post'] as const)(
    'by %s throws what it is, and ky’s error as its cause',
    async (verb) => {
      const { api, origin } = stale();
      origin.once(verb.toUpperCase(), () => Response.json({ why: 'not yours' }, { status: 403 }));
      const call: Verb = api[verb];
      const error = await refusalOf(call(`${path}?token=secret`, under('"v1"')));

      expect(error.code).toBe('not-a-conflict');
      expect(error.message).toBe(
        `${verb.toUpperCase()} ${url} failed (403): not-a-conflict. The refusal isn't about the version. Read the answer. ${errorsPage}#not-a-conflict`,
      );
      const { cause } = error;
      expect(isHTTPError(cause) && [cause.data, cause.request.method]).toEqual([
        { why: 'not yours' },
        verb.toUpperCase(),
      ]);
      expect(error.response).toBe(isHTTPError(cause) && cause.response);
      expect(error.response?.status).toBe(403);
      expect(error.recovery).toMatchObject({
        ...{
          outcome: 'failed',
          code: 'not-a-conflict',
          method: verb.toUpperCase(),
          url,
          maybeApplied: false,
        },
        attempts: [{ number: 1, status: 403, version: '"v1"' }],
      });
      expect(recoveryOf(error)).toBe(error.recovery);
      expect(origin.log).toHaveLength(1);
    },
  );

  it('shows no part of the body to a log, though ky’s error has it', async () => {
    const { api } = stale({ defaults: { retry: 0 } });
    const error = await refusalOf(api.put(path, under('"v1"', { json: { secret: 'mine' } })));
    expect(inspect(error, { depth: 9 })).toContain('412');
    expect(inspect(error, { depth: 9 })).not.toContain('mine');
    const { cause } = error;
    expect(isHTTPError(cause) && cause.options.method).toBe('PUT');
  });

  it.each<[string, ClientOptions<object>, string]>([
    [
      'when its retries are used up',
      { defaults: { retry: 0 } },
      `(412): retry-limit. Others are faster. Raise retry.limit, or queue the writers. ${errorsPage}#retry-limit`,
    ],
    [
      'when the merge gives up',
      { defaults: { merge: () => giveUp('Ask Ann') } },
      `(412): merge-conflict. It is left open. Show error.question to a person, then resume. Ask Ann. ${errorsPage}#merge-conflict`,
    ],
    [
      'when the re-read fails',
      { defaults: { server: { readFrom: () => 'https://api.test/broken' } } },
      `(412): read-error. The latest state can't be read. Try again later. ${errorsPage}#read-error`,
    ],
  ])('%s throws the last refusal', async (_, options, message) => {
    const { api, origin } = stale(options);
    if (options.defaults?.server) origin.once('GET', () => new Response('', { status: 501 }));
    const error = await refusalOf(api.put(path, under('"v1"')).json());
    expect(error.message).toBe(`PUT ${url} failed ${message}`);
    expect(isHTTPError(error.cause) && error.cause.data).toBe('It has moved on');
    expect(error.response?.status).toBe(412);
  });

  it('tells what could not be decided, which no log shows', async () => {
    const { api } = stale({ defaults: { merge: threeWay() } });
    const error = await refusalOf(api.put(path, under('"v1"', { base: { n: 1 } })));
    expect(error).toMatchObject({
      code: 'merge-conflict',
      question: { conflicts: [{ path: '/n', base: 1, local: 3, remote: 2 }] },
    });
    expect(JSON.stringify(error.recovery)).not.toMatch(/"conflicts"|"question"/);
  });

  it.each<[string, (response: Response) => Response | undefined]>([
    ['only looks at the answer', () => undefined],
    ['gives it back', (response) => response],
    ['gives another', (response) => new Response('other', { status: response.status })],
  ])('throws the same where a hook %s', async (_, hook) => {
    const { api, origin } = stale({ defaults: { retry: 0 } });
    const hooks: Options['hooks'] = { afterResponse: [({ response }) => hook(response)] };
    const error = await refusalOf(api.put(path, under('"v1"', { hooks })));
    expect(error).toMatchObject({ code: 'retry-limit', response: { status: 412 } });
    expect(origin.log).toEqual(['PUT 412 "v1"']);
  });

  it('throws ky’s own error where a hook has answered, and a success where a hook makes it one', async () => {
    const { api } = stale({ defaults: { retry: 0 } });
    const answering = { beforeRequest: [() => new Response('', { status: 412 })] };
    const error = await rejectionOf(api.put(path, under('"v1"', { hooks: answering })));
    expect(isHTTPError(error)).toBe(true);
    const forgiving = { afterResponse: [() => new Response('fine')] };
    expect(await api.put(path, under('"v1"', { hooks: forgiving })).text()).toBe('fine');
  });

  it('shows the user’s own beforeError hooks ky’s error, and an error of theirs wins', async () => {
    const seen: unknown[] = [];
    const { api } = stale({
      hooks: {
        beforeError: [
          ({ error }) => {
            seen.push(isHTTPError(error) && error.data);
            error.message = 'In other words';
            return error;
          },
        ],
      },
      defaults: { retry: 0 },
    });
    const error = await refusalOf(api.put(path, under('"v1"')));
    expect(seen).toEqual(['It has moved on']);
    expect(error.cause).toMatchObject({ message: 'In other words' });
    const own = new Error('own');
    const hooks = { beforeError: [() => own] };
    expect(await rejectionOf(api.put(path, under('"v1"', { hooks })))).toBe(own);
  });

  it('resolves all the same where the caller wants the answer', async () => {
    const { api } = stale({ defaults: { retry: 0 } });
    const response = await api.put(path, under('"v1"', { throwHttpErrors: false }));
    expect([response.status, await response.text()]).toEqual([412, 'It has moved on']);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'retry-limit' });
  });
});

describe('a write on a route whose answers are lost', () => {
  it.each([
    ['as its runtime says it', 'fetch failed'],
    ['as ky doesn’t know it', 'socket hang up'],
  ])('%s throws what is unknown, and the error as its cause', async (_, words) => {
    const failure = new TypeError(words);
    for (const nth of [1, 2]) {
      // A merge of one's own is not made twice, and somebody else has been there.
      const { api, origin, clock } = stale({ defaults: { merge: ({ local }) => local } });
      if (nth === 2) origin.once('PUT', () => undefined).once('GET', () => undefined);
      origin
        .once('PUT', () => Promise.reject(failure))
        .once('GET', () => {
          origin.change({ n: 4 });
          return undefined;
        });
      const error = await refusalOf(clock.run(api.put(`${path}?token=secret`, under('"v1"'))));
      expect(error.message).toBe(
        `PUT ${url} failed: outcome-unknown. It may have been made. Look, or see writeId and defineMerge. ${errorsPage}#outcome-unknown`,
      );
      expect(error.recovery).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
      expect(error.recovery?.attempts).toHaveLength(nth);
      expect(error.cause).toBe(failure);
      expect(error.response).toBeUndefined();
      expect(error.question).toMatchObject({ local: { n: 3 }, remote: { n: 4 } });
      expect(origin.value).toEqual({ n: 4 });
    }
  });

  it('throws ky’s own error as the cause where nothing went out', async () => {
    const refused = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    const fetch = () => Promise.reject(refused);
    const { api, clock } = stale({ fetch, defaults: { retry: 0 } });
    const error = await refusalOf(clock.run(api.put(path, under('"v1"'))));
    expect(error.message).toBe(
      `PUT ${url} failed: network-error. Nothing was sent. Try again later. ${errorsPage}#network-error`,
    );
    expect(error.recovery).toMatchObject({ code: 'network-error', maybeApplied: false });
    const { cause } = error;
    expect(isNetworkError(cause) && cause.cause).toBe(refused);
  });
});

describe('what is the user’s own', () => {
  const errors = [new Error('no'), new TypeError('fetch failed'), new TypeError('no'), 'a text', undefined];

  it.each(errors)('reaches the caller as the merge has thrown it: %s', async (own) => {
    const merge: Merge = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- Whatever a user throws.
      throw own;
    };
    const { api, origin } = stale({ defaults: { merge } });
    expect(await rejectionOf(api.put(path, under('"v1"')).json())).toBe(own);
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
  });

  it('reaches the caller as the functions of onConflict and classify have thrown it', async () => {
    const own = new TypeError('fetch failed');
    const fail = (): never => {
      throw own;
    };
    const all: RouteOptions[] = [
      { merge: () => giveUp('no'), onConflict: { edited: fail } },
      { server: { classify: fail } },
      { onConflict: { gone: fail } },
    ];
    for (const defaults of all) {
      const { api, origin } = stale({ defaults });
      if (defaults.onConflict?.gone) origin.remove();
      expect(await rejectionOf(api.put(path, under('"v1"')))).toBe(own);
    }
  });

  it.each([
    ['the write', 'PUT'],
    ['the re-read', 'GET'],
  ])('reaches the caller as the reason of an abort during %s', async (_, method) => {
    for (const reason of [new Error('left'), new TypeError('fetch failed'), 'a text']) {
      const { api, origin } = stale();
      const controller = new AbortController();
      origin.once(method, () => {
        controller.abort(reason);
        return undefined;
      });
      const { signal } = controller;
      expect(await rejectionOf(api.put(path, under('"v1"', { signal })))).toBe(reason);
      expect(origin.value).toEqual({ n: 2 });
      // The signal of a Request is the caller's, too.
      const request = new Request(url, { method: 'PUT', body: '{}', signal: AbortSignal.abort(reason) });
      expect(await rejectionOf(api(request))).toBe(reason);
    }
  });
});

describe('a call that recovery has nothing to do with', () => {
  it.each<[string, (api: ReturnType<typeof stale>['api']) => Promise<unknown>]>([
    ['a read', (api) => api.get(path)],
    ['a read of JSON', (api) => api.get(path).json()],
    ['a write elsewhere', (api) => api.put('people/7', under('"v1"'))],
    ['a POST to no route', (api) => api.post('notes', { json: {} })],
  ])('throws ky’s own errors: %s', async (_, call) => {
    const { api, origin } = stale({ retry: 0 });
    for (const method of ['GET', 'PUT', 'POST'])
      origin.once(method, () => Response.json('no', { status: 404 }));
    const refused = await rejectionOf(call(api));
    expect(isHTTPError(refused) && refused.data).toBe('no');
    expect(recoveryOf(refused)).toBeUndefined();

    const failing = () => Promise.reject(new TypeError('fetch failed'));
    expect(isNetworkError(await rejectionOf(call(api.extend({ fetch: failing }))))).toBe(true);
  });
});

describe('the report of a write that was made', () => {
  it.each<[string, (response: Response) => Response | undefined]>([
    ['only looks at the answer', () => undefined],
    ['gives it back', (response) => response],
    ['gives a copy of it', (response) => response.clone()],
  ])('is there where a hook %s', async (_, hook) => {
    const { api } = stale();
    const hooks: Options['hooks'] = { afterResponse: [({ response }) => hook(response)] };
    const response = await api.put(path, under('"v1"', { hooks }));
    expect(reportOf(response)).toMatchObject({
      outcome: 'merged',
      attempts: [{ status: 412 }, { status: 204 }],
    });
  });
});

it('No rejection goes unhandled where a caller only waits for the body.', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    const { api, origin, clock } = stale({ defaults: { retry: 0 } });
    for (const read of ['json', 'text', 'blob', 'arrayBuffer'] as const) {
      origin.once('GET', () => new Response('', { status: 404 }));
      await rejectionOf(api.get(path)[read]());
      await rejectionOf(api.put(path, under('"v1"'))[read]());
      await rejectionOf(api.put('people/7', under('"v1"'))[read]());
    }
    await clock.idle();
    expect(unhandled).toEqual([]);
    void api.put(path, under('"v1"'));
    await clock.idle();
    expect(unhandled).toHaveLength(1);
  } finally {
    process.off('unhandledRejection', note);
  }
});
