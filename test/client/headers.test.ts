import type { HeaderFactory } from '../../src/shell/fresh-headers.ts';
import type { Options } from 'ky';
import {
  createClient,
  giveUp,
  isRecoveryError,
  keepLocal,
  type ClientOptions,
  type MergeContext,
  type Verb,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { questionIn } from '../support/question.ts';
import { byCredentials, oneUser } from '../support/users.ts';
import { rejectionOf, reportOf, url } from '../support/write.ts';

const path = 'notes/42';
const underV1 = { json: { n: 3 }, headers: { 'if-match': '"v1"' } };

/** A header function that counts, and a client of a changed server that it is for. */
function fresh(make: (count: number) => ReturnType<HeaderFactory>, more: ClientOptions<object> = {}) {
  const origin = new Origin({ n: 1 });
  origin.change({ n: 2 });
  const asked: string[] = [];
  const api = createClient({
    ...{ baseUrl: 'https://api.test/', fetch: origin.fetch, clock: new VirtualClock() },
    ...{ routes: { 'notes/:id': {} }, retry: { delay: () => 0 }, defaults: { merge: keepLocal() } },
    scope: oneUser,
    headers: ({ method, url: { href } }) => make(asked.push(`${method} ${href}`)),
    ...more,
  });
  /** What the requests said by a header, in order. */
  const sent = (name: string) => origin.requests.map(({ headers }) => headers.get(name));
  return { api, origin, asked, sent };
}

const token = (count: number) => ({ authorization: `Bearer ${count}` });

describe('headers by a function', () => {
  it.each<[string, (count: number) => ReturnType<HeaderFactory>]>([
    ['at once', token],
    ['later', async (count) => Promise.resolve(token(count))],
    ['as Headers', (count) => new Headers(token(count))],
    ['as a list', (count) => Object.entries(token(count))],
    ['with what is left out', (count) => ({ ...token(count), 'x-none': undefined })],
  ])('are made for every request, once, and only then: %s', async (_, make) => {
    const { api, origin, asked, sent } = fresh(make);
    await api.get(path);
    await api.put(path, underV1);
    expect(origin.log).toEqual(['GET 200 "v2"', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(sent('authorization')).toEqual(['Bearer 1', 'Bearer 2', 'Bearer 3', 'Bearer 4']);
    expect(sent('x-none')).toEqual([null, null, null, null]);
    expect(asked).toEqual([`GET ${url}`, `PUT ${url}`, `GET ${url}`, `PUT ${url}`]);
    await api.head('people/7', { throwHttpErrors: false });
    await api.post('people', { json: {}, throwHttpErrors: false });
    expect(sent('authorization').slice(4)).toEqual(['Bearer 5', 'Bearer 6']);
  });

  it('are made anew when ky repeats a read', async () => {
    const { api, origin, sent } = fresh(token);
    origin.once('GET', () => new Response('', { status: 503 }));
    expect(await api.get(path).json()).toEqual({ n: 2 });
    expect(sent('authorization')).toEqual(['Bearer 1', 'Bearer 2']);
  });

  it('are made anew when a person has decided, for that write and for what it meets', async () => {
    const merge = ({ local, attempt, reason }: MergeContext): unknown =>
      asksOnce-- > 0 ? giveUp('Ask') : { local, attempt, reason };
    let asksOnce = 1;
    const { api, origin, sent } = fresh(token, { defaults: { merge } });
    const error = await rejectionOf(api.put(path, underV1));
    origin.overtake({ n: 9 });
    if (isRecoveryError(error)) await questionIn(error).resume({ n: 7 });
    expect(origin.log.slice(2)).toEqual(['PUT 412 "v2"', 'GET 200 "v3"', 'PUT 204 "v3"']);
    expect(sent('authorization')).toEqual([1, 2, 3, 4, 5].map((count) => `Bearer ${count}`));
  });

  it('give way to what the call, the instance or a hook says', async () => {
    const hooks: Options['hooks'] = {
      beforeRequest: [({ request }) => request.headers.set('x-hook', 'own')],
    };
    const make = (count: number) => ({ ...token(count), 'x-call': 'no', 'x-instance': 'no', 'x-hook': 'no' });
    const { api, origin, sent } = fresh(make, { hooks });
    const extended = api.extend({ headers: { 'x-instance': 'own' } });
    const call = { 'x-call': 'own', 'X-Instance': undefined };
    await extended.put(path, { ...underV1, headers: { ...underV1.headers, 'x-call': 'own' } });
    expect(origin.log).toHaveLength(3);
    for (const name of ['x-call', 'x-instance', 'x-hook']) expect(sent(name)).toEqual(['own', 'own', 'own']);
    expect(sent('if-match')).toEqual(['"v1"', null, '"v2"']);
    expect(sent('authorization')).toEqual(['Bearer 1', 'Bearer 2', 'Bearer 3']);
    await extended.get(path, { headers: call });
    expect([sent('x-call')[3], sent('authorization')[3]]).toEqual(['own', 'Bearer 4']);
  });

  it('come before those that ky fills in', async () => {
    const { api, origin, sent } = fresh(() => ({
      accept: 'application/vnd.x+json',
      'content-type': 'application/vnd.x+json',
    }));
    await api.get(path).json();
    origin.once('PUT', () => Response.json({}));
    await api.put(path, underV1).json();
    expect(sent('accept')).toEqual(['application/vnd.x+json', 'application/vnd.x+json']);
    expect(sent('content-type')[1]).toBe('application/vnd.x+json');
    await api.get(path, { headers: { accept: 'text/plain' } }).json();
    expect(sent('accept')[2]).toBe('text/plain');
  });

  it('are gone as soon as they are no longer given', async () => {
    for (const last of [1, 2]) {
      const { api, sent } = fresh((count) => (count <= last ? { 'x-flag': String(count) } : {}));
      await api.put(path, underV1);
      expect(sent('x-flag')).toEqual(last === 1 ? ['1', null, null] : ['1', '2', null]);
    }
  });

  it('reach the caller’s own fetch, and a read keeps where it came from', async () => {
    const given: Request[] = [];
    const { api } = fresh(token);
    const fetch = (input: unknown) => {
      given.push(input as Request);
      return Promise.resolve(new Response(null, { status: 204 }));
    };
    const verbs: readonly Verb[] = [api.get, api.put, api.post];
    for (const verb of verbs) await verb(path, { fetch, referrerPolicy: 'origin' });
    expect(
      given.map(({ headers, referrerPolicy }) => [headers.get('authorization'), referrerPolicy]),
    ).toEqual([
      ['Bearer 1', 'origin'],
      ['Bearer 2', 'origin'],
      ['Bearer 3', 'origin'],
    ]);
  });

  it('that can’t be made fail the call with the function’s own error, and nothing is sent', async () => {
    for (const own of [new Error('signed out'), new TypeError('fetch failed')]) {
      const { api, origin } = fresh(() => {
        throw own;
      });
      expect(await rejectionOf(api.put(path, underV1))).toBe(own);
      expect(reportOf(own)).toMatchObject({ code: 'network-error', maybeApplied: false });
      expect(origin.requests).toEqual([]);
      const later = fresh((count) => (count < 3 ? {} : Promise.reject(own)));
      expect(await rejectionOf(later.api.put(path, underV1))).toBe(own);
      expect(later.origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
      expect(reportOf(own)).toMatchObject({ code: 'network-error', maybeApplied: false });
    }
  });

  it('that can’t be made for the second send leave the first, lost one in doubt', async () => {
    const own = new Error('signed out');
    const clock = new VirtualClock();
    const { api, origin } = fresh((count) => (count < 3 ? {} : Promise.reject(own)), { clock });
    origin.lose('PUT', 'before');
    const write = { ...underV1, headers: { 'if-match': origin.tag } };
    expect(await rejectionOf(clock.run(api.put(path, write)))).toBe(own);
    expect(reportOf(own)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
  });
});

describe('the token of a hook', () => {
  it('is renewed when a person has decided, as the hooks run again', async () => {
    let count = 0;
    const hooks: Options['hooks'] = {
      beforeRequest: [
        ({ request }) => {
          request.headers.set('authorization', `Bearer ${(count += 1)}`);
          request.headers.set('idempotency-key', `key-${count}`);
        },
      ],
    };
    let asks = 2;
    const merge = ({ local }: MergeContext): unknown => (asks-- > 0 ? giveUp('Ask') : local);
    const { api, origin, sent } = fresh(() => ({}), { hooks, defaults: { merge } });
    // A Request is used up by then.
    const given = { ...underV1.headers, 'content-type': 'application/json' };
    const input = new Request(url, { method: 'PUT', body: '{"n":3}', headers: given });
    const first = await rejectionOf(api(input));
    origin.overtake({ n: 8 });
    const second = isRecoveryError(first) && (await rejectionOf(questionIn(first).resume({ n: 7 })));
    origin.overtake({ n: 9 });
    const made = isRecoveryError(second) && (await questionIn(second).resume({ n: 6 }));

    expect(reportOf(made)).toMatchObject({ outcome: 'merged' });
    expect(origin.value).toEqual({ n: 6 });
    expect(origin.log).toEqual([
      ...['PUT 412 "v1"', 'GET 200 "v2"'],
      ...['PUT 412 "v2"', 'GET 200 "v3"'],
      ...['PUT 412 "v3"', 'GET 200 "v4"', 'PUT 204 "v4"'],
    ]);
    expect(sent('authorization')).toEqual([1, 1, 2, 2, 3, 3, 3].map((n) => `Bearer ${n}`));
    // Other bytes, another key; and a read has none.
    expect(sent('idempotency-key')).toEqual(['key-1', null, 'id-1', null, 'id-2', null, 'id-2']);
  });
});

describe('what is remembered as a base', () => {
  /** What the merge of a write by somebody was given as base, after somebody has read. */
  async function baseOf(reader: string, writer: string, more: ClientOptions<object> = {}): Promise<unknown> {
    const bases: unknown[] = [];
    const merge = ({ base, local }: MergeContext): unknown => (bases.push(base), local);
    let who = reader;
    const { api, origin } = fresh(() => ({ authorization: who, 'x-trace': crypto.randomUUID() }), {
      scope: byCredentials,
      ...more,
      defaults: { merge, ...more.defaults },
    });
    const as = (name: string) => (more.headers ? api.extend({ headers: { authorization: name } }) : api);
    await as(reader).get(path).json();
    who = writer;
    origin.change({ n: 3 });
    await as(writer).put(path, { json: { n: 4 }, headers: { 'if-match': '"v2"' } });
    expect(bases).toHaveLength(1);
    return bases[0];
  }

  it.each<[string, ClientOptions<object>]>([
    ['by a header function', {}],
    ['by instances with headers of their own', { headers: {} }],
  ])('is for whom it was read: %s', async (_, more) => {
    expect(await baseOf('ann', 'ann', more)).toEqual({ n: 2 });
    expect(await baseOf('ann', 'ben', more)).toBeUndefined();
    expect(await baseOf('', 'ann', more)).toBeUndefined();
  });

  it('goes by a scope of the user’s, which sees the headers as they are sent', async () => {
    const scope = (headers: Headers): string => headers.get('authorization')?.split(' ')[0] ?? '';
    expect(await baseOf('ann 1', 'ann 2', { scope })).toEqual({ n: 2 });
    expect(await baseOf('ann 1', 'ben 2', { scope })).toBeUndefined();
  });

  it('is for whom it was written, too', async () => {
    for (const [writer, expected] of [
      ['ann', { n: 4 }],
      ['ben', undefined],
    ] as const) {
      const bases: unknown[] = [];
      const merge = ({ base, local }: MergeContext): unknown => (bases.push(base), local);
      let who = 'ann';
      const { api, origin } = fresh(() => ({ authorization: who }), {
        scope: byCredentials,
        defaults: { merge },
      });
      await api.put(path, { json: { n: 4 }, headers: { 'if-match': '"v2"' } });
      origin.change({ n: 5 });
      who = writer;
      await api.put(path, { json: { n: 6 }, headers: { 'if-match': '"v3"' } });
      expect(bases).toEqual([expected]);
    }
  });
});
