import { freeze } from '../core/frozen.ts';
import { likeness } from '../core/record.ts';
import { formatVersion } from '../core/version.ts';
import { knownAt } from '../recovery/address.ts';
import { track, type KnownState } from '../recovery/known-state.ts';
import { recoveryOf, stateAfter, type StateAfter } from '../outcomes.ts';
import { stopped } from '../errors.ts';
import { addressOf, type Recovery, type WriteResult } from '../report.ts';
import type { Route } from '../route.ts';
import { isTooDeep } from '../core/depth.ts';
import { decode, discard } from '../shell/body.ts';
import type { Clock } from '../shell/clock.ts';
import { Deadline } from '../shell/deadline.ts';
import { kindFor, readBody, valueOf, type Body, type Reading } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';
import { handleResult } from './handle-values.ts';

/**
 * Makes the result of a write from the answer to it.
 *
 * @param after The state that the write comes to, if the write itself doesn't tell: a PATCH that met no conflict.
 * @param isElsewhere Whether the written resource is found at another address. Then its state is a base without an address.
 */
export async function resultOf(
  route: Route,
  url: URL,
  response: Response,
  clock: Clock,
  after?: StateAfter,
  isElsewhere = false,
): Promise<WriteResult> {
  const report = recoveryOf(response) ?? reportOfHookAnswer(route, url, response);
  if (report.outcome === 'failed') throw stopped(report.method, url, report.code);
  const { outcome, attempts, method, url: at } = report;
  const written = outcome === 'accepted' ? undefined : (stateAfter(response) ?? after);
  // With these endings the server's state was read already.
  const isRead = outcome === 'unchanged' || outcome === 'already-applied';
  const known = written && (await stateAfterWrite(route, url, isRead ? undefined : response, clock, written));
  discard(response);
  // The address that a POST creates at isn't known, unless `replace` says that a POST writes the resource itself.
  const isNamed = method !== 'POST' || route.replace === 'POST';
  const isUnknown = isElsewhere || !isNamed || response.redirected || at !== addressOf(url);
  const state = known && isUnknown ? { ...known, url: undefined } : known;
  return handleResult({ outcome, attempts, ...valueAndVersion(state, route), response }, state);
}

/**
 * Makes the report of an answer that a hook gave. No write of ours was made for it, so the report has no attempts.
 *
 * @throws {RecoveryError} of code `not-a-conflict` for an answer that is no success.
 */
function reportOfHookAnswer({ replace: method }: Route, url: URL, { ok, status }: Response): Recovery {
  if (!ok) throw stopped(method, url, 'not-a-conflict', 'A hook answered');
  const outcome = status === 202 ? 'accepted' : 'applied';
  return { outcome, attempts: [], method, url: addressOf(url) };
}

/** Returns a state as its value and its version. The value is tracked as the state that it shows. */
export function valueAndVersion(
  known: KnownState | undefined,
  route: Route,
): { readonly value: unknown; readonly version: string | undefined } {
  if (!known) return { value: undefined, version: undefined };
  const { kind, content, version } = known;
  const value = track(freeze(valueOf(kind, content, route)), known);
  const isNamed = version && !('code' in version) && version.length > 0;
  return { value, version: isNamed ? formatVersion(version) : undefined };
}

/**
 * Returns the state after a write: as the answer shows it, else as it was written. `undefined` if neither tells it.
 *
 * A strong ETag names what was sent (RFC 9110 §9.3.4). If the server shows another state, it has made that from what
 * was sent.
 */
async function stateAfterWrite(
  route: Route,
  url: URL,
  response: Response | undefined,
  clock: Clock,
  { content, type, version, isPart }: StateAfter,
): Promise<KnownState | undefined> {
  const kind = kindFor(route, type) ?? 'json';
  const after: KnownState = { url: knownAt(route, url, content), kind, type, content, version };
  const written = isPart ? undefined : after;
  if (!response?.body || response.redirected || kind !== 'json') return written;
  // The write was made, even if the rest of its answer fails.
  const timeout = route.timeout === false ? route.totalTimeout : route.timeout;
  const body = await bodyOf({ ...route, timeout }, response, clock).catch(() => undefined);
  if (!body || 'code' in body) return written;
  const like = await likenessOf(body, after, route);
  // A body that may be another state has no certain version: the next write begins with a read.
  if (like !== 'state') return written && { ...written, version: like === 'part' ? undefined : version };
  return { ...after, content: body.content, version: 'code' in body.version ? version : body.version };
}

/** Reads the body of an answer, of whatever kind, within the time that one request has. */
export async function bodyOf(
  route: Route,
  response: Response,
  clock: Clock,
  signal?: AbortSignal,
): ReturnType<typeof readBody> {
  const limit = new Deadline(clock, route.timeout, signal);
  return limit
    .race(readBody(response, { ...route, kind: undefined, untyped: untypedKind(route) }, limit.signal))
    .finally(() => limit.stop());
}

/**
 * Makes the function that says what a body is if its content type doesn't: JSON, if the body parses as JSON and the
 * route has a schema. Without a schema, only an object or an array counts as JSON, and only without any content type.
 */
function untypedKind({ schema, parseJson }: Route): NonNullable<Reading['untyped']> {
  return (bytes, type) => {
    if (type && !schema) return 'bytes';
    try {
      const text = decode(bytes);
      const mayBe = schema !== undefined || /^\s*[[{]/.test(text);
      return mayBe && !isTooDeep(text) && parseJson(text) !== undefined ? 'json' : 'bytes';
    } catch {
      return 'bytes';
    }
  };
}

/**
 * Compares the body of an answer with the state that was written: the body may show the resource, or the status of the
 * action (RFC 9110 §9.3.4).
 */
async function likenessOf(
  { kind, content }: Body,
  { content: sent }: KnownState,
  route: Route,
): Promise<ReturnType<typeof likeness>> {
  if (kind !== 'json') return 'other';
  const body = valueOf(kind, content, route);
  const like = likeness(body, valueOf(kind, sent, route));
  return like === 'state' && (await brokenAt(route.schema, body)) !== undefined ? 'part' : like;
}
