import ky, {
  isForceRetryError,
  isHTTPError,
  replaceOption,
  SchemaValidationError,
  type KyInstance,
  type Options,
  type Progress,
} from 'ky';
import {
  createClient,
  keepLocal,
  type CallOptions,
  type Client,
  type ClientOptions,
  type Merge,
  type Verb,
} from 'remerge';
import { couchdb } from 'remerge/presets';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { gate } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf, reportOf, url } from '../support/write.ts';

type Make = (options?: Options) => KyInstance;

/** A ky instance, and clients of ours: whatever holds for the first holds for the others. */
const makers: readonly (readonly [string, Make])[] = [
  ['ky.create', (options) => ky.create(options)],
  ['createClient without routes', (options) => createClient(options as ClientOptions<object>)],
  [
    'createClient with a route for everything',
    (options) =>
      createClient({
        ...(options as ClientOptions<object>),
        routes: { '*': { methods: ['PUT', 'PATCH', 'DELETE', 'POST'] } },
        defaults: { merge: keepLocal() },
      }),
  ],
];

const baseUrl = 'https://api.test/';
const path = 'notes/42';
const underV1 = { 'if-match': '"v1"' };
const ok = (): Response => new Response(null, { status: 204 });

describe.each(makers)('%s', (_, make) => {
  /** An instance whose server is the origin. It never waits before a retry. */
  function reach(options: Options = {}, origin = new Origin({ n: 1 })) {
    const http = make({ baseUrl, fetch: origin.fetch, retry: { delay: () => 0 }, ...options });
    return { http, origin };
  }

  /** The request that the server got for a call. */
  async function sent(call: (http: KyInstance) => Promise<unknown>, options: Options = {}): Promise<Request> {
    const { http, origin } = reach(options);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'QUERY']) origin.once(method, ok);
    await call(http);
    const [request] = origin.requests;
    if (!request) throw new Error('The server got no request.');
    return request;
  }

  describe('a call', () => {
    it.each(['get', 'post', 'put', 'patch', 'delete', 'head', 'query'] as const)(
      'by %s goes out as such',
      async (verb) => {
        const body = verb === 'get' || verb === 'head' ? {} : { json: { n: 2 } };
        const request = await sent((http) => http[verb](path, body));
        expect(request.method).toBe(verb.toUpperCase());
        expect(request.url).toBe(url);
        expect(await request.text()).toBe('json' in body ? '{"n":2}' : '');
        expect(request.headers.get('content-type')).toBe('json' in body ? 'application/json' : null);
      },
    );

    it('of the instance itself is a read, or what its method says', async () => {
      expect((await sent((http) => http(path))).method).toBe('GET');
      expect((await sent((http) => http(path, { method: 'put', body: 'a' }))).method).toBe('PUT');
      expect((await sent((http) => http(path), { method: 'delete' })).method).toBe('DELETE');
      expect((await sent((http) => http(new Request(url, { method: 'PATCH' })))).method).toBe('PATCH');
      expect((await sent((http) => http.post(new Request(url, { method: 'PATCH' })))).method).toBe('POST');
    });

    it('by a method of the server’s own leaves its case alone', async () => {
      const origin = new Origin({}).once('ReBind', ok);
      await reach({}, origin).http(path, { method: 'ReBind' });
      expect(origin.log).toEqual(['ReBind 204']);
    });

    it.each([
      ['text', 'body', 'text/plain;charset=UTF-8', 'body'],
      ['URLSearchParams', new URLSearchParams({ a: 'b' }), /^application\/x-www-form-urlencoded/, 'a=b'],
      ['Blob', new Blob(['blob'], { type: 'text/x-blob' }), 'text/x-blob', 'blob'],
      ['bytes', new TextEncoder().encode('bytes'), null, 'bytes'],
      ['a stream', () => new Blob(['stream']).stream(), null, 'stream'],
    ])('sends %s as it is', async (__, body, type, text) => {
      for (const verb of ['post', 'put', 'patch'] as const) {
        const given = typeof body === 'function' ? body() : body;
        const request = await sent((http) => http[verb](path, { body: given }));
        if (type instanceof RegExp) expect(request.headers.get('content-type')).toMatch(type);
        else expect(request.headers.get('content-type')).toBe(type);
        expect(await request.text()).toBe(text);
      }
    });

    it('sends a stream while it still comes', async () => {
      for (const verb of ['post', 'put'] as const) {
        const { http, origin } = reach();
        const { opened, open } = gate();
        origin.once(verb.toUpperCase(), async (request) => {
          open();
          return new Response(await request.text());
        });
        const body = new ReadableStream({
          async pull(controller) {
            await opened;
            controller.enqueue(new TextEncoder().encode('late'));
            controller.close();
          },
        });
        expect(await http[verb](path, { body }).text()).toBe('late');
      }
    });

    it('sends a form', async () => {
      const body = new FormData();
      body.set('name', 'value');
      for (const verb of ['post', 'put'] as const) {
        const request = await sent((http) => http[verb](path, { body }));
        expect([...(await request.formData())]).toEqual([['name', 'value']]);
      }
    });

    it('sends a Request with its own body and headers', async () => {
      const input = new Request(url, { method: 'PUT', body: 'own', headers: { 'x-own': '1' } });
      const request = await sent((http) => http(input, { headers: { 'x-more': '2' } }));
      expect(await request.text()).toBe('own');
      expect(Object.fromEntries(request.headers)).toMatchObject({ 'x-own': '1', 'x-more': '2' });
    });

    it('sends the headers of the instance, those of the call first', async () => {
      const headers = { 'x-one': 'instance', 'x-two': 'instance', 'x-three': 'instance' };
      for (const verb of ['get', 'put'] as const) {
        const request = await sent(
          (http) => http[verb](path, { headers: { 'x-two': 'call', 'x-three': undefined } }),
          { headers },
        );
        expect(Object.fromEntries(request.headers)).toMatchObject({ 'x-one': 'instance', 'x-two': 'call' });
        expect(request.headers.has('x-three')).toBe(false);
      }
    });

    it('carries the options of fetch', async () => {
      const options = { credentials: 'include', referrerPolicy: 'origin', redirect: 'manual' } as const;
      const given: unknown[] = [];
      const { http } = reach({
        fetch: (input) => {
          const { credentials, referrerPolicy, redirect } = input as Request;
          given.push({ credentials, referrerPolicy, redirect });
          return Promise.resolve(ok());
        },
      });
      for (const verb of ['get', 'put', 'delete'] as const) await http[verb](path, options);
      expect(given).toEqual([options, options, options]);
    });

    it('with the wrong input throws at once, as does one to no address', () => {
      const { http } = reach();
      expect(() => http.get(42 as never)).toThrow('`input` must be a string, URL, or Request');
      expect(() => http.put(path, { baseUrl: 'no base' })).toThrow(TypeError);
      expect(() => make({}).put(path)).toThrow(TypeError);
    });

    it('that is aborted rejects with the caller’s own reason', async () => {
      const reason = new Error('no longer wanted');
      const { http, origin } = reach();
      for (const verb of ['get', 'put', 'post'] as const)
        expect(await rejectionOf(http[verb](path, { signal: AbortSignal.abort(reason) }))).toBe(reason);
      expect(origin.log).toEqual([]);
    });
  });

  describe('an address', () => {
    it.each<[string, string, Options, string]>([
      [
        'is resolved against a baseUrl',
        'notes',
        { baseUrl: 'https://a.test/v1/' },
        'https://a.test/v1/notes',
      ],
      ['may begin at the root', '/notes', { baseUrl: 'https://a.test/v1/' }, 'https://a.test/notes'],
      ['may go up', '../notes', { baseUrl: 'https://a.test/v1/x/' }, 'https://a.test/v1/notes'],
      ['may be another one', 'https://b.test/n', { baseUrl: 'https://a.test/' }, 'https://b.test/n'],
      ['may leave out the protocol', '//b.test/n', { baseUrl: 'https://a.test/' }, 'https://b.test/n'],
      [
        'takes a URL as baseUrl',
        'notes',
        { baseUrl: new URL('https://a.test/v1/') },
        'https://a.test/v1/notes',
      ],
      [
        'comes after a prefix',
        'notes',
        { baseUrl: '', prefix: 'https://a.test/v1' },
        'https://a.test/v1/notes',
      ],
      [
        'is joined by one slash',
        '/notes',
        { baseUrl: '', prefix: 'https://a.test/v1/' },
        'https://a.test/v1/notes',
      ],
      ['takes both', '/notes', { baseUrl: 'https://a.test/v1/', prefix: 'x' }, 'https://a.test/v1/x/notes'],
      [
        'has search parameters',
        'n',
        { searchParams: { a: 1, b: true, c: undefined } },
        'https://api.test/n?a=1&b=true',
      ],
      ['adds them to its own', 'n?a=0', { searchParams: 'b=1' }, 'https://api.test/n?a=0&b=1'],
      [
        'takes them in a list',
        'n',
        {
          searchParams: [
            ['a', 1],
            ['a', 2],
          ],
        },
        'https://api.test/n?a=1&a=2',
      ],
      [
        'takes a URLSearchParams',
        'n',
        { searchParams: new URLSearchParams({ q: 'a b' }) },
        'https://api.test/n?q=a+b',
      ],
    ])('%s', async (__, input, options, whole) => {
      for (const verb of ['get', 'put'] as const) {
        expect((await sent((http) => http[verb](input), options)).url).toBe(whole);
        // ky can't merge a URL with a text.
        if (typeof options.baseUrl === 'object') continue;
        expect((await sent((http) => http[verb](input, options))).url).toBe(whole);
      }
    });

    it('may be a URL or a Request, whatever the prefix', async () => {
      for (const verb of ['get', 'put'] as const) {
        const options = { prefix: 'https://a.test/v1/' };
        expect((await sent((http) => http[verb](new URL(url)), options)).url).toBe(url);
        expect((await sent((http) => http[verb](new Request(url)), options)).url).toBe(url);
      }
    });

    it('has the search parameters of the instance and of the call', async () => {
      const searchParams = { a: 1, b: 2 };
      const call = (http: KyInstance) => http.put(path, { searchParams: { b: undefined, c: 3 } });
      expect((await sent(call, { searchParams })).url).toBe(`${url}?a=1&c=3`);
    });
  });

  describe('an answer', () => {
    it('is read as whatever the caller asks for', async () => {
      const { http, origin } = reach();
      expect(await http.get(path).json()).toEqual({ n: 1 });
      expect(await http.get(path).text()).toBe('{"n":1}');
      expect(new Uint8Array(await http.get(path).arrayBuffer())).toEqual(new TextEncoder().encode('{"n":1}'));
      expect(await http.get(path).bytes()).toEqual(new TextEncoder().encode('{"n":1}'));
      const blob = await http.get(path).blob();
      expect([blob.type, await blob.text()]).toEqual(['application/json', '{"n":1}']);
      origin.once('GET', () => new Response(new URLSearchParams({ a: 'b' })));
      expect([...(await http.get(path).formData())]).toEqual([['a', 'b']]);
      expect(origin.requests.map(({ headers }) => headers.get('accept'))).toEqual([
        'application/json',
        'text/*',
        '*/*',
        '*/*',
        '*/*',
        'multipart/form-data',
      ]);
    });

    it('is the server’s own Response', async () => {
      const { http, origin } = reach();
      const answers = { GET: Response.json({ n: 1 }), PUT: Response.json({ n: 2 }) };
      origin.once('GET', () => answers.GET).once('PUT', () => answers.PUT);
      expect(await http.get(path)).toBe(answers.GET);
      expect(await http.put(path, { json: {} })).toBe(answers.PUT);
      expect(await answers.GET.json()).toEqual({ n: 1 });
      expect(await answers.PUT.json()).toEqual({ n: 2 });
    });

    it('to a write is read as well', async () => {
      const { http, origin } = reach();
      for (const verb of ['post', 'put', 'patch', 'delete'] as const) {
        origin.once(verb.toUpperCase(), () => Response.json({ id: 7 }));
        expect(await http[verb](path, { json: {} }).json()).toEqual({ id: 7 });
      }
      expect(origin.requests.map(({ headers }) => headers.get('accept'))).toEqual(
        Array<string>(4).fill('application/json'),
      );
    });

    it('keeps to a schema, which may make something else of it', async () => {
      const { http, origin } = reach();
      const schema = z.object({ n: z.number().transform(String) });
      expect(await http.get(path).json(schema)).toEqual({ n: '1' });
      origin.once('GET', () => Response.json({ n: 'one' })).once('PUT', () => Response.json({ n: 'one' }));
      for (const verb of ['get', 'put'] as const) {
        const error = await rejectionOf(http[verb](path).json(schema));
        expect(error).toBeInstanceOf(SchemaValidationError);
        expect(error).toMatchObject({ issues: [{ path: ['n'] }] });
      }
      expect(await rejectionOf(http.get(path).json({} as never))).toBeInstanceOf(TypeError);
    });

    it('that is no JSON fails as JSON.parse does', async () => {
      const { http, origin } = reach();
      for (const body of ['{', '']) {
        origin.once('GET', () => new Response(body)).once('PUT', () => new Response(body));
        expect(await rejectionOf(http.get(path).json())).toBeInstanceOf(SyntaxError);
        expect(await rejectionOf(http.put(path).json())).toBeInstanceOf(SyntaxError);
      }
    });

    it('is parsed, and a body is written, by functions of the user’s', async () => {
      const contexts: unknown[] = [];
      const { http, origin } = reach({
        parseJson: (text, { request, response }) => {
          contexts.push([request.method, response.status]);
          return { parsed: text };
        },
        stringifyJson: (value) => `<${String(value)}>`,
      });
      origin.once('PUT', () => new Response('{}'));
      expect(await http.get(path).json()).toEqual({ parsed: '{"n":1}' });
      expect(await (await http.get(path)).json()).toEqual({ parsed: '{"n":1}' });
      expect(await http.put(path, { json: 'x' }).json()).toEqual({ parsed: '{}' });
      expect(await origin.requests[2]?.text()).toBe('<x>');
      expect(contexts).toEqual([
        ['GET', 200],
        ['GET', 200],
        ['PUT', 200],
      ]);
    });

    it('that is no success is thrown, unless the caller wants it', async () => {
      const { http, origin } = reach();
      origin.once('GET', () => Response.json({ why: 'no' }, { status: 403 }));
      const error = await rejectionOf(http.get(`${path}?q=1`).json());
      expect(
        isHTTPError(error) && [error.response.status, error.data, error.request.method, error.message],
      ).toEqual([403, { why: 'no' }, 'GET', `Request failed with status code 403: GET ${url}?q=1`]);
      for (const throwHttpErrors of [false, (status: number) => status !== 403]) {
        for (const verb of ['get', 'put'] as const) {
          origin.once(verb.toUpperCase(), () => Response.json({ why: 'no' }, { status: 403 }));
          const response = await http[verb](path, { throwHttpErrors });
          expect([response.status, await response.json()]).toEqual([403, { why: 'no' }]);
        }
      }
    });

    it('tells its progress', async () => {
      const { http, origin } = reach();
      for (const verb of ['get', 'put'] as const) {
        origin.once(verb.toUpperCase(), () => new Response('1234', { headers: { 'content-length': '4' } }));
        const told: Progress[] = [];
        const onDownloadProgress = (progress: Progress): void => void told.push(progress);
        expect(await http[verb](path, { onDownloadProgress }).text()).toBe('1234');
        expect(told.at(-1)).toEqual({ percent: 1, transferredBytes: 4, totalBytes: 4 });
      }
    });

    it('is waited for until the body that is sent has told its progress', async () => {
      const { http, origin } = reach();
      for (const verb of ['post', 'put'] as const) {
        origin.once(verb.toUpperCase(), async (request) => new Response(await request.text()));
        const told: number[] = [];
        const onUploadProgress = ({ transferredBytes }: Progress): void => void told.push(transferredBytes);
        expect(await http[verb](path, { body: '1234', onUploadProgress }).text()).toBe('1234');
        expect(told.at(-1)).toBe(4);
      }
    });
  });

  describe('hooks', () => {
    it('run in the order of ky, those of the instance first', async () => {
      const ran: string[] = [];
      const hooks = (whose: string): NonNullable<Options['hooks']> => ({
        init: [() => void ran.push(`${whose} init`)],
        beforeRequest: [() => void ran.push(`${whose} beforeRequest`)],
        afterResponse: [({ response }) => void ran.push(`${whose} afterResponse ${response.status}`)],
        beforeError: [
          ({ error }) => {
            ran.push(`${whose} beforeError ${error.name}`);
            return error;
          },
        ],
      });
      const { http, origin } = reach({ hooks: hooks('instance') });
      for (const verb of ['get', 'put'] as const) {
        ran.length = 0;
        origin.once(verb.toUpperCase(), () => new Response('', { status: 400 }));
        await rejectionOf(http[verb](path, { hooks: hooks('call') }));
        expect(ran).toEqual([
          'instance init',
          'call init',
          'instance beforeRequest',
          'call beforeRequest',
          'instance afterResponse 400',
          'call afterResponse 400',
          'instance beforeError HTTPError',
          'call beforeError HTTPError',
        ]);
      }
    });

    it('init: may change every option of the call', async () => {
      const other = new Origin({ other: true });
      const init = (options: Options): void => {
        expect(options.fetch).toBeDefined();
        options.searchParams = { key: 'k' };
        options.headers = { ...(options.headers as object), 'x-init': '1', ...underV1 };
        options.fetch = other.fetch;
        if (options.json) options.json = { n: 'init' };
      };
      const { http, origin } = reach({ hooks: { init: [init] } });
      expect(await http.get(path).json()).toEqual({ other: true });
      await http.put(path, { json: { n: 2 } });
      expect(origin.requests).toEqual([]);
      expect(other.log).toEqual(['GET 200 "v1"', 'PUT 204 "v1"']);
      expect(other.value).toEqual({ n: 'init' });
      expect(other.requests.map((request) => [request.url, request.headers.get('x-init')])).toEqual([
        [`${url}?key=k`, '1'],
        [`${url}?key=k`, '1'],
      ]);
    });

    it('init: sees the call as the caller made it', () => {
      const seen: Options[] = [];
      const { http } = reach({ hooks: { init: [(options) => void seen.push({ ...options })] } });
      void http
        .put(path, { json: { n: 2 }, timeout: 5, totalTimeout: 6, retry: 1, context: { a: 1 } })
        .catch(String);
      void http(path).catch(String);
      expect(seen).toMatchObject([
        { method: 'put', json: { n: 2 }, timeout: 5, totalTimeout: 6, retry: 1, context: { a: 1 }, baseUrl },
        { retry: { delay: expect.any(Function) as unknown } },
      ]);
      expect(seen[1]).not.toHaveProperty('method');
    });

    it('beforeRequest: changes the request, or sends another', async () => {
      const change = (request: Request): void => request.headers.set('x-hook', '1');
      const replace = (request: Request): Request => new Request(`${request.url}?hook`, request);
      for (const verb of ['get', 'put'] as const) {
        const call = (http: KyInstance) => http[verb](path, { headers: underV1 });
        const changed = await sent(call, { hooks: { beforeRequest: [({ request }) => change(request)] } });
        expect(changed.headers.get('x-hook')).toBe('1');
        const other = await sent(call, { hooks: { beforeRequest: [({ request }) => replace(request)] } });
        expect([other.url, other.headers.get('if-match')]).toEqual([`${url}?hook`, '"v1"']);
      }
      const rewrite = ({ request }: { request: Request }) => new Request(request, { body: 'hook' });
      const written = await sent((http) => http.put(path, { json: { n: 2 } }), {
        hooks: { beforeRequest: [rewrite] },
      });
      expect(await written.text()).toBe('hook');
    });

    it('beforeRequest: answers in the server’s place', async () => {
      const { http, origin } = reach({ hooks: { beforeRequest: [() => Response.json({ mine: true })] } });
      for (const verb of ['get', 'put', 'post'] as const)
        expect(await http[verb](path, { json: verb === 'get' ? undefined : {} }).json()).toEqual({
          mine: true,
        });
      const refusing = reach({ hooks: { beforeRequest: [() => new Response('no', { status: 409 })] } });
      const error = await rejectionOf(refusing.http.put(path, { json: {} }));
      expect(isHTTPError(error) && error.data).toBe('no');
      expect([...origin.log, ...refusing.origin.log]).toEqual([]);
    });

    it('afterResponse: replaces the answer', async () => {
      const afterResponse = [
        ({ response }: { response: Response }) => new Response(`hook ${String(response.status)}`),
      ];
      const { http } = reach({ hooks: { afterResponse } });
      expect(await http.get(path).text()).toBe('hook 200');
      expect(await http.put(path, { json: {}, headers: underV1 }).text()).toBe('hook 204');
      expect(
        await http.put(path, { json: {}, headers: { 'if-match': '"v9"' }, throwHttpErrors: false }).text(),
      ).toMatch(/^hook/);
    });

    it.each(['get', 'put', 'patch', 'delete', 'post'] as const)(
      'afterResponse: renews a token and has a %s sent again',
      async (verb) => {
        const sends: unknown[] = [];
        const handle = async (request: Request): Promise<Response> => {
          sends.push([request.headers.get('authorization'), await request.text()]);
          return new Response('', { status: sends.length === 1 ? 401 : 200 });
        };
        const { http, origin } = reach({
          headers: { authorization: 'old' },
          hooks: {
            afterResponse: [
              ({ request, response, retryCount }) => {
                if (response.status !== 401 || retryCount > 0) return undefined;
                const headers = new Headers(request.headers);
                headers.set('authorization', 'new');
                return ky.retry({ request: new Request(request, { headers }), code: 'TOKEN_REFRESHED' });
              },
            ],
            beforeRetry: [({ error }) => void sends.push(isForceRetryError(error) && error.message)],
          },
        });
        origin.once(verb.toUpperCase(), handle).once(verb.toUpperCase(), handle);
        const body = verb === 'get' ? {} : { body: 'body' };
        expect((await http[verb](path, body)).status).toBe(200);
        const text = verb === 'get' ? '' : 'body';
        expect(sends).toEqual([['old', text], 'Forced retry: TOKEN_REFRESHED', ['new', text]]);
      },
    );

    it('afterResponse: retries no more often than retry says', async () => {
      const hooks = { afterResponse: [() => ky.retry({ delay: 0 })] };
      for (const [retry, count] of [
        [0, 1],
        [1, 2],
        [{ limit: 3 }, 4],
      ] as const) {
        const { http, origin } = reach();
        for (const verb of ['get', 'put'] as const) {
          for (let n = 0; n < count; n += 1) origin.once('PUT', ok);
          expect(isForceRetryError(await rejectionOf(http[verb](path, { hooks, retry })))).toBe(true);
        }
        expect(origin.log).toHaveLength(2 * count);
      }
    });

    it('afterResponse: retries by what the instance and the call say of it together', async () => {
      const hooks = replaceOption({ afterResponse: [() => ky.retry()] });
      const delays: number[] = [];
      const delay = (count: number): number => (delays.push(count), 0);
      for (const verb of ['get', 'put'] as const) {
        const { http, origin } = reach({ retry: { delay, limit: 5 } });
        origin.once('PUT', ok).once('PUT', ok).once('PUT', ok);
        await rejectionOf(http[verb](path, { hooks, retry: { limit: 2 } }));
        expect(origin.log).toHaveLength(3);
      }
      expect(delays).toEqual([1, 2, 1, 2]);
    });

    it('beforeRetry: changes the request, answers, or stops', async () => {
      const again = {
        afterResponse: [({ retryCount }: { retryCount: number }) => (retryCount ? undefined : ky.retry())],
      };
      for (const verb of ['get', 'put'] as const) {
        const { http, origin } = reach({ hooks: again });
        const run = (beforeRetry: NonNullable<Options['hooks']>['beforeRetry']) => {
          origin.once('PUT', ok).once('PUT', ok);
          return http[verb](path, { hooks: { beforeRetry: beforeRetry ?? [] } });
        };
        await run([({ request }) => request.headers.set('x-again', '1')]);
        expect(origin.requests[1]?.headers.get('x-again')).toBe('1');
        expect(await (await run([() => new Response('mine')])).text()).toBe('mine');
        expect(await run([() => ky.stop])).toBeUndefined();
        expect(origin.log).toHaveLength(4);
      }
    });

    it('beforeError: may say it in other words', async () => {
      class Own extends Error {}
      const { http, origin } = reach({
        hooks: { beforeError: [({ error }) => new Own(isHTTPError(error) ? String(error.data) : '')] },
      });
      for (const verb of ['get', 'put', 'post'] as const) {
        origin.once(verb.toUpperCase(), () => new Response('why', { status: 400 }));
        const error = await rejectionOf(http[verb](path));
        expect(error).toBeInstanceOf(Own);
        expect(error).toMatchObject({ message: 'why' });
      }
    });

    it('get the context of the call', async () => {
      const seen: unknown[] = [];
      const { http, origin } = reach({
        context: { a: 1, b: { c: 1 } },
        hooks: {
          beforeRequest: [({ options }) => void seen.push(options.context)],
          afterResponse: [({ options }) => void seen.push(options.context)],
        },
      });
      for (const verb of ['get', 'put'] as const) {
        origin.once('PUT', ok);
        await http[verb](path, { context: { b: 2 } });
      }
      expect(seen).toEqual(Array(4).fill({ a: 1, b: 2 }));
    });

    it('of a call replace or remove those of the instance where it says so', async () => {
      const ran: string[] = [];
      const run = (name: string) => () => void ran.push(name);
      const { http } = reach({ hooks: { beforeRequest: [run('instance')], afterResponse: [run('after')] } });
      for (const verb of ['get', 'put'] as const) {
        ran.length = 0;
        const headers = verb === 'put' ? underV1 : {};
        await http[verb](path, { headers, hooks: replaceOption({ beforeRequest: [run('call')] }) });
        expect(ran).toEqual(['call']);
      }
      ran.length = 0;
      await http.get(path, { hooks: { beforeRequest: undefined } as never });
      expect(ran).toEqual(['after']);
    });

    it('of a call may remove a beforeError of the instance', async () => {
      const own = new Error('own');
      const { http } = reach({ hooks: { beforeError: [() => own] } });
      for (const verb of ['get', 'put'] as const) {
        expect(await rejectionOf(http[verb]('', { fetch: refuse }))).toBe(own);
        expect(
          await rejectionOf(http[verb]('', { fetch: refuse, hooks: { beforeError: undefined } as never })),
        ).not.toBe(own);
      }
    });
    const refuse = () => Promise.resolve(new Response('', { status: 400 }));
  });

  describe('an instance', () => {
    it('is extended by options, or by a function of them', async () => {
      const { http, origin } = reach({ headers: { 'x-one': '1', 'x-two': '1' }, searchParams: { a: 1 } });
      const ran: string[] = [];
      const hook = (name: string) => ({ hooks: { beforeRequest: [() => void ran.push(name)] } });
      const extended = http
        .extend({ headers: { 'x-two': undefined, 'x-three': '3' }, ...hook('first') })
        .extend((parent) => ({
          baseUrl: `${String(parent.baseUrl)}v2/`,
          searchParams: { b: 2 },
          ...hook('second'),
        }));
      for (const verb of ['get', 'put'] as const) {
        ran.length = 0;
        origin.once('PUT', ok);
        await extended[verb](path);
        expect(ran).toEqual(['first', 'second']);
      }
      for (const request of origin.requests) {
        expect(request.url).toBe('https://api.test/v2/notes/42?a=1&b=2');
        expect(Object.fromEntries(request.headers)).toMatchObject({ 'x-one': '1', 'x-three': '3' });
        expect(request.headers.has('x-two')).toBe(false);
      }
      await extended.extend({ searchParams: replaceOption({ c: 3 }), hooks: replaceOption({}) }).get(path);
      expect(origin.requests[2]?.url).toBe('https://api.test/v2/notes/42?c=3');
      await http.get(path);
      expect(origin.requests[3]?.url).toBe(`${url}?a=1`);
      expect(ran).toEqual(['first', 'second']);
    });

    it('makes new ones that inherit nothing', async () => {
      const { http, origin } = reach({ headers: { 'x-one': '1' } });
      await http.create({ fetch: origin.fetch }).get(url);
      expect(origin.requests[0]?.headers.has('x-one')).toBe(false);
      expect(() => http.create().get(path)).toThrow(TypeError);
    });

    it('has ky’s own markers', () => {
      const { http } = reach();
      expect([http.stop, http.retry]).toEqual([ky.stop, ky.retry]);
    });
  });

  describe('a fetch of the user’s', () => {
    it('is given a Request, and the options that only its runtime knows', async () => {
      const calls: unknown[] = [];
      const own: NonNullable<Options['fetch']> = (input, init) => {
        const { method, url: href } = input as Request;
        calls.push([input instanceof Request, method, href, (init as { dispatcher?: string }).dispatcher]);
        return Promise.resolve(new Response(null, { status: 204 }));
      };
      const { http, origin } = reach();
      const options = { fetch: own, dispatcher: 'mine' } as Options;
      for (const verb of ['get', 'put', 'delete', 'post'] as const) await http[verb](path, options);
      expect(calls).toEqual(['GET', 'PUT', 'DELETE', 'POST'].map((method) => [true, method, url, 'mine']));
      expect(origin.log).toEqual([]);
      await http.get(path);
      expect(origin.log).toEqual(['GET 200 "v1"']);
    });
  });
});

