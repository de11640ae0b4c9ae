import {
  TimeoutError,
  type BeforeErrorHook,
  type BeforeRequestHook,
  type InitHook,
  type Input,
  type KyInstance,
  type Options,
  type ResponsePromise,
} from 'ky';
import { redacted, type Resume } from '../errors.ts';
import { isSafe, read, withoutOurs, write } from '../fetch.ts';
import type { Overrides } from '../options.ts';
import type { World } from '../recovery/run.ts';
import { addressOf, type Question } from '../report.ts';
import { overrideRoute, type Route, type RouteFinder } from '../route.ts';
import { Deadline } from '../shell/deadline.ts';
import type { HeaderMaker } from '../shell/fresh-headers.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import type { Tabs } from '../shell/tabs.ts';
import { isRequest, lineOf, resolveUrl, settingsOf } from '../shell/request.ts';
import {
  bounding,
  handOver,
  isThrown,
  knowing,
  knowingParser,
  recoveryErrorOf,
  type Patience,
} from './answer.ts';
import { outgoing } from './outgoing.ts';
import { preconditioned, withoutPlaceholder } from './preconditioned.ts';
import { resultOf } from './result.ts';
import { beginAnew, worldOf, type Line } from './sender.ts';

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
  readonly headers: HeaderMaker | undefined;
  readonly tabs: Tabs | undefined;
}

/** A call as a resource handle makes it, or a person who answers one. */
export interface Inside {
  /** The handle's own route, whatever else matches. */
  readonly route?: Route;
  /** Is given the answer as it came, before any hook has seen it. */
  readonly onAnswer?: (response: Response, url: URL) => void;
  /** Sends a person's answer instead of the write. */
  readonly send?: (signal: AbortSignal | null) => Promise<Response>;
  /** What the calls of an update, or a write and a person's answers to it, share. */
  readonly line?: Line;
  /** Whether a refusal is thrown whatever `throwHttpErrors` says: the result of a handle has no place for one. */
  readonly throws?: boolean;
  /** Is given the headers that the request would have, by the hooks; then nothing is sent. */
  readonly onHeaders?: (headers: HeaderFields) => void;
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
  const { base, recovery } = options;
  const own: Options = withoutOurs(options);
  const { line = {} } = inside;
  let said: Options = {};
  let world: World | undefined;
  let readBody: ((promise: ResponsePromise) => ResponsePromise) | undefined;

  // The last of the init hooks, so that it sees the options as all others have left them.
  const takeOver: InitHook = (all) => {
    if (inside.throws) all.throwHttpErrors = true;
    giveBack(all, own, site.defaults);
    said = { ...all };
    const verb = (said.method ?? lineOf(input, undefined).method).toUpperCase();
    const url = isSafe(verb) ? undefined : urlOf(input, said);
    const found = url && (inside.route ?? site.find(url, verb));
    Object.assign(all, knowingParser(said), found ? recovering(found, url) : passing(verb));
    if (isSafe(verb)) readBody = (promise) => knowing(promise, said.stringifyJson);
  };

  const passing = (verb: string): Options => ({
    async fetch(given, init) {
      const request = given as Request;
      const world = worldOf(site, input, said, { request, init, line });
      if (inside.onHeaders) {
        inside.onHeaders(world.bases.sent?.(request.headers) ?? request.headers);
        return new Response(null, { status: 204 });
      }
      if (verb !== 'GET') return world.fetch(request, init);
      const answer = await read(world, site.find, request.url, request, init);
      inside.onAnswer?.(answer, new URL(request.url));
      return answer;
    },
  });

