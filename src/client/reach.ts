import { isUntyped } from '../core/media.ts';
import { stopped } from '../errors.ts';
import type { Overrides } from '../options.ts';
import { readAt } from '../recovery/bases.ts';
import { makeKnown, recognise, type Seen } from '../recovery/known.ts';
import { addressOf, type WriteResult } from '../report.ts';
import type { Route } from '../route.ts';
import { valueOf, type Content } from '../shell/representation.ts';
import { isRequest, settingsOf, type Settings } from '../shell/request.ts';
import { brokenAt } from '../shell/schema.ts';
import type { Work } from '../shell/tabs.ts';
import { unreadCodeOf } from './answer.ts';
import { call, type CallOptions, type Site } from './call.ts';
import { give } from './given.ts';
import { overridesIn } from './owners.ts';
import { bodyOf, resultOf, shown, type Left } from './result.ts';

/** One resource, and the client that reaches it. */
export interface Target {
  readonly site: Site;
  readonly route: Route;
  readonly url: URL;
  /** What its updates do otherwise. */
  readonly updates: Overrides;
  /** Whether what is written to it is found at another address. */
  readonly isElsewhere?: boolean;
}

/** A state of the resource, and the result of whoever has nothing to write to it. */
export interface State {
  readonly seen: Seen;
  readonly result: WriteResult;
}

/** How a queue reaches its resource. */
export interface Reach {
  readonly url: URL;
  /** Does some work when it is this tab's turn, and says whether others had theirs just before. */
  readonly inTurn: <Value>(signal: AbortSignal, work: Work<Value>) => Promise<Value>;
  readonly read: (signal: AbortSignal) => Promise<State>;
  /** Writes a state that was made of another one, under the other one's version. */
  readonly write: (content: Content, of: Seen, recovery: Overrides, signal: AbortSignal) => Promise<State>;
}

/** What a read may say. What is read for a write isn't looked for elsewhere: credentials must not travel there. */
export interface ReadOptions extends Settings {
  readonly signal?: AbortSignal;
  readonly headers?: HeadersInit;
}

/** What a write may say. */
export interface SendOptions extends Overrides, Settings {
  readonly base?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: HeadersInit;
}

/**
 * Reads the state of a resource.
 *
 * @throws {RecoveryError} for a body that can't be read, or breaks the schema. Else ky's own errors.
 */
export async function readState({ site, route, url }: Target, options: ReadOptions = {}): Promise<State> {
  const from = readAt(route, url);
  const asked = isRequest(from) ? from : undefined;
  const at = new URL(isRequest(from) ? from.url : from);
  const headers = withAccept(site, options.headers);
  for (const [name, value] of asked?.headers ?? []) headers.set(name, value);
  // What a Request asks for, its address doesn't say.
  let href = asked ? undefined : at.href;
  // A search parameter of the client's, or a hook, may have changed it.
  const onAnswer = (_: Response, to: URL): unknown => (href &&= to.href);
  const response = await call(site, asked?.method ?? 'GET', from, { ...options, headers }, { onAnswer });
  // By a fetch that was told not to follow.
  if (options.redirect === 'manual' && response.redirected) throw stopped('GET', at, 'redirected');
  const body = await bodyOf(route, response, site.world.clock, options.signal).catch((cause: unknown) => {
    throw options.signal?.aborted ? cause : stopped('GET', at, 'read-failed', undefined, cause);
  });
  if ('code' in body) throw stopped('GET', at, body.code);
  const type = response.headers.get('content-type');
  // What was found to be JSON is written as that.
  const untyped = body.kind === 'json' ? 'application/json' : 'application/octet-stream';
  const seen = { url: href, type: type === null || isUntyped(type) ? untyped : type, ...body };
  // What should be JSON, and says nothing of itself, may turn out to be none.
  const isChecked = body.kind === 'json' || body.kind === 'bytes';
  const broken = isChecked && (await brokenAt(route.schema, valueOf(body.kind, body.content, route)));
  if (broken) throw stopped('GET', at, 'remote-invalid', broken);
  const result = { ending: 'kept-remote', attempts: [], ...shown(seen, route), response } as const;
  return { seen, result: give(result, seen) };
}

/**
 * Sends a write.
 *
 * @param more Headers that stand behind those of the caller.
 * @param left What the write comes to, where its body doesn't say it.
 */
export async function sendWrite(
  { site, route, url, isElsewhere = false }: Target,
  method: string,
  body: Content | undefined,
  more: Readonly<Record<string, string>>,
  { base, signal, headers: own, ...said }: SendOptions,
  left?: Left,
): Promise<WriteResult> {
  const headers = withAccept(site, own);
  for (const [name, value] of Object.entries(more)) if (!headers.has(name)) headers.set(name, value);
  let answer: Response | undefined;
  let at = url;
  // ky's answer holds on to these options for as long as it lives. With the last result in them, it would hold that
  // one's answer, which holds the one before it, and so on.
  const seen = recognise(base);
  const known = seen ? makeKnown({}, seen) : base;
  // A signal that is `undefined` would take away the client's own.
  const given = { ...settingsOf(said), ...(signal && { signal }) };
  const options = { body, base: known, recovery: overridesIn(said), headers, ...given } as CallOptions;
  const onAnswer = (raw: Response, to: URL): void => {
    answer = raw;
    at = to;
  };
  const response = await call(site, method, url, options, { route, onAnswer });
  return resultOf(route, at, answer ?? response, site.world.clock, left, isElsewhere);
}

/**
 * Where a resource is created. Where that is elsewhere, it is still found at its own address if it exists already.
 *
 * @throws {TypeError} for an address on another origin: credentials must not travel there.
 */
export function creating(target: Target): Target {
  const { route, url } = target;
  if (!route.createAt) return target;
  const at = new URL(route.createAt(new URL(url)), url);
  if (at.origin !== url.origin) throw new TypeError(`createAt leads to another origin: ${at.origin}.`);
  const locate = route.locate ?? (() => url);
  return { ...target, route: { ...route, locate }, url: at, isElsewhere: true };
}

/** How the updates of a resource reach it. */
export function reachOf(target: Target, headers: HeadersInit, settings: Settings): Reach {
  const { site, url, updates } = target;
  const { tabs } = site;
  const how = { ...settings, headers, redirect: 'manual' } as const;
  return {
    url,
    inTurn: (signal, work) => (tabs ? tabs.inTurn(addressOf(url), signal, work) : work(false)),
    async read(signal) {
      try {
        // What a cache holds would only be refused.
        return await readState(target, { cache: 'no-cache', ...how, signal });
      } catch (error) {
        const code = unreadCodeOf(error);
        throw code ? stopped('GET', url, code, undefined, error) : error;
      }
    },
    async write(content, of, recovery, signal) {
      const bounds = { ...updates, ...recovery };
      const options = { ...bounds, ...how, base: makeKnown({}, of), signal };
      const type = { 'content-type': of.type };
      const result = await sendWrite(target, target.route.writeBy, content, type, options);
      return { seen: recognise(result) ?? of, result };
    },
  };
}

function withAccept({ defaults }: Site, own: HeadersInit | undefined): Headers {
  const headers = new Headers(own);
  const isSaid = headers.has('accept') || new Headers(defaults.headers as HeadersInit).has('accept');
  if (!isSaid) headers.set('accept', 'application/json, */*;q=0.5');
  return headers;
}