/** A client of a server that somebody else has changed: a write under `"v1"` meets a conflict. */
function stale(more: ClientOptions<object> = {}) {
  const origin = new Origin({ n: 1 });
  origin.change({ n: 2 });
  const api = createClient({
    ...{ baseUrl, fetch: origin.fetch, retry: { delay: () => 0 } },
    routes: { 'notes/:id': {} },
    ...more,
    defaults: { merge: keepLocal(), ...more.defaults },
  });
  return { api, origin };
}

const recovered = ['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"'];
const staleWrite: CallOptions = { json: { n: 3 }, headers: underV1 };

describe('a write on a route that recovers', () => {
  it.each<[string, (api: Client) => Promise<unknown>, ClientOptions<object>?]>([
    ['by its verb', (api) => api.put(path, staleWrite)],
    ['by its method', (api) => api(path, { ...staleWrite, method: 'put' })],
    ['by the method of its instance', (api) => api(path, staleWrite), { method: 'PUT' }],
    ['by a URL', (api) => api.put(new URL(url), staleWrite)],
    [
      'by a Request',
      (api) =>
        api(
          new Request(url, {
            method: 'PUT',
            body: '{"n":3}',
            headers: { ...underV1, 'content-type': 'application/json' },
          }),
        ),
    ],
    [
      'by an instance that extends the client',
      (api) => api.extend({ headers: underV1 }).put(path, { json: { n: 3 } }),
    ],
    ['under a prefix', (api) => api.put(path, staleWrite), { prefix: '/v1' }],
    ['with search parameters', (api) => api.put(path, { ...staleWrite, searchParams: { a: 1 } })],
    [
      'by an option that an init hook sets',
      (api) => api.post(path, staleWrite),
      { hooks: { init: [(options) => (options.method = 'put')] } },
    ],
    [
      'to an address that an init hook sets',
      (api) => api.put('42', staleWrite),
      { hooks: { init: [(options) => (options.prefix = 'notes')] } },
    ],
  ])('does so %s', async (_, write, options) => {
    const { api, origin } = stale(options);
    await write(api);
    expect(origin.log).toEqual(recovered);
    expect(origin.value).toEqual({ n: 3 });
    expect(new Set(origin.requests.map((request) => request.url))).toHaveLength(1);
  });

  it('goes through the hooks once, and what they change goes out with every request', async () => {
    const ran: string[] = [];
    const { api, origin } = stale({
      hooks: {
        beforeRequest: [
          ({ request }) => {
            ran.push('beforeRequest');
            request.headers.set('x-hook', '1');
            return new Request(`${request.url}?hook`, request);
          },
        ],
        afterResponse: [({ response }) => void ran.push(`afterResponse ${response.status}`)],
      },
    });
    await api.put(path, staleWrite);
    expect(ran).toEqual(['beforeRequest', 'afterResponse 204']);
    expect(origin.log).toEqual(recovered);
    expect(origin.requests.map((request) => [request.url, request.headers.get('x-hook')])).toEqual(
      Array(3).fill([`${url}?hook`, '1']),
    );
  });

  it.each([
    ['before the conflict', 1, ['PUT 401', 'PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']],
    ['after it', 2, ['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 401 "v2"', 'PUT 204 "v2"']],
  ])('goes on by a hook that renews its token %s', async (_, nth, log) => {
    const bases: unknown[] = [];
    let token = 'old';
    const { api, origin } = stale({
      hooks: {
        beforeRequest: [({ request }) => request.headers.set('authorization', token)],
        afterResponse: [
          ({ request, response }) => {
            if (response.status !== 401) return undefined;
            request.headers.set('authorization', (token = 'new'));
            return ky.retry({ request });
          },
        ],
      },
      defaults: {
        merge: ({ base, local }) => {
          bases.push(base);
          return local;
        },
      },
    });
    if (nth === 2) origin.once('PUT', () => undefined);
    origin.once(
      'PUT',
      ({ headers }) => new Response('', { status: headers.get('authorization') === 'old' ? 401 : 500 }),
    );
    const response = await api.put(path, { ...staleWrite, base: { n: 1 } });
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
    expect(origin.log.map((line) => line.replace('401 "v1"', '401'))).toEqual(log);
    expect(origin.requests.at(-1)?.headers.get('authorization')).toBe('new');
    expect(bases).toEqual([{ n: 1 }]);
  });

  it('sends every request by the fetch of the call, as a Request, with what its runtime knows', async () => {
    const { api, origin } = stale();
    const given: unknown[] = [];
    const fetch: Options['fetch'] = (input, init) => {
      const { method, url: to } = input as Request;
      given.push([input instanceof Request, method, to, (init as { next?: string }).next]);
      return origin.fetch(input);
    };
    await api
      .extend({ fetch: () => Promise.reject(new Error('not this one')) })
      .put(path, { ...staleWrite, fetch, next: 'mine' } as CallOptions);
    expect(given).toEqual([
      [true, 'PUT', url, 'mine'],
      [true, 'GET', url, 'mine'],
      [true, 'PUT', url, 'mine'],
    ]);
  });

  it('goes out by the fetch of the runtime where there is no other, with what only that knows', async () => {
    const { api, origin } = stale({ fetch: undefined as never });
    const given: unknown[] = [];
    vi.stubGlobal('fetch', (...call: Parameters<typeof fetch>) => {
      given.push((call[1] as { next?: string }).next);
      return origin.fetch(...call);
    });
    try {
      await api.put(path, { ...staleWrite, next: 'mine' } as CallOptions);
      await api.get(path, { next: 'mine' } as CallOptions);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(origin.log).toEqual([...recovered, 'GET 200 "v3"']);
    expect(given).toEqual(['mine', 'mine', 'mine', 'mine']);
  });

  it('is parsed and written by the functions of its instance, also of one that extends the client', async () => {
    const merged: unknown[] = [];
    const { api, origin } = stale({
      defaults: {
        merge: ({ local, remote }) => {
          merged.push(local, remote);
          return { n: 4 };
        },
      },
    });
    origin.change('[{"n":2}]');
    const functions: Options = {
      parseJson: (text) => (JSON.parse(text) as unknown[])[0],
      stringifyJson: (value) => JSON.stringify([value]),
    };
    await api.extend(functions).put(path, staleWrite);
    expect(merged).toEqual([{ n: 3 }, { n: 2 }]);
    expect(origin.raw).toBe('[{"n":4}]');
  });

  it('reads and writes JSON as the client says if its server is a preset, and as that says if it does', async () => {
    const by = (name: string) => ({
      parseJson: (text: string): unknown => ({ ...(JSON.parse(text) as object), readBy: name }),
      stringifyJson: (value: unknown) => JSON.stringify({ ...(value as object), writtenBy: name }),
    });
    for (const [server, name] of [
      [couchdb(), 'client'],
      [{ ...couchdb(), ...by('server') }, 'server'],
    ] as const) {
      const remotes: unknown[] = [];
      const merge: Merge = ({ remote, local }) => (remotes.push(remote), local);
      let stored = '{"_rev":"2","n":2}';
      const refusals = [new Response('', { status: 409 })];
      const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
        const request = new Request(input, init);
        const refusal = request.method === 'PUT' && refusals.pop();
        if (refusal) return refusal;
        if (request.method === 'PUT') stored = await request.text();
        return new Response(stored, { headers: { 'content-type': 'application/json' } });
      };
      const api = createClient({
        baseUrl,
        fetch,
        ...by('client'),
        routes: { 'notes/:id': { server, merge } },
      });
      await api.put(path, { json: { _rev: '1', n: 3 }, base: { _rev: '1', n: 1 } });
      expect(remotes).toEqual([{ _rev: '2', n: 2, readBy: name }]);
      expect(JSON.parse(stored)).toMatchObject({ _rev: '2', n: 3, writtenBy: name });
      await api.resource('notes/:id', { id: '42' }).update((draft) => void ((draft as { n: number }).n = 4));
      expect(JSON.parse(stored)).toMatchObject({ n: 4, readBy: name, writtenBy: name });
    }
  });
});