  const recovering = (found: Route, foreseen: URL): Options => {
    const { initOf, stringifyJson, signalOf, mayStop, stop } = outgoing(input, said);
    const route = overrideRoute(found, { ...timesOf(said, own, site), ...recovery });
    let answer: Response | undefined;
    let patience: Patience | undefined;
    let time: Deadline | undefined;
    const fetch: Options['fetch'] = async (given, init) => {
      const request = given as Request;
      patience = {
        start: () => new Deadline(site.world.clock, route.timeout, undefined),
        late() {
          stop();
          return redacted(new TimeoutError(request));
        },
      };
      world = { ...worldOf(site, input, said, { request, init, line }), onOver: (over) => (time = over) };
      const { url: href } = request;
      const headers = withoutPlaceholder(request.headers);
      // A search parameter or a hook may have changed it. Else it needs no second look.
      const url = href === foreseen.href ? foreseen : new URL(href);
      answer = await (inside.send?.(signalOf(request)) ??
        write(world, route, url, href, { ...(await initOf(request)), ...init, headers, base }));
      if (answer.ok) site.tabs?.tell(addressOf(url));
      inside.onAnswer?.(answer, url);
      // ky reads a refusal that it throws, and would wait for a body that stalls.
      if (isThrown(answer, said)) time?.restart();
      return handOver(answer, request, said);
    };
    const asOurs: BeforeErrorHook = ({ request, error }) => {
      time?.stop();
      return recoveryErrorOf(error, answer, (question) => resume(question, found, new URL(request.url)));
    };
    readBody = (promise) => bounding(promise, mayStop, () => patience);
    const first = preconditioned(route, base, (request) =>
      worldOf(site, input, said, { request, init: undefined, line }),
    );
    return { fetch, stringifyJson, ...owned(said, first, asOurs) };
  };

  const resume =
    (question: Question, route: Route, to: URL): Resume =>
    async (value, { signal = null } = {}) => {
      let resumed: Response | undefined;
      beginAnew(line, site.world, world);
      const again: Inside = {
        route,
        line,
        throws: true,
        send: (signal) => question.resume(value, signal ? { signal } : {}),
        onAnswer: (response) => (resumed = response),
      };
      // The body of a Request is used up, and it isn't what is sent.
      const plain = isRequest(input)
        ? new Request(input.url, { ...settingsOf(input), method: input.method, headers: input.headers })
        : input;
      const response = await call(site, method, plain, { ...options, signal }, again);
      return resultOf(route, to, resumed ?? response, site.world.clock);
    };

  const { hooks } = own;
  const http = hooks ? site.http.extend({ hooks }) : site.http;
  const last = { hooks: { init: [takeOver] }, ...(method !== undefined && { method }) };
  const promise = http(input, { ...own, ...last });
  return readBody ? readBody(promise) : promise;
}

/** What is different for a write that recovery owns. */
function owned(
  { retry, hooks }: Options,
  first: BeforeRequestHook | undefined,
  last: BeforeErrorHook,
): Options {
  // Only a hook can still ask for a retry: ky's own could make a conflict of a lost answer.
  const hooked = { ...(typeof retry === 'number' ? { limit: retry } : retry), methods: [] };
  return {
    timeout: false,
    totalTimeout: false,
    retry: hooks?.afterResponse?.length ? hooked : 0,
    hooks: {
      ...hooks,
      // Nobody else keeps a copy of the request.
      ...(first && isHooked(hooks) && { beforeRequest: [first, ...(hooks?.beforeRequest ?? [])] }),
      beforeError: [...(hooks?.beforeError ?? []), last],
    },
  };
}

function isHooked(hooks: Options['hooks']): boolean {
  return [hooks?.beforeRequest, hooks?.afterResponse, hooks?.beforeError].some((list) => list?.length);
}

/** Gives back the very value that is to be sent: ky copies it for init hooks, of which ours is one. */
function giveBack(all: Options, own: Options, { json, hooks }: Options): void {
  const isOurs = !hooks?.init?.length && !own.hooks;
  if (isOurs && own.json !== undefined && json === undefined) all.json = own.json;
}

/** The times that are said of a call, by itself or by an init hook. */
function timesOf(said: Options, own: Options, { defaults }: Site): Pick<Options, 'timeout' | 'totalTimeout'> {
  const timeOf = (name: 'timeout' | 'totalTimeout'): Options['timeout'] =>
    said[name] === defaults[name] ? own[name] : said[name];
  return { timeout: timeOf('timeout'), totalTimeout: timeOf('totalTimeout') } as Options;
}

const isAbsolute = /^[a-z][\w+.-]*:/i;

/** Where ky will send a call. */
export function urlOf(input: Input, { prefix, baseUrl }: Options): URL | undefined {
  const { href } = lineOf(input, undefined);
  if (typeof input !== 'string') return resolveUrl(href);
  const path = prefix ? `${String(prefix).replace(/\/+$/, '')}/${href.replace(/^\/+/, '')}` : href;
  const base = baseUrl === undefined ? undefined : String(baseUrl);
  return resolveUrl(path, base === undefined || isAbsolute.test(base) ? base : resolveUrl(base));
}
