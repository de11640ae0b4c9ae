import { AsyncLocalStorage } from 'node:async_hooks';
import { createClient, isRecoveryError, threeWay, type ClientOptions } from 'remerge';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAccounts, type Gate } from '../support/accounts.ts';
import { baseUrl, gate } from '../support/client.ts';
import { questionIn } from '../support/question.ts';
import { rejectionOf } from '../support/write.ts';

interface Settings {
  own: string;
  by: string[];
}

const settings = (own: string): Settings => ({ own, by: [] });

/** A client of a server that shows each user their own settings. */
async function client(more: ClientOptions<object>, gating?: Gate) {
  const accounts = await startAccounts({ ann: settings('ann'), ben: settings('ben') }, gating);
  const routes = { me: { merge: threeWay<Settings>() } };
  const api = createClient({ baseUrl: `${accounts.origin}/`, ...more, routes });
  const me = api.resource('me');
  const add = (name: string) => me.update((draft) => void draft.by.push(name));
  return { ...accounts, api, me, add };
}

/** Whose requests brought which names into whose settings. */
const namesOf = (value: unknown): string[] => (value as Settings).by;

describe('updates of two users at once, at one address', () => {
  const who = new AsyncLocalStorage<string>();
  const asWho = (): { authorization: string } => ({ authorization: who.getStore() ?? 'nobody' });
  const ways: [string, ClientOptions<object>][] = [
    ['a headers function', { headers: asWho }],
    [
      'a beforeRequest hook',
      {
        hooks: {
          beforeRequest: [({ request }) => request.headers.set('authorization', asWho().authorization)],
        },
      },
    ],
    [
      'an init hook',
      {
        hooks: {
          init: [
            (options) => {
              const headers = [...new Headers(options.headers as HeadersInit)];
              options.headers = { ...Object.fromEntries(headers), ...asWho() };
            },
          ],
        },
      },
    ],
    [
      'a fetch of the user’s own',
      {
        fetch: (input) => {
          const request = input as Request;
          request.headers.set('authorization', asWho().authorization);
          return fetch(request);
        },
      },
    ],
  ];

  it.each(ways)('told apart by %s, stay each with their own', async (_, more) => {
    const { of, add } = await client(more);
    const as = (user: string) => who.run(user, () => add(user));
    const results = await Promise.all([as('ann'), as('ben'), as('ann'), as('ben')]);
    expect(of('ann')).toEqual({ own: 'ann', by: ['ann', 'ann'] });
    expect(of('ben')).toEqual({ own: 'ben', by: ['ben', 'ben'] });
    expect(results.map(({ value }) => (value as Settings).own)).toEqual(['ann', 'ben', 'ann', 'ben']);
  });

  it.each(ways.slice(0, 3))('travel with those of the same user: by %s', async (_, more) => {
    const { log, add } = await client(more);
    await Promise.all(['ann', 'ben', 'ann', 'ben'].map((user) => who.run(user, () => add(user))));
    expect([...log].sort()).toEqual(['GET ann 200', 'GET ben 200', 'PUT ann 200', 'PUT ben 200']);
  });

  it('share nothing behind a fetch of the user’s own, unless scope says who is asking', async () => {
    for (const [scope, count] of [
      [undefined, 2],
      [() => who.getStore() ?? '', 1],
    ] as const) {
      const { log, add } = await client({ ...ways[3]?.[1], ...(scope && { scope }) });
      await Promise.all(['1', '2'].map((name) => who.run('ann', () => add(name))));
      expect(log.filter((line) => line === 'PUT ann 200')).toHaveLength(count);
    }
  });
});

