import ky, { isHTTPError, type Hooks } from 'ky';
import type { Choices } from './choices.ts';
import { errorTold } from './errors.ts';
import { answerTold } from './looks.ts';

const hookKinds = {
  none: 10,
  'all that look': 3,
  'init adds a header': 1,
  'init sets json': 1,
  'init sets a method': 0.5,
  'init throws': 0.3,
  'beforeRequest sets a header': 2,
  'beforeRequest gives a Request': 1,
  'beforeRequest goes elsewhere': 1,
  'beforeRequest changes the body': 1,
  'beforeRequest gives a stream': 0.5,
  'beforeRequest makes a read': 0.5,
  'beforeRequest answers': 1,
  'beforeRequest refuses': 1,
  'beforeRequest throws': 1,
  'beforeRetry sets a header': 1,
  'beforeRetry gives a Request': 0.5,
  'beforeRetry stops': 1,
  'beforeRetry answers': 0.5,
  'beforeRetry throws': 0.5,
  'beforeError marks': 1,
  'beforeError replaces': 1,
  'beforeError throws': 0.5,
  'afterResponse reads': 1,
  'afterResponse gives its copy': 1,
  'afterResponse answers': 1,
  'afterResponse refuses': 1,
  'afterResponse throws': 1,
  'afterResponse retries': 1,
  'afterResponse retries elsewhere': 0.5,
  'afterResponse sends again': 1,
} as const;

export const hookChoices = {
  hooks: hookKinds,
  /** A second hook, which sees what the first one has made. */
  hooks2: {
    none: 6,
    'all that look': 1,
    'beforeRequest sets a header': 0.3,
    'afterResponse reads': 0.3,
    'beforeError marks': 0.3,
  },
} as const satisfies Choices;

type Note = (what: string, ...details: readonly unknown[]) => void;

const again = 'x-again';

/** The hooks of a plan. What each is given is noted, as a hook may look at all of it. */
export function giveHooks(kind: string, note: Note, isReplay: () => boolean): Hooks | undefined {
  const seen = (request: Request): readonly unknown[] => [
    `${request.method} ${request.url}`,
    [...request.headers].map(([name, value]) => `${name}: ${value.replace(/----formdata-undici-\d+/, '')}`),
    request.bodyUsed,
  ];
  const kinds: Readonly<Record<string, Hooks>> = {
    'all that look': {
      init: [(options) => note('init', Object.keys(options.headers ?? {}), options.method)],
      beforeRequest: [({ request, retryCount }) => note('beforeRequest', retryCount, ...seen(request))],
      beforeRetry: [
        ({ request, error, retryCount }) =>
          note('beforeRetry', retryCount, errorTold(error, 1), ...seen(request)),
      ],
      beforeError: [
        ({ request, error }) => {
          note('beforeError', errorTold(error, 1), ...seen(request));
          return error;
        },
      ],
      afterResponse: [
        ({ request, response, retryCount }) =>
          note('afterResponse', retryCount, answerTold(response), ...seen(request)),
      ],
    },
    'init adds a header': {
      init: [(options) => (options.headers = { ...headersIn(options.headers), 'x-init': '1' })],
    },
    'init sets json': { init: [(options) => Object.assign(options, { json: { init: 1 }, body: undefined })] },
    'init sets a method': { init: [(options) => (options.method = 'put')] },
    'init throws': { init: [() => fail('init')] },
    'beforeRequest sets a header': { beforeRequest: [({ request }) => request.headers.set('x-hook', 'h')] },
    'beforeRequest gives a Request': {
      beforeRequest: [({ request }) => new Request(request, { headers: withHeader(request, 'x-hook') })],
    },
    'beforeRequest goes elsewhere': {
      beforeRequest: [({ request }) => new Request(`${request.url}x`, request)],
    },
    'beforeRequest changes the body': {
      beforeRequest: [
        ({ request }) => (request.body ? new Request(request, { body: '{"a":5}' }) : undefined),
      ],
    },
    'beforeRequest gives a stream': {
      beforeRequest: [
        ({ request }) =>
          request.body
            ? new Request(request, {
                body: new Response('{"a":5}').body,
                duplex: 'half',
              } as RequestInit)
            : undefined,
      ],
    },
    'beforeRequest makes a read': { beforeRequest: [({ request }) => new Request(request.url)] },
    'beforeRequest answers': {
      beforeRequest: [() => Response.json({ by: 'hook' }, { headers: { etag: '"h"' } })],
    },
    'beforeRequest refuses': { beforeRequest: [() => Response.json({ by: 'hook' }, { status: 403 })] },
    'beforeRequest throws': { beforeRequest: [() => fail('beforeRequest')] },
    'beforeRetry sets a header': { beforeRetry: [({ request }) => request.headers.set(again, '1')] },
    'beforeRetry gives a Request': {
      beforeRetry: [({ request }) => new Request(request, { headers: withHeader(request, again) })],
    },
    'beforeRetry stops': { beforeRetry: [() => ky.stop] },
    'beforeRetry answers': { beforeRetry: [() => Response.json({ by: 'retry' })] },
    'beforeRetry throws': { beforeRetry: [() => fail('beforeRetry')] },
    'beforeError marks': {
      beforeError: [
        ({ error }) =>
          Object.assign(error, {
            message: `${error.message} (seen)`,
            data: isHTTPError(error) ? error.data : 0,
          }),
      ],
    },
    'beforeError replaces': { beforeError: [({ error }) => new Error('by beforeError', { cause: error })] },
    'beforeError throws': { beforeError: [() => fail('beforeError')] },
    'afterResponse reads': {
      afterResponse: [async ({ response }) => note('body', await response.text().catch(errorTold))],
    },
    'afterResponse gives its copy': { afterResponse: [({ response }) => response] },
    'afterResponse answers': { afterResponse: [() => Response.json({ by: 'afterResponse' })] },
    'afterResponse refuses': {
      afterResponse: [() => Response.json({ by: 'afterResponse' }, { status: 418 })],
    },
    'afterResponse throws': { afterResponse: [() => fail('afterResponse')] },
    'afterResponse retries': {
      afterResponse: [({ retryCount }) => (retryCount === 0 ? ky.retry({ delay: 0 }) : undefined)],
    },
    'afterResponse retries elsewhere': {
      afterResponse: [
        ({ request, retryCount }) =>
          retryCount === 0
            ? ky.retry({
                delay: 0,
                request: new Request(`${request.url}x`, {
                  method: request.method,
                  headers: withHeader(request, again),
                }),
              })
            : undefined,
      ],
    },
    'afterResponse sends again': {
      afterResponse: [
        ({ request }) =>
          isReplay()
            ? fetch(new Request(request.url, { method: 'GET', headers: withHeader(request, again) }))
            : undefined,
      ],
    },
  };
  return kinds[kind];
}

function fail(where: string): never {
  throw new RangeError(`Thrown in ${where}`);
}

function withHeader({ headers }: Request, name: string): Headers {
  const all = new Headers(headers);
  all.set(name, '1');
  return all;
}

function headersIn(headers: unknown): Record<string, string> {
  return Object.fromEntries(new Headers(headers as HeadersInit | undefined));
}

/** Two sets of hooks, one after the other. */
export function bothHooks(one: Hooks | undefined, other: Hooks | undefined): Hooks | undefined {
  if (!one || !other) return one ?? other;
  const names = ['init', 'beforeRequest', 'beforeRetry', 'beforeError', 'afterResponse'] as const;
  return Object.fromEntries(names.map((name) => [name, [...(one[name] ?? []), ...(other[name] ?? [])]]));
}
