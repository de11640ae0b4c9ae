import {
  isHTTPError,
  isKyError,
  isNetworkError,
  replaceOption,
  type BeforeErrorHook,
  type Hooks,
  type Input,
  type KyInstance,
  type Options,
  type ResponsePromise,
} from 'ky';
import { RecoveryError, type Resume } from './errors.ts';
import { isSafe, read, write } from './fetch.ts';
import { makeKnown, seenIn } from './known.ts';
import type { Overrides } from './options.ts';
import { outgoing } from './outgoing.ts';
import { fileReport, recoveryOf, type Question, type StopCode } from './report.ts';
import { unreadCode } from './reread.ts';
import { resultOf } from './result.ts';
import { overrideRoute, type Route, type RouteFinder } from './route.ts';
import type { World } from './run.ts';
import { freshen, type HeaderFactory } from './shell/fresh-headers.ts';
import { lineOf, resolveUrl } from './shell/request.ts';
import type { Fetch } from './shell/transport.ts';

/** What one call may say: all that ky takes, and what is said of one write. */
export type CallOptions = Options & {
  /** The state that the body was derived from; see `RecoveringInit`. Default: what is remembered. */
  readonly base?: unknown;
  /** What this write may do otherwise than its route. Its `timeout`s go before those of ky. Default: nothing. */
  readonly recovery?: Overrides;
};

/** One instance of a client: ky with its defaults, and the routes that they lead to. */
export interface Site {
  readonly http: KyInstance;
  readonly defaults: Options;
  readonly world: World;
  readonly find: RouteFinder;
  readonly headers: HeaderFactory | undefined;
}

/** A call as a resource handle makes it. */
export interface Inside {
  /** The handle's own route, whatever else matches. */
  readonly route?: Route;
  /** Is given the answer as it came, before any hook has seen it. */
  readonly onAnswer?: (response: Response) => void;
  /** Sends a person's answer instead of the write. */
  readonly send?: () => Promise<Response>;
}

/**
 * Makes a call through ky. Reads, and what has no route, are ky's own. A write on a route is one call to ky and to its
 * hooks, however many requests it takes: ky neither repeats it nor measures its time, since recovery does both.
 */
export function call(
  site: Site,
  method: string | undefined,
  input: Input,
  options: CallOptions = {},
  inside: Inside = {},
): ResponsePromise {
  const { base, recovery, ...own } = options;
  const { http, defaults, world } = site;
  const verb = method ?? own.method?.toUpperCase() ?? lineOf(input, undefined).method;
  const url = urlOf(input, { ...defaults, ...own });
  const found = url && !isSafe(verb) ? (inside.route ?? site.find(url, verb)) : undefined;
  const transport = own.fetch ?? defaults.fetch ?? globalThis.fetch;

  const { initOf, stringifyJson } = outgoing(input, own, defaults);
  const fetch: Fetch = async (given, init) => {
    const request = given as Request;
    const at = new URL(request.url);
    const { headers, send } = await freshen(site.headers, transport, request, at);
    const plain = { ...init, headers };
    if (verb === 'GET') return read({ ...world, fetch: send }, site.find, at.href, request, plain);
    if (!found) return send(request, plain);
    const { timeout, totalTimeout } = own;
    const route = overrideRoute(found, { timeout, totalTimeout, ...recovery } as Overrides);
    const response = await (inside.send?.() ??
      write({ ...world, fetch: send }, route, at, at.href, {
        ...(await initOf(request)),
        ...init,
        headers,
        base,
      }));
    inside.onAnswer?.(response);
    return response;
  };

  const resume =
    (question: Question, route: Route, to: URL): Resume =>
    async (value, { signal } = {}) => {
      let answer: Response | undefined;
      const again: Inside = {
        route,
        send: () => question.resume(value, signal && { signal }),
        onAnswer: (response) => (answer = response),
      };
      const response = await call(site, method, input, { ...options, signal: signal ?? null }, again);
      return resultOf(route, to, answer ?? response, world.clock);
    };
  const asOurs =
    (route: Route, to: URL): BeforeErrorHook =>
    ({ error }) =>
      recoveryErrorOf(error, (question) => resume(question, route, to));
  const ours = found && url && { ...owned(defaults, own, asOurs(found, url)), stringifyJson };
  const promise = http(input, { ...own, ...knowingParser(own, defaults), method: verb, fetch, ...ours });
  return isSafe(verb) ? knowing(promise, own.stringifyJson ?? defaults.stringifyJson) : promise;
}