describe('an update that waits while another user signs in', () => {
  /** Two updates of Ann's, the second of which waits for the first one's write when Ben signs in. */
  async function waiting(more: (token: () => string) => ClientOptions<object>, next = 'ben') {
    let user = 'ann';
    const writing = gate();
    const released = gate();
    const { add, of, log } = await client(
      more(() => user),
      async ({ method, nth }) => {
        if (method !== 'PUT' || nth !== 1) return undefined;
        writing.open();
        await released.opened;
        return undefined;
      },
    );
    const first = add('first');
    await writing.opened;
    const second = add('second').catch((error: unknown) => error);
    // The hooks of the second have run, as those of one that comes after it have.
    const third = add('third').catch((error: unknown) => error);
    await new Promise((resolve) => setImmediate(resolve));
    user = next;
    const own = add('own');
    released.open();
    await first;
    return { of, log, outcomes: await Promise.all([second, third]), own: await own };
  }
  const byFunction = (token: () => string): ClientOptions<object> => ({
    headers: () => ({ authorization: token() }),
  });
  const byHook = (token: () => string): ClientOptions<object> => ({
    hooks: { beforeRequest: [({ request }) => request.headers.set('authorization', token())] },
  });

  it('goes out as who asked for it, by a headers function', async () => {
    const { of } = await waiting(byFunction);
    expect(namesOf(of('ann'))).toEqual(['first', 'second', 'third']);
    expect(namesOf(of('ben'))).toEqual(['own']);
  });

  it('is refused, and never sent as the other, by a hook', async () => {
    const { of, outcomes } = await waiting(byHook);
    expect(outcomes).toMatchObject([{ code: 'unauthorized' }, { code: 'unauthorized' }]);
    expect(namesOf(of('ann'))).toEqual(['first']);
    expect(namesOf(of('ben'))).toEqual(['own']);
  });

  it('goes out with a token that is newer, where scope knows that it is the same user’s', async () => {
    const scope = (headers: Headers): string => headers.get('authorization')?.split(' ')[0] ?? '';
    for (const by of [byFunction, byHook]) {
      const { of, log } = await waiting((token) => ({ ...by(token), scope }), 'ann 2');
      expect(namesOf(of('ann'))).toEqual(['first', 'second', 'third', 'own']);
      expect(log.at(-1)).toBe('PUT ann 2 200');
    }
  });
});

describe('a write that meets a conflict while another user signs in', () => {
  /** A write of Ann's. Ben signs in before what is there now is read. */
  async function overtaken(next: string, more: ClientOptions<object> = {}) {
    let user = 'ann';
    const { me, of, change, log } = await client(
      { headers: () => ({ authorization: user }), ...more },
      ({ method }) => {
        if (method === 'PUT') user = next;
        return undefined;
      },
    );
    const seen = await me.read();
    change('ann', { own: 'ann', by: ['theirs'] });
    const result = await me.replace({ ...(seen.value as Settings), own: 'mine' }, { base: seen });
    return { result, of, log: log.slice(2) };
  }

  it('goes on as who asked for it', async () => {
    const { result, of, log } = await overtaken('ben');
    expect(result.outcome).toBe('merged');
    expect(of('ann')).toEqual({ own: 'mine', by: ['theirs'] });
    expect(of('ben')).toEqual(settings('ben'));
    expect(log).toEqual(['GET ann 200', 'PUT ann 200']);
  });

  it('goes on with a newer token, where scope knows that it is the same user’s', async () => {
    const scope = (headers: Headers): string => headers.get('authorization')?.split(' ')[0] ?? '';
    const { log } = await overtaken('ann 2', { scope });
    expect(log).toEqual(['GET ann 2 200', 'PUT ann 2 200']);
  });
});

describe('what was remembered of one user', () => {
  it('is no base of another’s write, behind a fetch of the user’s own', async () => {
    const who = new AsyncLocalStorage<string>();
    const bases: unknown[] = [];
    const { origin, change } = await startAccounts({ ann: settings('ann'), ben: settings('ben') });
    for (const scope of [undefined, () => who.getStore() ?? '']) {
      const api = createClient({
        baseUrl: `${origin}/`,
        fetch: (input) => {
          (input as Request).headers.set('authorization', who.getStore() ?? '');
          return fetch(input);
        },
        ...(scope && { scope }),
        routes: { me: { merge: ({ base, local }) => (bases.push(base), local) } },
      });
      await who.run('ann', () => api.get('me').json());
      await who.run('ben', () => api.get('me').json());
      for (const user of ['ann', 'ben']) {
        change(user, settings('changed'));
        const headers = { 'if-match': scope ? '"3"' : '"1"' };
        await who.run(user, () => api.put('me', { json: settings('mine'), headers }));
      }
    }
    expect(bases).toEqual([undefined, undefined, settings('mine'), settings('mine')]);
  });
});

