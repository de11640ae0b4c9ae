import { isRefused, recoveryOf, type StateAfter } from '../outcomes.ts';
import { putVersion } from '../core/precondition.ts';
import { isInBody } from '../core/version-rule.ts';
import { leavesOrigin } from '../recovery/address.ts';
import { newVersion } from '../recovery/creating.ts';
import { track } from '../recovery/known-state.ts';
import type { WriteResult } from '../report.ts';
import { settingsOf } from '../shell/request.ts';
import { contentOf, jsonFor, valueOf, type Content } from '../shell/representation.ts';
import { call } from './call.ts';
import { stateOfBase } from './handle-values.ts';
import { redirect, withAccept, type SendOptions, type ResourceTarget } from './read-state.ts';
import { resultOf } from './result.ts';
import type { CallOptions } from './client-instance.ts';

/**
 * Sends a write.
 *
 * @param more Headers that give way to those of the caller.
 * @param after The state that the write comes to, if its body doesn't say it.
 */
export async function sendWrite(
  { client, route, url, home, singleWrite }: ResourceTarget,
  method: string,
  body: Content | undefined,
  more: Readonly<Record<string, string>>,
  { base, signal, headers: own, session, recovery = {}, ...rest }: SendOptions,
  after?: StateAfter,
): Promise<WriteResult> {
  const headers = withAccept(client, own);
  for (const [name, value] of Object.entries(more)) if (!headers.has(name)) headers.set(name, value);
  const wire = jsonFor(route, headers.get('content-type'));
  const isOther = body !== undefined && wire !== route;
  const content = isOther ? contentOf('json', valueOf('json', body, route), wire) : body;
  let answer: Response | undefined;
  let at = url;
  // ky's answer keeps these options for as long as it lives. With the last result in them, it would keep that result's
  // answer, which keeps the answer before it, and so on.
  const known = stateOfBase(base);
  const from = known ? track({}, known) : base;
  // A signal that is `undefined` would remove the client's own signal.
  const given = { redirect, ...settingsOf(rest), ...(signal && { signal }) };
  const options = { body: content, base: from, recovery, headers, ...given } as CallOptions;
  const onAnswer = (response: Response, to: URL): void => {
    answer = response;
    at = to;
  };
  const response = await call(client, method, url, options, {
    route: isOther ? { ...route, state: body } : route,
    onAnswer,
    handle: home ?? url,
    singleWrite,
    ...(session && { session }),
  });
  return resultOf(route, at, answerOfWrite(response, answer), client.shared.clock, after, home !== undefined);
}

/**
 * Returns the answer that reports the write: the one that ky gave; or the server's own, if a hook has put
 * another answer in the place of a success.
 */
function answerOfWrite(given: Response, own: Response | undefined): Response {
  return !own || recoveryOf(given) || isRefused(own) ? given : own;
}

/**
 * Returns the resource target for a create. If that is another address, a resource that exists already is still
 * found at its own address.
 *
 * @throws {TypeError} for an address on another origin: credentials must not travel there.
 */
export function createTarget(target: ResourceTarget): ResourceTarget {
  const { route, url } = target;
  const { create } = route;
  if (!create.at) return target;
  const at = new URL(create.at(new URL(url)), url);
  if (leavesOrigin(url, at)) throw new TypeError(`create.at leads to another origin: ${at.origin}.`);
  const { find = () => url } = create;
  return { ...target, route: { ...route, create: { ...create, find } }, url: at, home: url };
}

/** A create as it is sent: it says in the place of a version, or else by a header, that nothing is there yet. */
export function creationOf(
  target: ResourceTarget,
  content: Content,
  type: string,
): {
  readonly target: ResourceTarget;
  readonly content: Content;
  readonly headers: Readonly<Record<string, string>>;
} {
  const { route } = target;
  const version = newVersion(route);
  const only = version || route.create.method !== 'PUT' ? {} : { 'if-none-match': '*' };
  const headers = new Headers({ 'content-type': type, ...only });
  const url = new URL(target.url);
  const inBody = version && isInBody(route.version.write);
  const parts = { headers, query: url.searchParams, document: inBody && valueOf('json', content, route) };
  const document = version && putVersion(route.version, version, parts);
  const said = (inBody ? contentOf('json', document, route) : undefined) ?? content;
  return { target: { ...target, url }, content: said, headers: Object.fromEntries(headers) };
}
