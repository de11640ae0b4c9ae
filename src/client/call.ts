import {
  TimeoutError,
  type BeforeErrorHook,
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
import { renewing, type HeaderMaker, type Line, type Renewed } from '../shell/fresh-headers.ts';
import { checkOptions } from '../shell/options.ts';
import type { Tabs } from '../shell/tabs.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import { isRequest, lineOf, settingsOf } from '../shell/request.ts';
import { urlOf } from './address.ts';
import { bounding, knowing, knowingParser, handOver, recoveryErrorOf, type Patience } from './answer.ts';
import { openBase } from './given.ts';
import { outgoing } from './outgoing.ts';
import { resultOf } from './result.ts';

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
  /** What the write and a person's answers to it share. */
  readonly line?: Line;
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
  let readBody: ((promise: ResponsePromise) => ResponsePromise) | undefined;

  // The last of the init hooks, so that it sees the options as all others have left them.
  const takeOver: InitHook = (all) => {
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
    const fetch: Options['fetch'] = async (given, init) => {
      if (recovery && !inside.route) checkOptions('write', recovery);
      const request = given as Request;
      patience = {
        start: () => new Deadline(site.world.clock, route.timeout, undefined),
        late() {
          stop();
          return redacted(new TimeoutError(request));
        },
      };
      const world = worldOf(site, input, said, { request, init, line });
      const { url: href, headers } = request;
      // A search parameter or a hook may have changed it. Else it needs no second look.
      const url = href === foreseen.href ? foreseen : new URL(href);
      const asAsked = async (): Promise<Response> => {
        const asked = await initOf(request);
        const meant = openBase(base, request.method, url, asked.body, route);
        return write(world, route, url, href, { ...asked, ...init, headers, base: meant });
      };
      answer = await (inside.send?.(signalOf(request)) ?? asAsked());
      if (answer.ok) site.tabs?.tell(addressOf(url));
      inside.onAnswer?.(answer, url);
      return handOver(answer, request, said);
    };
    const asOurs: BeforeErrorHook = ({ request, error }) =>
      recoveryErrorOf(error, answer, (question) => resume(question, found, new URL(request.url)));
    readBody = (promise) => bounding(promise, mayStop, () => patience);
    return { fetch, stringifyJson, ...owned(said, asOurs) };
  };

  const resume =
    (question: Question, route: Route, to: URL): Resume =>
    async (value, { signal = null } = {}) => {
      let resumed: Response | undefined;
      const again: Inside = {
        route,
        line,
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

/** What is shared, for one request of ky's: it is sent with fresh headers, and remembered for those whom these name. */
function worldOf(
  { world, headers: make }: Site,
  input: Input,
  said: Options,
  asked: Pick<Renewed, 'request' | 'init' | 'line'>,
): World {
  asked.line.request = asked.request;
  // What the caller and the hooks have said stands; but these two ky fills in by itself.
  const isFilled = (name: string): boolean =>
    (name === 'accept' || name === 'content-type') &&
    !new Headers(said.headers as HeadersInit).has(name) &&
    !(isRequest(input) && input.headers.has(name));
  // Only a fetch of the user's own has to get what ky would give it: a Request is dear.
  const transport = said.fetch === globalThis.fetch ? undefined : said.fetch;
  const { send, whole } = renewing({ ...asked, make, transport, isFilled });
  const scope = (headers: HeaderFields): string => world.bases.scope(whole(headers));
  return { ...world, fetch: send, bases: { ...world.bases, scope } };
}

/** What is different for a write that recovery owns. */
function owned({ retry, hooks }: Options, last: BeforeErrorHook): Options {
  // Only a hook can still ask for a retry: ky's own could make a conflict of a lost answer.
  const hooked = { ...(typeof retry === 'number' ? { limit: retry } : retry), methods: [] };
  return {
    timeout: false,
    totalTimeout: false,
    retry: hooks?.afterResponse?.length ? hooked : 0,
    hooks: { ...hooks, beforeError: [...(hooks?.beforeError ?? []), last] },
  };
}

/** The times that are said of a call, by itself or by an init hook. */
function timesOf(said: Options, own: Options, { defaults }: Site): Pick<Options, 'timeout' | 'totalTimeout'> {
  const timeOf = (name: 'timeout' | 'totalTimeout'): Options['timeout'] =>
    said[name] === defaults[name] ? own[name] : said[name];
  return { timeout: timeOf('timeout'), totalTimeout: timeOf('totalTimeout') } as Options;
}