describe('a person’s answer', () => {
  /** A write of Ann's is left to a person, who answers when somebody else may have signed in. */
  async function answered(next: string, more: ClientOptions<object> = {}) {
    let user = 'ann';
    const { me, change, of } = await client({
      headers: () => ({ authorization: user }),
      ...more,
    });
    const seen = await me.read();
    change('ann', { own: 'theirs', by: [] });
    const error = await rejectionOf(me.replace({ own: 'mine', by: [] }, { base: seen }));
    user = next;
    if (!isRecoveryError(error)) throw error;
    return {
      of,
      outcome: await questionIn(error)
        .resume({ own: 'decided', by: [] })
        .catch((reason: unknown) => reason),
    };
  }

  it('goes out with the token of then', async () => {
    const { of, outcome } = await answered('ann 2');
    expect(outcome).toMatchObject({ outcome: 'applied' });
    expect(of('ann')).toEqual({ own: 'decided', by: [] });
  });

  it('is not sent as somebody else, where scope knows', async () => {
    const scope = (headers: Headers): string => headers.get('authorization')?.split(' ')[0] ?? '';
    const { of, outcome } = await answered('ben', { scope });
    expect(outcome).toMatchObject({ code: 'unauthorized' });
    expect([of('ann'), of('ben')]).toEqual([{ own: 'theirs', by: [] }, settings('ben')]);
  });
});

describe('a user whom another header than Authorization names', () => {
  /** Two users of one page, one after the other, and what the merge of the second one was given as base. */
  function inTurn(name: string, onWrites: Readonly<Record<string, string>> = {}) {
    let user = 'ann';
    let isChanged = false;
    const bases: unknown[] = [];
    const log: string[] = [];
    const server: typeof fetch = (input, init) => {
      const { method, headers } = new Request(input, init);
      log.push(`${method} ${headers.get(name) ?? 'nobody'}`);
      const isStale = method === 'PUT' && !isChanged;
      isChanged ||= isStale;
      const version = isChanged ? '"2"' : '"1"';
      return Promise.resolve(
        Response.json({ own: user, by: [] }, { status: isStale ? 412 : 200, headers: { etag: version } }),
      );
    };
    const platform = globalThis.fetch;
    globalThis.fetch = server;
    onTestFinished(() => void (globalThis.fetch = platform));
    const api = createClient<{ me: Settings }>({
      baseUrl,
      hooks: {
        beforeRequest: [
          ({ request }) => {
            request.headers.set(name, user);
            if (request.method === 'PUT')
              for (const [name, value] of Object.entries(onWrites)) request.headers.set(name, value);
          },
        ],
      },
      routes: { me: { merge: ({ base, local }) => (bases.push(base), local) } },
    });
    const put = () => api.put('me', { json: settings('mine'), headers: { 'if-match': '"1"' } });
    return { api, me: api.resource('me'), put, bases, log, signIn: (next: string) => (user = next) };
  }

  it.each(['X-User', 'X-Tenant', 'X-Account-Id', 'X-Session', 'X-Auth-Token', 'X-Client-Secret', 'ApiKey'])(
    'gets no base of another’s: by %s',
    async (name) => {
      const { api, put, bases, signIn } = inTurn(name);
      await api.get('me').json();
      signIn('ben');
      await put();
      expect(bases).toEqual([undefined]);
    },
  );

  it.each(['User-Agent', 'X-Request-Id', 'X-CSRF-Token', 'Idempotency-Key'])(
    'is not told from himself by %s',
    async (name) => {
      const { api, put, bases, signIn } = inTurn(name);
      await api.get('me').json();
      signIn('another');
      await put();
      expect(bases).toEqual([settings('ann')]);
    },
  );

  it('has updates, though only writes carry a token against forgery and a key', async () => {
    const { me, log } = inTurn('X-User', {
      'X-CSRF-Token': 'c',
      'X-XSRF-TOKEN': 'x',
      RequestVerificationToken: 'v',
      'Idempotency-Key': 'k',
    });
    await me.update((draft) => void (draft.own = 'mine'));
    expect(log).toEqual(['GET ann', 'PUT ann', 'GET ann', 'PUT ann']);
  });
});

describe('a hook that sends a refused request again by the client', () => {
  it('sends it as the user whom it names or not at all, where scope knows', async () => {
    let user = 'ann';
    const { api, me, of, log } = await client(
      {
        scope: (headers) => headers.get('authorization')?.split(' ')[0] ?? '',
        hooks: {
          beforeRequest: [({ request }) => request.headers.set('authorization', user)],
          afterResponse: [
            ({ request, response }) => {
              if (response.status !== 401) return undefined;
              // While the token is renewed, somebody else signs in.
              user = 'ben';
              const headers = { authorization: 'ann 2' };
              return api(new Request(request, { headers }));
            },
          ],
        },
      },
      ({ user }) => (user === 'ann' ? 401 : undefined),
    );
    const error = await rejectionOf(me.update((draft) => void draft.by.push('ann')));
    expect(error).toMatchObject({ code: 'unauthorized' });
    expect(of('ben')).toEqual(settings('ben'));
    expect(log).toEqual(['GET ann 401']);
  });
});
