import ky, { type AfterResponseHook, type Options } from 'ky';
import {
  createClient,
  field,
  header,
  lastModified,
  query,
  threeWay,
  type Client,
  type VersionOption,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { startAccounts, type Gate } from '../support/accounts.ts';
import { baseUrl } from '../support/client.ts';
import { Origin } from '../support/origin.ts';
import { oneUser } from '../support/users.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

interface Doc {
  title: string;
  body: string;
}

type Renew = (api: Client, request: Request) => ReturnType<AfterResponseHook>;

/** A client whose first token is refused from some request on, and whose hooks may renew it. */
async function client(renew: Renew, isLast: (method: string, nth: number) => boolean) {
  let isRenewed = false;
  let isExpired = false;
  const gating: Gate = ({ method, user, nth }) => {
    isExpired ||= isLast(method, nth);
    return isExpired && user === 'ann 1' ? 401 : undefined;
  };
  const accounts = await startAccounts({ ann: { title: 'a', body: 'b' } }, gating);
  const token = (): string => (isRenewed ? 'ann 2' : 'ann 1');
  const hooks: Options['hooks'] = {
    beforeRequest: [({ request }) => request.headers.set('authorization', token())],
    afterResponse: [
      ({ request, response }) => {
        if (response.status !== 401) return undefined;
        isRenewed = true;
        const headers = new Headers(request.headers);
        headers.set('authorization', token());
        return renew(api, new Request(request, { headers }));
      },
    ],
  };
  const more = { baseUrl: `${accounts.origin}/`, hooks, retry: { delay: () => 0 } };
  const api: Client<{ doc: Doc }> = createClient<{ doc: Doc }>({
    ...more,
    routes: { doc: { merge: threeWay() } },
  });
  return { ...accounts, api, doc: api.resource('doc') };
}

const ways: [string, Renew][] = [
  ['by ky.retry({ request })', (_, request) => ky.retry({ request })],
  ['by the client itself', (api, request) => api(request)],
  ['by plain ky', (_, request) => ky(request)],
  ['by fetch', (_, request) => fetch(request)],
];

describe.each(ways)('a hook that renews the token and sends again %s', (_, renew) => {
  const theirs = { title: 'a', body: 'theirs' };

  it('never overwrites what somebody else has written', async () => {
    const { doc, api, of, change } = await client(renew, (method) => method === 'PUT');
    const seen = await doc.read();
    change('ann', theirs);
    for (const base of [seen, { ...seen.value }]) {
      const write = doc.replace({ ...seen.value, title: 'mine' }, { base });
      await write.catch((error: unknown) => error);
      expect(of('ann')).toMatchObject({ body: 'theirs' });
    }
    await api.put('doc', { json: { title: 'x', body: 'x' }, base: seen }).catch((error: unknown) => error);
    expect(of('ann')).toMatchObject({ body: 'theirs' });
  });

  it('cures a 401 of the read after a conflict', async () => {
    const { doc, of, change, log } = await client(renew, (method, nth) => method === 'GET' && nth > 1);
    const seen = await doc.read();
    change('ann', theirs);
    const result = await doc.replace({ ...seen.value, title: 'mine' }, { base: seen });
    expect(result.outcome).toBe('merged');
    expect(of('ann')).toEqual({ title: 'mine', body: 'theirs' });
    expect(log.slice(1, 4)).toEqual(['PUT ann 1 412', 'GET ann 1 401', 'GET ann 2 200']);
  });

  it('cures a 401 of the write after a conflict', async () => {
    const { doc, of, change } = await client(renew, (method, nth) => method === 'PUT' && nth > 1);
    const seen = await doc.read();
    change('ann', theirs);
    const result = await doc.replace({ ...seen.value, title: 'mine' }, { base: seen });
    expect(result.outcome).toBe('merged');
    expect(of('ann')).toEqual({ title: 'mine', body: 'theirs' });
  });

  it('cures a 401 of an update, at its read and at its write', async () => {
    for (const failing of ['GET', 'PUT']) {
      const { doc, of } = await client(renew, (method) => method === failing);
      await doc.update((draft) => void (draft.title = 'mine'));
      expect(of('ann')).toEqual({ title: 'mine', body: 'b' });
    }
  });
});

describe('a write that is merged once more by a copy that a hook sends by the client', () => {
  it('is what the next update goes on from', async () => {
    const origin = new Origin({ title: 'a', body: 'b' });
    let token = 'ann 1';
    const api: Client<{ doc: Doc }> = createClient<{ doc: Doc }>({
      baseUrl,
      scope: oneUser,
      fetch: async (input) => {
        const request = input as Request;
        const isRefused = origin.log.length > 2 && request.headers.get('authorization') === 'ann 1';
        return isRefused ? new Response(null, { status: 401 }) : origin.fetch(request);
      },
      hooks: {
        beforeRequest: [({ request }) => request.headers.set('authorization', token)],
        afterResponse: [
          ({ request, response }) => {
            if (response.status !== 401) return undefined;
            token = 'ann 2';
            if (request.method === 'PUT') origin.change({ title: 'a', body: 'theirs too' });
            return api(request);
          },
        ],
      },
      retry: { delay: () => 0 },
      routes: { doc: { merge: ({ local, remote }) => ({ ...remote, title: local.title }) } },
    });
    const doc = api.resource('doc');
    origin.overtake({ title: 'a', body: 'theirs' });
    const result = await doc.update((draft) => void (draft.title = 'mine'));
    expect(result).toMatchObject({ outcome: 'merged', value: { title: 'mine', body: 'theirs too' } });
    await doc.update((draft) => void (draft.title += '!'));
    expect(origin.value).toEqual({ title: 'mine!', body: 'theirs too' });
    expect(origin.log.filter((line) => line.startsWith('PUT'))).toHaveLength(4);
  });
});

describe('the request that hooks see', () => {
  const versions: [string, VersionOption, (request: Request) => unknown][] = [
    ['a header', header('X-Version'), ({ headers }) => headers.get('x-version')],
    ['a date', lastModified(), ({ headers }) => headers.get('if-unmodified-since')],
    [
      'the query',
      { read: field('/version'), write: query('v') },
      ({ url }) => new URL(url).searchParams.get('v'),
    ],
    [
      'the body',
      field('/version'),
      async (request) => ((await request.json()) as { version: unknown }).version,
    ],
  ];

  it.each(versions)(
    'carries the version of a known base, also where that stands in %s',
    async (_, version, carried) => {
      const date = 'Mon, 30 Nov 2026 10:00:00 GMT';
      const shown = { 'last-modified': date, 'x-version': date };
      const copies: Request[] = [];
      const sent: Request[] = [];
      const api = createClient<{ doc: Doc }>({
        baseUrl,
        fetch: (input) => {
          sent.push((input as Request).clone());
          return Promise.resolve(Response.json({ title: 'a', body: 'b', version: date }, { headers: shown }));
        },
        hooks: { beforeRequest: [({ request }) => void copies.push(request.clone())] },
        routes: { doc: { merge: threeWay(), version } },
      });
      const doc = api.resource('doc');
      const seen = await doc.read();
      await doc.replace({ title: 'x', body: 'y' }, { base: seen });
      await api.put('doc', { json: { title: 'x', body: 'y' }, base: seen.value });
      for (const request of [...copies.slice(1), ...sent.slice(1)]) expect(await carried(request)).toBe(date);
      expect(copies).toHaveLength(3);
    },
  );

  it('can’t overwrite where its version isn’t known yet', async () => {
    const copies: Request[] = [];
    const versions: (string | null)[] = [];
    const accounts = await startAccounts({ nobody: { title: 'a', body: 'b' } });
    const api = createClient<{ doc: Doc }>({
      baseUrl: `${accounts.origin}/`,
      fetch: (input) => {
        const request = input as Request;
        if (request.method === 'PUT') versions.push(request.headers.get('if-match'));
        return fetch(request);
      },
      hooks: { beforeRequest: [({ request }) => void copies.push(request.clone())] },
      routes: { doc: { merge: threeWay() } },
    });
    const write = { title: 'mine', body: 'b' };
    await api.put('doc', { json: write, base: { title: 'a', body: 'b' } });
    expect(accounts.log).toEqual(['GET nobody 200', 'PUT nobody 200']);
    accounts.change('nobody', { title: 'theirs', body: 'theirs' });
    const [copy] = copies;
    if (!copy) throw new Error('No hook has run.');
    expect((await fetch(copy.clone())).status).toBe(412);
    // A copy that goes by the client has no base, and is refused as well.
    await rejectionOf(api(copy));
    // A server that is content without a version would have taken it.
    expect(versions).not.toContain(null);
    expect(accounts.of('nobody')).toEqual({ title: 'theirs', body: 'theirs' });
  });
});

describe('a hook that can’t renew the token', () => {
  it('ends the write by what it throws, or leaves it refused', async () => {
    const own = new Error('signed out');
    const fail = (): never => {
      throw own;
    };
    for (const renew of [fail, () => undefined]) {
      const { doc, of, change } = await client(renew, (method, nth) => method === 'GET' && nth > 1);
      const seen = await doc.read();
      change('ann', { title: 'a', body: 'theirs' });
      const error = await rejectionOf(doc.replace({ title: 'mine', body: 'b' }, { base: seen }));
      if (renew === fail) expect(reportOf(error)).toMatchObject({ code: 'read-error', cause: own });
      else expect(error).toMatchObject({ code: 'unauthorized' });
      expect(of('ann')).toEqual({ title: 'a', body: 'theirs' });
    }
  });

  it('has sent a copy, of which it doesn’t hear: whether that was made is looked into', async () => {
    const { doc, of, change } = await client(
      async (_, request) => {
        const { method } = request;
        const answer = await fetch(request);
        if (method === 'GET') return answer;
        throw new TypeError('fetch failed', { cause: new Error('reset') });
      },
      (method, nth) => method === 'PUT' && nth > 1,
    );
    const seen = await doc.read();
    change('ann', { title: 'a', body: 'theirs' });
    const result = await doc.replace({ title: 'mine', body: 'b' }, { base: seen });
    expect(result.outcome).toBe('already-applied');
    expect(of('ann')).toEqual({ title: 'mine', body: 'theirs' });
  });

  it('is asked no more often than retry says', async () => {
    const { doc, log, change } = await client(
      (_, request) => {
        request.headers.set('authorization', 'ann 1');
        return ky.retry({ request });
      },
      (method, nth) => method === 'GET' && nth > 1,
    );
    const seen = await doc.read();
    change('ann', { title: 'a', body: 'theirs' });
    const error = await rejectionOf(doc.replace({ title: 'mine', body: 'b' }, { base: seen }));
    expect(error).toMatchObject({ code: 'unauthorized' });
    expect(log.filter((line) => line === 'GET ann 1 401')).toHaveLength(3);
  });
});
