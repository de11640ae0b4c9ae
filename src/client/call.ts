import {
  TimeoutError,
  type BeforeErrorHook,
  type InitHook,
  type Input,
  type Options,
  type ResponsePromise,
} from 'ky';
import { formatVersion } from '../core/version.ts';
import { redacted } from '../errors.ts';
import { isRefused, stateAfterLater } from '../outcomes.ts';
import { unversioned } from '../recovery/address.ts';
import { isSafe } from '../wrap.ts';
import type { Shared } from '../recovery/call.ts';
import { addressOf, type Question } from '../report.ts';
import { overrideRoute, type Route } from '../route.ts';
import { Deadline } from '../shell/deadline.ts';
import { checkOptions } from '../shell/options.ts';
import { isRequest, lineOf, settingsOf } from '../shell/request.ts';
import { withoutOurs, write } from '../write.ts';
import { urlOf } from './address.ts';
import { askedAt } from './asked.ts';
import {
  bodyTimeoutOf,
  withBodyTimeout,
  responseForKy,
  withTrackedJson,
  trackingParser,
  recoveryErrorOf,
  timeoutErrorOf,
  type BodyTimeout,
} from './ky-response.ts';
import { resolveBase } from './handle-values.ts';
import { restoreJson, kyOptionsForWrite, timeoutsOf, runBeforeErrorHooks } from './ky-options.ts';
import type { SingleWriteOptions } from './single-write.ts';
import { asRequest, kyRequest } from './ky-request.ts';
import { preconditionHook, withoutPlaceholders } from './precondition-hook.ts';
import { areOptionsKnown, readCall, relay, type RelayOptions } from './read-call.ts';
import { resultOf } from './result.ts';
import { resetSession, sharedOf } from './request-sender.ts';
import type { CallOptions, ClientInstance } from './client-instance.ts';
import { TimeLeft } from './time-left.ts';
import { unsentEnd } from './unsent.ts';

/** The internal options of a call: a resource handle sets them, or the `resume` of an error. */
export interface InternalOptions extends Partial<RelayOptions> {
  /** The handle's own route, which goes before any route that matches. */
  readonly route?: Route;
  /** Sends a person's answer instead of the write. */
  readonly send?: (signal: AbortSignal | null) => Promise<Response>;
  /** Options in which the write differs from a person's answers to it. */
  readonly singleWrite?: SingleWriteOptions | undefined;
  /** The address of the handle that makes the call, whose result has no place for a refusal; so has that of an answer. */
  readonly handle?: URL | undefined;
}

/**
 * Makes a call through ky. ky alone handles reads, and calls without a route. A write on a route is one call to ky and to
 * its hooks, however many requests it takes: ky neither repeats the call nor measures its time, since recovery does both.
 */
