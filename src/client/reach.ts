import { carriedVersion } from '../core/precondition.ts';
import { ruleFor } from '../core/version-rule.ts';
import { stopped } from '../errors.ts';
import type { Overrides } from '../options.ts';
import { readAt } from '../recovery/bases.ts';
import { makeKnown, recognise, type Seen } from '../recovery/known.ts';
import { addressOf, hide, type WriteResult } from '../report.ts';
import type { Route } from '../route.ts';
import { valueOf, type Content } from '../shell/representation.ts';
import { isRequest } from '../shell/request.ts';
import { brokenAt } from '../shell/schema.ts';
import type { Work } from '../shell/tabs.ts';
import { unreadCodeOf } from './answer.ts';
import { call, type CallOptions, type Site } from './call.ts';
import { bodyOf, resultOf, shown } from './result.ts';

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

/** What a read may say. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly headers?: HeadersInit;
  readonly cache?: RequestCache;
  /** What is read for a write isn't looked for elsewhere: credentials must not travel there. Default: as ky does. */
  readonly redirect?: 'manual';
}

/** What a write may say. */
export interface SendOptions extends Overrides {
  readonly base?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: HeadersInit;
  readonly redirect?: 'manual';
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
  if (options.redirect && response.redirected) throw stopped('GET', at, 'redirected');
  const body = await bodyOf(route, response, site.world.clock, options.signal).catch((cause: unknown) => {
    throw options.signal?.aborted ? cause : stopped('GET', at, 'read-failed', undefined, cause);
  });
  if ('code' in body) throw stopped('GET', at, body.code);
  const seen = {
    url: href,
    type: response.headers.get('content-type') ?? 'application/octet-stream',
    ...body,
  };
  const broken =
    body.kind === 'json' && (await brokenAt(route.schema, valueOf(body.kind, body.content, route)));
  if (broken) throw stopped('GET', at, 'remote-invalid', broken);
  const result = { ending: 'kept-remote', attempts: [], ...shown(seen, route), response } as const;
  return { seen, result: hide(result, 'response') };
}

/** All that `sendWrite` needs besides its target. */
export type WriteArguments =
  Parameters<typeof sendWrite> extends [target: Target, ...said: infer Said] ? Said : never;

/**
 * Sends a write.
 *
 * @param more Headers that stand behind those of the caller.
 * @param sent What the write comes to, where its body doesn't say it.
 */
export async function sendWrite(
  { site, route, url, isElsewhere = false }: Target,
  method: string,
  body: Content | undefined,
  more: Readonly<Record<string, string>>,
  { base, signal, headers: own, redirect, ...recovery }: SendOptions,
  sent?: Content,
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
  const given = { ...(signal && { signal }), ...(redirect && { redirect }) };
  const options = { body, base: known, recovery, headers, ...given } as CallOptions;
  const onAnswer = (raw: Response, to: URL): void => {
    answer = raw;
    at = to;
  };
  const response = await call(site, method, url, options, { route, onAnswer });
  const written =
    sent === undefined ? undefined : { content: sent, type: 'application/json', version: undefined };
  return resultOf(route, at, answer ?? response, site.world.clock, written, isElsewhere);
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

/**
 * Demands that a write name what it was made of: what nobody has seen, nobody can have changed.
 *
 * @throws {RecoveryError} of code `no-version`.
 */
export function demandVersion(
  { route, url }: Target,
  method: string,
  document: unknown,
  { base, headers }: SendOptions,
): void {
  const parts = { headers: new Headers(headers), query: url.searchParams, document: () => document };
  const rule = ruleFor(route.version, method);
  if (base === undefined && carriedVersion(rule, parts) === undefined)
    throw stopped(method, url, 'no-version');
}

/** How the updates of a resource reach it. */
export function reachOf(target: Target, headers: HeadersInit): Reach {
  const { site, url, updates, route } = target;
  const { tabs } = site;
  const redirect = 'manual';
  return {
    url,
    inTurn: (signal, work) =>
      tabs ? tabs.inTurn(addressOf(url), signal, work, route.totalTimeout) : work(false),
    async read(signal) {
      try {
        // What a cache holds would only be refused. With 'no-cache' a browser also makes a read wait for another tab's.
        return await readState(target, { signal, headers, cache: 'no-store', redirect });
      } catch (error) {
        const code = unreadCodeOf(error);
        throw code ? stopped('GET', url, code, undefined, error) : error;
      }
    },
    async write(content, of, recovery, signal) {
      const bounds = { ...updates, ...recovery };
      const options = { ...bounds, base: makeKnown({}, of), signal, headers, redirect } as const;
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
