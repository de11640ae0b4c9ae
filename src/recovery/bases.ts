import { mediaKind } from '../core/media.ts';
import type { Version } from '../core/version.ts';
import { readVersion } from '../core/version-rule.ts';
import type { Route } from '../route.ts';
import type { Memory } from '../shell/memory.ts';
import { opened, valueOf, versionIn, type Content } from '../shell/representation.ts';
import type { Seen } from './known.ts';

/** The bases that one client knows: bodies under exactly the version they were read in, for exactly the one who read. */
export interface Bases {
  readonly memory: Memory;
  /** For whom a request is made. */
  readonly scope: (headers: Headers) => string;
}

/** What `Authorization`, `Cookie` and `X-Api-Key` say: whoever sends the same is the same. */
export function credentialsIn(headers: Headers): string {
  return ['authorization', 'cookie', 'x-api-key'].map((name) => headers.get(name) ?? '').join('\n');
}

/** Where the resource of a write is read: where the route says, or the write's own URL. */
export function readUrl(route: Route, url: URL): URL {
  return unversioned(route, route.readFrom ? new URL(route.readFrom(new URL(url)), url) : url);
}

/** A URL without the version that a write's query carries. */
function unversioned(route: Route, url: URL): URL {
  if (!url.hash && !route.version.write.some((carrier) => carrier.in === 'query')) return url;
  const plain = new URL(url);
  plain.hash = '';
  for (const carrier of route.version.write)
    if (carrier.in === 'query') plain.searchParams.delete(carrier.name);
  return plain;
}

function keyOf(scope: string, url: URL, version: Version): string {
  return [scope, url.href, ...version].join('\n');
}

/** The base of a write that carries a version. */
export function recallBase(
  { memory, scope }: Bases,
  route: Route,
  url: URL,
  headers: Headers,
  version: Version,
): Content | undefined {
  return memory.recall(keyOf(scope(headers), readUrl(route, url), version));
}

/** A request that was answered, and the body that tells the state it left: the answer's, or its own. */
export interface Exchange {
  readonly route: Route;
  readonly url: URL;
  /** The request's headers. */
  readonly headers: Headers;
  readonly response: Response;
  readonly content: Content;
}

/**
 * Remembers a body that was read, under the version that the route finds in it. One without a version is let go.
 * Gives what was seen.
 */
export function rememberRead({ memory, scope }: Bases, exchange: Exchange): Seen | undefined {
  const { route, url, headers, response, content } = exchange;
  const where = unversioned(route, url);
  const type = response.headers.get('content-type') ?? 'application/json';
  try {
    const kind = mediaKind(type) ?? 'bytes';
    const stateIn = kind === 'json' ? route.stateIn : undefined;
    const inBody = route.version.read.some((carrier) => carrier.in === 'document');
    const document = inBody || stateIn ? valueOf('json', content, route) : undefined;
    const version = versionIn(route.version, response, document);
    const state = stateIn ? opened(document, stateIn, route) : content;
    if (!('code' in version) && version.length > 0)
      memory.remember(keyOf(scope(headers), where, version), state);
    return { url: where.href, kind, type, content: state, version };
  } catch {
    // What is no JSON, or wraps no state, has no version in it. That is for the caller to find, who is reading this very body.
    return undefined;
  }
}

/** Remembers a body that the server took by PUT, if the answer names it. Gives the version that it gave it. */
export function rememberWritten({ memory, scope }: Bases, exchange: Exchange): Version | undefined {
  const { route, url, headers, response, content } = exchange;
  const version = versionTaken(route, response);
  if (version) memory.remember(keyOf(scope(headers), readUrl(route, url), version), content);
  return version;
}

/**
 * The version that the headers of the answer to a PUT give to the bytes that were sent (RFC 9110 §9.3.4). Only a strong
 * ETag does; a weak one may name the answer's own body, as Express' does.
 */
function versionTaken({ version }: Route, { headers, redirected }: Response): Version | undefined {
  const { read } = version;
  // What another address shows is a version of something else.
  if (redirected || read.length === 0 || read.some((carrier) => carrier.in === 'document')) return undefined;
  const isTagged = read.some((carrier) => carrier.in === 'headers' && carrier.shown.toLowerCase() === 'etag');
  if (isTagged && !headers.get('etag')?.startsWith('"')) return undefined;
  const taken = readVersion(version, headers, undefined);
  return 'problem' in taken ? undefined : taken;
}
