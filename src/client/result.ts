import { freeze } from '../core/frozen.ts';
import { mediaKind } from '../core/media.ts';
import { likeness } from '../core/record.ts';
import { formatVersion } from '../core/version.ts';
import { knownAt } from '../recovery/address.ts';
import { makeKnown, type Seen } from '../recovery/known.ts';
import { recoveryOf, writtenBy, type Written } from '../filed.ts';
import { stopped } from '../errors.ts';
import { addressOf, type Recovery, type WriteResult } from '../report.ts';
import type { Route } from '../route.ts';
import { isTooDeep } from '../core/depth.ts';
import { decode, discard } from '../shell/body.ts';
import type { Clock } from '../shell/clock.ts';
import { Deadline } from '../shell/deadline.ts';
import { readBody, valueOf, type Body, type Reading } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';
import { give } from './given.ts';

/**
 * The result of a write, made of the answer to it.
 *
 * @param left What the write came to, where the write itself doesn't tell: a PATCH that met no conflict.
 * @param isElsewhere Whether what is written is found at another address: then it is a base, but of no address that is known.
 */
export async function resultOf(
  route: Route,
  url: URL,
  response: Response,
  clock: Clock,
  left?: Left,
  isElsewhere = false,
): Promise<WriteResult> {
  const report = recoveryOf(response) ?? byHook(route, url, response);
  if (report.ending === 'refused') throw stopped(report.method, url, report.code);
  const { ending, attempts, method, url: at } = report;
  const written = writtenBy(response) ?? left;
  // What needs no write has been read already.
  const isRead = ending === 'kept-remote' || ending === 'already-applied';
  const seen = written && (await stateLeft(route, url, isRead ? undefined : response, clock, written));
  discard(response);
  // Where a POST has put its resource is not for us to say, unless it writes what is there.
  const isNamed = method !== 'POST' || route.writeBy === 'POST';
  const isUnknown = isElsewhere || !isNamed || response.redirected || at !== addressOf(url);
  const known = seen && isUnknown ? { ...seen, url: undefined } : seen;
  return give({ ending, attempts, ...shown(known, route), response }, known);
}

/**
 * What is told of an answer that a hook gave: no write of ours was made for it, so it has no attempts.
 *
 * @throws {RecoveryError} of code `not-a-conflict` for one that is no success.
 */
function byHook({ writeBy: method }: Route, url: URL, { ok }: Response): Recovery {
  if (!ok) throw stopped(method, url, 'not-a-conflict', 'A hook answered');
  return { ending: 'as-asked', attempts: [], method, url: addressOf(url) };
}

/** A state as its value and its version. The value is known as the state that it shows. */
export function shown(
  seen: Seen | undefined,
  route: Route,
): { readonly value: unknown; readonly version: string | undefined } {
  if (!seen) return { value: undefined, version: undefined };
  const { kind, content, version } = seen;
  const value = makeKnown(freeze(valueOf(kind, content, route)), seen);
  const isNamed = version && !('code' in version) && version.length > 0;
  return { value, version: isNamed ? formatVersion(version) : undefined };
}

/**
 * The state that a write left: as the answer shows it, else as it was written. `undefined` where neither tells it.
 *
 * A strong ETag names what was sent (RFC 9110 §9.3.4). A server that shows another state has made that of it.
 */
async function stateLeft(
  route: Route,
  url: URL,
  response: Response | undefined,
  clock: Clock,
  { content, type, version, isPart }: Left,
): Promise<Seen | undefined> {
  const kind = mediaKind(type) ?? 'json';
  const left: Seen = { url: knownAt(route, url, content), kind, type, content, version };
  const written = isPart ? undefined : left;
  if (!response?.body || response.redirected || kind !== 'json') return written;
  // The write was made, whatever becomes of the rest of its answer.
  const timeout = route.timeout === false ? route.totalTimeout : route.timeout;
  const body = await bodyOf({ ...route, timeout }, response, clock).catch(() => undefined);
  if (!body || 'code' in body) return written;
  const like = await likenessOf(body, left, route);
  // What may be another state of it has no version for sure: the next write begins with a read.
  if (like !== 'state') return written && { ...written, version: like === 'part' ? undefined : version };
  return { ...left, content: body.content, version: 'code' in body.version ? version : body.version };
}

/** What a write left behind, by its own account. */
export interface Left extends Written {
  /** Whether it says only some members of the state. */
  readonly isPart?: boolean;
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
 * What a body is whose content type doesn't say it: JSON, if it parses as that and the route has a schema. Without one, only
 * an object or an array is taken for JSON, and only where there is no type at all.
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

/** What an answer is to a state that was written: it may show the resource, or the status of the action (RFC 9110 §9.3.4). */
async function likenessOf(
  { kind, content }: Body,
  { content: sent }: Seen,
  route: Route,
): Promise<ReturnType<typeof likeness>> {
  if (kind !== 'json') return 'other';
  const body = valueOf(kind, content, route);
  const like = likeness(body, valueOf(kind, sent, route));
  return like === 'state' && (await brokenAt(route.schema, body)) !== undefined ? 'part' : like;
}
