import {
  TimeoutError,
  type BeforeErrorHook,
  type InitHook,
  type Input,
  type Options,
  type ResponsePromise,
} from 'ky';
import { formatVersion } from '../core/version.ts';
import { redacted, type Resume } from '../errors.ts';
import { stateAfterLater } from '../filed.ts';
import { unversioned } from '../recovery/address.ts';
import { isSafe, read } from '../wrap.ts';
import type { World } from '../recovery/call.ts';
import { addressOf, type Question } from '../report.ts';
import { overrideRoute, type Route } from '../route.ts';
import { Deadline } from '../shell/deadline.ts';
import { checkOptions } from '../shell/options.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import { isRequest, lineOf, settingsOf } from '../shell/request.ts';
import { withoutOurs, write } from '../write.ts';
import { urlOf } from './address.ts';
import {
  bounding,
  handOver,
  knowing,
  knowingParser,
  recoveryErrorOf,
  tooLate,
  type Patience,
} from './ky-response.ts';
import { resolveBase } from './handle-values.ts';
import { giveBack, owned, timesOf, told } from './ky-options.ts';
import type { Once } from './single-write.ts';
import { asRequest, outgoing } from './ky-request.ts';
import { preconditioned, withoutPlaceholders } from './precondition-hook.ts';
import { resultOf } from './result.ts';
import { beginAnew, worldOf, type Line } from './request-sender.ts';
import type { CallOptions, Site } from './client-instance.ts';
import { TimeLeft } from './time-left.ts';

/** The internal options of a call: a resource handle sets them, or the `resume` of an error. */
export interface Inside {
  /** The handle's own route, which goes before any route that matches. */
  readonly route?: Route;
  /** Called with the answer as it came, before any hook has seen it. */
  readonly onAnswer?: (response: Response, url: URL) => void;
  /** Sends a person's answer instead of the write. */
  readonly send?: (signal: AbortSignal | null) => Promise<Response>;
  /** The line that several calls share: the calls of an update, or a write and a person's answers to it. */
  readonly line?: Line;
  /** Options in which the write differs from a person's answers to it. */
  readonly once?: Once | undefined;
  /** Whether a refusal is thrown whatever `throwHttpErrors` says: the result of a handle has no place for a refusal. */
  readonly throws?: boolean;
  /** Called with the headers that the request would have after all hooks; then nothing is sent. */
  readonly onHeaders?: (headers: HeaderFields) => void;
}

/**
 * Makes a call through ky. ky alone handles reads, and calls without a route. A write on a route is one call to ky and to
 * its hooks, however many requests it takes: ky neither repeats the call nor measures its time, since recovery does both.
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
  const { line = {}, once } = inside;
  let said: Options = {};
  let world: World | undefined;
  let readBody: ((promise: ResponsePromise) => ResponsePromise) | undefined;

  // This is the last init hook, so it sees the options as all other hooks have left them.
  const takeOver: InitHook = (all) => {
    if (inside.throws) all.throwHttpErrors = true;
    giveBack(all, own, site.defaults);
    said = { ...all };
    const verb = (said.method ?? lineOf(input, undefined).method).toUpperCase();
    const url = isSafe(verb) ? undefined : urlOf(input, said);
    const found = url && (inside.route ?? site.find(url, verb));
    Object.assign(
      all,
      knowingParser(said),
      found ? recovering(found, url) : { fetch: pass.bind(undefined, verb) },
    );
    if (isSafe(verb)) readBody = (promise) => knowing(promise, said.stringifyJson);
  };

  const pass = async (verb: string, request: Request, init: RequestInit | undefined): Promise<Response> => {
    const world = worldOf(site, input, said, { request, init, line });
    if (inside.onHeaders) {
      inside.onHeaders(world.bases.sent?.(request.headers) ?? request.headers);
      return new Response(null, { status: 204 });
    }
    if (verb !== 'GET') return world.fetch(request, init);
    const answer = await read(world, site.find, request.url, request, init);
    inside.onAnswer?.(answer, new URL(request.url));
    return answer;
  };

  const recovering = (found: Route, foreseen: URL): Options => {
    const { callOf, stringifyJson, signalOf, mayStop, stop } = outgoing(input, said);
    const mine = overrideRoute(found, { ...timesOf(said, own, site), ...recovery });
    const route = once ? { ...mine, ...once.overrides, shared: { ...once, own: mine } } : mine;
    const time = new TimeLeft(site.world.clock, route.totalTimeout);
    let answer: Response | undefined;
    let patience: Patience | undefined;
    const held = new Set<string>();
    const fetch: Options['fetch'] = async (given, init) => {
      if (recovery && !inside.route) checkOptions('write', recovery);
      const request = asRequest(given as Request);
      patience = {
        start: () => new Deadline(site.world.clock, timeOf(route), undefined),
        late() {
          stop();
          return told({ request, error: redacted(new TimeoutError(request)), retryCount: 0 }, said);
        },
      };
      const by = worldOf(site, input, said, { request, init, line });
      world = by;
      const { url: href, method } = request;
      const headers = withoutPlaceholders(request.headers, held);
      // A search parameter or a hook may have changed the URL. An unchanged URL needs no second look.
      const url = href === foreseen.href ? foreseen : new URL(href);
      // A hook may have turned the write into a read.
      if (isSafe(method)) return time.within(request, () => pass(method, request, init));
      answer = await time.recovering(request, async (totalTimeout) => {
        if (inside.send) return inside.send(signalOf(request));
        const [from, asked] = callOf(request);
        const meant = resolveBase(base, method, url, asked.body, route);
        return write(by, { ...route, totalTimeout }, url, from, { ...asked, ...init, headers, base: meant });
      });
      if (answer.ok) {
        site.tabs?.tell(addressOf(url));
        // A handle notes the version itself, as it knows more about the state that is left.
        if (!inside.route) noteLeft(site, unversioned(route, url), answer);
      }
      inside.onAnswer?.(answer, url);
      return handOver(answer, request, said);
    };
    const asOurs: BeforeErrorHook = ({ request, error }) =>
      time.isLate(error)
        ? tooLate(error, request, answer)
        : recoveryErrorOf(error, answer, (question) => resume(question, found, new URL(request.url)));
    readBody = (promise) => bounding(promise, mayStop, () => patience);
    const first = preconditioned(route, base, held, (request) =>
      worldOf(site, input, said, { request, init: undefined, line }),
    );
    return { fetch, stringifyJson, ...owned(said, time, first, asOurs) };
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
      // The body of the Request is used up, and a person's answer doesn't send it.
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

/**
 * Notes the version that a write has left. A version that no answer names is noted, too: then all known versions are past.
 */
function noteLeft({ versions, world }: Site, url: URL, answer: Response): void {
  const left = stateAfterLater(answer);
  world.bases.notes.add(() => {
    const { version } = left() ?? {};
    versions.written(url, version?.length ? formatVersion(version) : undefined);
  }, '');
}

/** Returns the time that the body of an answer may take: as long as any request, and no longer than the whole write. */
function timeOf({ timeout, totalTimeout }: Route): number | false {
  if (timeout === false || totalTimeout === false) return timeout === false ? totalTimeout : timeout;
  return Math.min(timeout, totalTimeout);
}
