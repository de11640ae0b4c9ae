import { freeze } from '../core/frozen.ts';
import { mediaKind } from '../core/media.ts';
import { isRecord } from '../core/record.ts';
import { formatVersion } from '../core/version.ts';
import { knownAt } from '../recovery/address.ts';
import { makeKnown, type Seen } from '../recovery/known.ts';
import { recoveryOf, writtenBy, type Written } from '../filed.ts';
import { addressOf, hide, type WriteResult } from '../report.ts';
import type { Route } from '../route.ts';
import { discard } from '../shell/body.ts';
import type { Clock } from '../shell/clock.ts';
import { Deadline } from '../shell/deadline.ts';
import { readBody, valueOf, type Body } from '../shell/representation.ts';
import { brokenAt } from '../shell/schema.ts';

/**
 * The result of a write, made of the answer to it.
 *
 * @param sent What the write came to, where the write itself doesn't tell: a PATCH that met no conflict.
 * @param isElsewhere Whether what is written is found at another address: then it is a base, but of no address that is known.
 */
export async function resultOf(
  route: Route,
  url: URL,
  response: Response,
  clock: Clock,
  sent?: Written,
  isElsewhere = false,
): Promise<WriteResult> {
  const report = recoveryOf(response);
  if (!report || report.ending === 'refused') throw new TypeError('Not the answer to a write that was made.');
  const { ending, attempts, method, url: at } = report;
  const written = writtenBy(response) ?? sent;
  const seen = written && (await stateLeft(route, url, response, clock, written));
  discard(response);
  // Where a POST has put its resource is not for us to say, unless it writes what is there.
  const isNamed = method !== 'POST' || route.writeBy === 'POST';
  const isUnknown = isElsewhere || !isNamed || response.redirected || at !== addressOf(url);
  const known = seen && isUnknown ? { ...seen, url: undefined } : seen;
  const result = hide({ ending, attempts, ...shown(known, route), response }, 'response');
  return known ? makeKnown(result, known) : result;
}

/** A state as its value and its version. The value is known as the state that it shows. */
export function shown(
  seen: Seen | undefined,
  route: Route,
): { readonly value: unknown; readonly version: string | undefined } {
  if (!seen) return { value: undefined, version: undefined };
  const { kind, content, version } = seen;
  const value = makeKnown(freeze(valueOf(kind, content, route)), seen);
  return { value, version: 'code' in version || version.length === 0 ? undefined : formatVersion(version) };
}

/** The state that a write left: as written, if the answer's headers name it, else as the answer shows it. */
async function stateLeft(
  route: Route,
  url: URL,
  response: Response,
  clock: Clock,
  { content, type, version }: Written,
): Promise<Seen> {
  const kind = mediaKind(type) ?? 'json';
  const left: Seen = {
    url: knownAt(route, url, content),
    kind,
    type,
    content,
    version: version ?? { code: 'version-missing' },
  };
  if (version || response.redirected) return left;
  // The write was made, whatever becomes of the rest of its answer.
  const timeout = route.timeout === false ? route.totalTimeout : route.timeout;
  const body = await bodyOf({ ...route, timeout }, response, clock).catch(() => undefined);
  return body && !('code' in body) && (await isState(route, body, left)) ? { ...left, ...body } : left;
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
    .race(readBody(response, { ...route, kind: undefined }, limit.signal))
    .finally(() => limit.stop());
}

/** Whether an answer shows the resource (RFC 9110 §9.3.4 leaves it open), and not the status of the action. */
async function isState(route: Route, { kind, content }: Body, left: Seen): Promise<boolean> {
  if (kind !== 'json' || left.kind !== 'json') return false;
  const [body, sent] = [valueOf(kind, content, route), valueOf(kind, left.content, route)];
  if (!isRecord(body) || !isRecord(sent)) return false;
  const holdsAll = Object.keys(sent).every((name) => Object.hasOwn(body, name));
  return holdsAll && (await brokenAt(route.schema, body)) === undefined;
}