/** What a read that failed by ky's account means for a write that it was made for; `undefined` for any other error. */
export function unreadCodeOf(error: unknown): StopCode | undefined {
  if (isHTTPError(error)) return unreadCode(error.response);
  return isKyError(error) ? 'read-failed' : undefined;
}

/** What is different for a write that recovery owns. */
function owned(defaults: Options, own: Options, beforeError: BeforeErrorHook): Options {
  const limit = own.retry ?? defaults.retry;
  // Only a hook can still ask for a retry: ky's own could make a conflict of a lost answer.
  const hooked = [defaults.hooks, own.hooks].some((hooks) => hooks?.afterResponse?.length);
  const retry = { ...(typeof limit === 'number' ? { limit } : limit), methods: [] };
  return {
    timeout: false,
    totalTimeout: false,
    retry: hooked ? replaceOption(retry) : 0,
    hooks: withLast(own.hooks, beforeError),
  };
}

/** Hooks that have one more at their end, also where they replace the client's. */
function withLast(hooks: Hooks | undefined, last: BeforeErrorHook): Hooks {
  const replacing = hooks as { readonly value?: Hooks } | undefined;
  if (replacing?.value) return replaceOption(withLast(replacing.value, last));
  return { ...hooks, beforeError: [...(hooks?.beforeError ?? []), last] };
}

/** The error of a write that failed for good. What the user's own functions throw, and an abort, stay as they are. */
function recoveryErrorOf(error: Error, resume: (question: Question) => Resume): Error {
  const outcome = isHTTPError(error) ? error.response : isNetworkError(error) ? error.cause : error;
  const report = recoveryOf(outcome);
  const isOurs = outcome !== error || (report?.ending === 'refused' && report.code === 'network-error');
  if (!isOurs || report?.ending !== 'refused' || error instanceof RecoveryError) return error;
  const { code, message, question } = report;
  return fileReport(new RecoveryError(code, message, error, question && resume(question)), () => report);
}

/** Where ky will send a call. */
export function urlOf(input: Input, { prefix, baseUrl }: Options): URL | undefined {
  const { href } = lineOf(input, undefined);
  if (typeof input !== 'string') return resolveUrl(href);
  const path = prefix ? `${String(prefix).replace(/\/+$/, '')}/${href.replace(/^\/+/, '')}` : href;
  return resolveUrl(path, baseUrl === undefined ? undefined : resolveUrl(String(baseUrl)));
}

/** The user's own parser, if there is one; what it makes of a body is known as the state that it shows. */
function knowingParser(own: Options, defaults: Options): Pick<Options, 'parseJson'> {
  const parse = own.parseJson ?? defaults.parseJson;
  if (!parse) return {};
  return {
    parseJson: async (text, context) => {
      const value = await parse(text, context);
      const seen = seenIn(context.response);
      return seen ? makeKnown(value, seen) : value;
    },
  };
}

/** Makes the values of `json()` known as the states that they show. */
function knowing(
  promise: ResponsePromise,
  stringify: Options['stringifyJson'] = JSON.stringify,
): ResponsePromise {
  const { json } = promise;
  return Object.assign(promise, {
    json: async (schema?: Parameters<typeof json>[0]): Promise<unknown> => {
      const value: unknown = await (schema ? json(schema) : json());
      const seen = seenIn(await promise);
      // What a schema made of the state is what the caller goes on from.
      return seen ? makeKnown(value, schema ? { ...seen, content: stringify(value) } : seen) : value;
    },
  });
}