describe('ky’s own retries', () => {
  const busy = (): Response => new Response('', { status: 503 });
  const failing = () => Promise.reject(new TypeError('fetch failed'));

  it.each<[string, string, (api: Client) => Promise<unknown>]>([
    ['a read', 'GET', (api) => api.get(path)],
    ['a HEAD', 'HEAD', (api) => api.head('people/7')],
    ['a QUERY', 'QUERY', (api) => api.query(path, { json: {} })],
    ['a PUT that has no route', 'PUT', (api) => api.put('people/7', staleWrite)],
    ['a DELETE that its route leaves out', 'DELETE', (api) => api.delete(path)],
  ])('repeat %s', async (_, method, call) => {
    for (const failure of [busy, failing]) {
      const { api, origin } = stale({ routes: { 'notes/:id': { methods: ['PUT'] } } });
      origin.once(method, failure).once(method, ok);
      await call(api);
      expect(origin.requests.map((request) => request.method)).toEqual([method, method]);
    }
  });

  it('never repeat a POST that has no route', async () => {
    const { api, origin } = stale();
    origin.once('POST', busy);
    expect(isHTTPError(await rejectionOf(api.post('notes', { json: {} })))).toBe(true);
    expect(origin.log).toEqual(['POST 503']);
  });

  it.each<[string, Options]>([
    ['as it is', {}],
    [
      'that says more of retries',
      { retry: { limit: 3, methods: ['put', 'patch', 'delete'], shouldRetry: () => true } },
    ],
    ['that has a hook after the response', { hooks: { afterResponse: [() => undefined] } }],
    [
      'that has both',
      {
        retry: { limit: 3, shouldRetry: () => true },
        hooks: replaceOption({ afterResponse: [() => undefined] }),
      },
    ],
  ])('never repeat a write on a route, by a call %s', async (_, options) => {
    for (const method of ['put', 'patch', 'delete'] as const) {
      for (const failure of [busy, failing]) {
        const clock = new VirtualClock();
        const { api, origin } = stale({ clock, defaults: { merge: ({ local }) => local } });
        origin.once(method.toUpperCase(), failure);
        const call: Verb = api[method];
        const error = await rejectionOf(clock.run(call(path, { ...staleWrite, ...options })));
        expect(reportOf(error)).toMatchObject({ code: 'outcome-unknown', attempts: [{ number: 1 }] });
        // Recovery looks what became of it, and that is all.
        expect(origin.requests.map((request) => request.method)).toEqual([method.toUpperCase(), 'GET']);
        expect(origin.value).toEqual({ n: 2 });
      }
    }
  });

  it('never repeat the requests of a recovery, either', async () => {
    for (const failure of [busy, failing]) {
      const clock = new VirtualClock();
      const { api, origin } = stale({ clock, defaults: { retry: 1 } });
      origin.once('PUT', () => undefined).once('PUT', failure);
      const error = await rejectionOf(clock.run(api.put(path, staleWrite)));
      expect(reportOf(error)).toMatchObject({ code: 'retry-limit', maybeApplied: true });
      expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT', 'GET']);
    }
  });
});

it('A client has the type of a ky instance.', () => {
  const routes = { 'notes/:id': { merge: keepLocal<{ n: number }>() } };
  const api = createClient({ baseUrl, fetch: new Origin({ n: 1 }).fetch, routes });
  expectTypeOf<Client>().toExtend<KyInstance>();
  expectTypeOf(api).toExtend<KyInstance>();
  expectTypeOf(api.extend({})).toEqualTypeOf(api);
  expectTypeOf(api.get(path).json<{ n: number }>()).resolves.toEqualTypeOf<{ n: number }>();
  expectTypeOf(api.get<{ n: number }>(path).json()).resolves.toEqualTypeOf<{ n: number }>();
  expectTypeOf(api.get(path).json(z.object({ n: z.number() }))).resolves.toEqualTypeOf<{ n: number }>();
});