export function call(
  client: ClientInstance,
  method: string | undefined,
  input: Input,
  options: CallOptions = {},
  internal: InternalOptions = {},
): ResponsePromise {
  const { base, recovery } = options;
  const own: Options = withoutOurs(options);
  const { session = {}, singleWrite } = internal;
  const asked = { ...internal, session };
  if (areOptionsKnown(client, own)) {
    const verb = method ?? own.method ?? client.defaults.method ?? lineOf(input, undefined).method;
    if (isSafe(verb.toUpperCase())) return readCall(client, verb, input, own, asked);
  }
  let kyOptions: Options = {};
  let shared: Shared | undefined;
  let readBody: ((promise: ResponsePromise) => ResponsePromise) | undefined;

  // This is the last init hook, so it sees the options as all other hooks have left them.
  const takeOver: InitHook = (all) => {
    if (internal.throws || internal.handle) all.throwHttpErrors = true;
    restoreJson(all, own, client.defaults);
    kyOptions = { ...all };
    const verb = (kyOptions.method ?? lineOf(input, undefined).method).toUpperCase();
    const url = isSafe(verb) ? undefined : urlOf(input, kyOptions);
    const found = url && (internal.route ?? client.find(url, verb));
    Object.assign(
      all,
      trackingParser(kyOptions),
      found ? recoveryOptions(found, url) : { fetch: relay(client, verb, input, kyOptions, asked) },
    );
    if (isSafe(verb)) readBody = (promise) => withTrackedJson(promise, kyOptions.stringifyJson);
  };

  const recoveryOptions = (found: Route, foreseen: URL): Options => {
    const { fetchArguments, stringifyJson, signalOf, prepareStop, stop } = kyRequest(input, kyOptions);
    const ownRoute = overrideRoute(found, { ...timeoutsOf(kyOptions, own, client), ...recovery });
    const inBatch = singleWrite && { ...singleWrite, own: ownRoute };
    const route = inBatch ? { ...overrideRoute(ownRoute, inBatch.overrides), batch: inBatch } : ownRoute;
    const time = new TimeLeft(client.shared.clock, route.totalTimeout);
    const unsent = unsentEnd(client, route);
    let answer: Response | undefined;
    let bodyTimeout: BodyTimeout | undefined;
    const placed = new Set<string>();
    const fetch: Options['fetch'] = async (given, init) => {
      if (recovery && !internal.route) checkOptions('write', recovery);
      const request = asRequest(given as Request);
      bodyTimeout = {
        start: () => new Deadline(client.shared.clock, bodyTimeoutOf(route), undefined),
        abort() {
          stop();
          const error = redacted(new TimeoutError(request));
          return runBeforeErrorHooks({ request, error, retryCount: 0 }, kyOptions);
        },
      };
      const ofRequest = sharedOf(client, input, kyOptions, { request, init, session });
      shared = ofRequest;
      const { url: href, method } = request;
      const headers = withoutPlaceholders(request.headers, placed);
      // A search parameter or a hook may have changed the URL. An unchanged URL needs no second look.
      const url = href === foreseen.href ? foreseen : new URL(href);
      // A hook may have turned the write into a read.
      if (isSafe(method))
        return time.within(request, () => relay(client, method, input, kyOptions, asked)(request, init));
      answer = await time.recovering(request, async (totalTimeout) => {
        unsent.handOver();
        if (internal.send) return internal.send(signalOf(request));
        const [from, asked] = fetchArguments(request);
        const args = { ...asked, ...init, headers, base: resolveBase(base, method, url, asked.body, route) };
        return write(ofRequest, { ...route, totalTimeout }, url, from, args);
      });
      if (answer.ok && !isRefused(answer)) {
        client.tabs?.tell(addressOf(url));
        // A handle notes the version itself, as it knows more about the state after the write.
        if (!internal.route) noteVersionAfter(client, unversioned(route, url), answer);
      }
      internal.onAnswer?.(answer, url);
      return responseForKy(answer, request, kyOptions);
    };
    const toOurError: BeforeErrorHook = ({ request, error }) => {
      const isTimeout = time.isTimeoutError(error);
      unsent.failed(request, error, isTimeout);
      if (isTimeout) return timeoutErrorOf(error, request, answer);
      return recoveryErrorOf(error, answer, (question) =>
        askedAt({ ...question, resume: resume(question, found, new URL(request.url)) }, internal.handle),
      );
    };
    readBody = (promise) => withBodyTimeout(promise, prepareStop, () => bodyTimeout);
    const first = preconditionHook(route, base, placed, (request) =>
      sharedOf(client, input, kyOptions, { request, init: undefined, session }),
    );
    return { fetch, stringifyJson, ...kyOptionsForWrite(kyOptions, time, first, unsent, toOurError) };
  };

  const resume =
    (question: Question<unknown, Response>, route: Route, to: URL): Question['resume'] =>
    async (value, { signal = null } = {}) => {
      let resumed: Response | undefined;
      resetSession(session, client.shared, shared);
      const again: InternalOptions = {
        route,
        session,
        throws: true,
        handle: internal.handle,
        send: (signal) => question.resume(value, signal ? { signal } : {}),
        onAnswer: (response) => (resumed = response),
      };
      // The body of the Request is used up, and a person's answer doesn't send it.
      const plain = isRequest(input)
        ? new Request(input.url, { ...settingsOf(input), method: input.method, headers: input.headers })
        : input;
      const response = await call(client, method, plain, { ...options, signal }, again);
      return internal.handle ? resultOf(route, to, resumed ?? response, client.shared.clock) : response;
    };

  const { hooks } = own;
  const http = hooks ? client.http.extend({ hooks }) : client.http;
  const last = { hooks: { init: [takeOver] }, ...(method !== undefined && { method }) };
  const promise = http(input, { ...own, ...last });
  return readBody ? readBody(promise) : promise;
}

/** Notes the version after a write. A version that no answer names is noted, too: then all known versions are past. */
function noteVersionAfter({ versions, shared }: ClientInstance, url: URL, answer: Response): void {
  const after = stateAfterLater(answer);
  shared.bases.notes.add(() => {
    const { outcome = 'applied', state } = after();
    const { version } = state ?? {};
    // A refusal has no version after it.
    if (outcome !== 'failed')
      versions.written(url, { outcome, version: version?.length ? formatVersion(version) : undefined });
  }, '');
}
