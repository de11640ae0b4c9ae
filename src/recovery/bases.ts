import { mediaKind, targetType } from '../core/media.ts';
import { likeness } from '../core/record.ts';
import type { Version } from '../core/version.ts';
import { isInBody, readVersion } from '../core/version-rule.ts';
import type { Route } from '../route.ts';
import type { KeptBody } from '../shell/body.ts';
import type { Memory } from '../shell/memory.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import { isRequest } from '../shell/request.ts';
import { opened, valueOf, valueOr, versionIn, type Content } from '../shell/representation.ts';
import type { Write } from '../shell/transport.ts';
import { watchBody } from '../shell/watch.ts';
import type { Seen } from './known.ts';

/** The bases that one client knows: bodies under exactly the version they were read in, for exactly the one who read. */
export interface Bases {
  readonly memory: Memory;
  /** For whom a request is made. */
  readonly scope: (headers: HeaderFields) => string;
}

/** What `Authorization`, `Cookie` and `X-Api-Key` say: whoever sends the same is the same. */
export function credentialsIn(headers: HeaderFields): string {
  const of = (name: string): string => headers.get(name) ?? '';
  return `${of('authorization')}\n${of('cookie')}\n${of('x-api-key')}`;
}

/**
 * Where the resource of a write is read: where the route says, or the write's own URL. A `Request` says how, too.
 *
 * @param content What is written. It is looked at only if the route asks for it.
 */
export function readAt(route: Route, url: URL, content?: KeptBody['content']): URL | Request {
  if (!route.readFrom) return unversioned(route, url);
  const from = route.readFrom(new URL(url), {
    get value() {
      return content instanceof Blob ? undefined : valueOr(undefined, 'json', content ?? '', route);
    },
  });
  return isRequest(from) ? from : unversioned(route, new URL(from, url));
}

/** The address that a resource is known by: where it is read, if that says all. */
export function knownAt(route: Route, url: URL, content?: KeptBody['content']): string | undefined {
  const at = readAt(route, url, content);
  return isRequest(at) ? undefined : at.href;
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

/** In each language a resource has a state of its own, even under one version. */
function keyOf(scope: string, headers: HeaderFields, at: string, version: Version): string {
  const parts = [scope, at, ...version];
  const language = headers.get('accept-language');
  if (language) parts.push(language);
  // Joined, and not added up, it is one piece of memory.
  return parts.join('\n');
}

/** The base of a write that carries a version. */
export function recallBase(
  { memory, scope }: Bases,
  route: Route,
  { method, url, headers }: Pick<Write, 'method' | 'url' | 'headers'>,
  content: Content,
  version: Version,
): Content | undefined {
  const at = knownAt(route, url, content);
  if (at === undefined) return undefined;
  const type = targetType(method, headers.get('content-type'));
  return memory.recall(keyOf(scope(headers), headers, at, version), type);
}

/** A request that was answered, and the body that tells the state it left: the answer's, or its own. */
export interface Exchange {
  readonly route: Route;
  readonly url: URL;
  /** The request's headers. */
  readonly headers: HeaderFields;
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
    const document = isInBody(route.version.read) || stateIn ? valueOf('json', content, route) : undefined;
    const version = versionIn(route.version, response, document);
    const state = stateIn ? opened(document, stateIn, route) : content;
    if (!('code' in version) && version.length > 0)
      memory.remember(keyOf(scope(headers), headers, where.href, version), state, type);
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
  // A write without a body says no state.
  const at = version && content !== '' ? knownAt(route, url, content) : undefined;
  if (version && at !== undefined) {
    const key = keyOf(scope(headers), headers, at, version);
    const type = headers.get('content-type') ?? '';
    memory.remember(key, content, type);
    // A server that shows another state has made that of what was sent.
    if (response.body && memory.maxBytes > 0 && mediaKind(response.headers.get('content-type')) === 'json')
      watchBody(response, {
        onBody(shown) {
          const [body, sent] = [shown, content].map((text) => valueOr(undefined, 'json', text, route));
          if (likeness(body, sent) === 'state') memory.remember(key, shown, type);
        },
        onJson: (value) => value,
      });
  }
  return version;
}

/**
 * The version that the headers of the answer to a PUT give to the bytes that were sent (RFC 9110 §9.3.4). Only a strong
 * ETag does; a weak one may name the answer's own body, as Express' does.
 */
function versionTaken({ version }: Route, { headers, redirected }: Response): Version | undefined {
  const { read } = version;
  // What another address shows is a version of something else.
  if (redirected || read.length === 0 || isInBody(read)) return undefined;
  const strong = (name: string): string | null => {
    const text = headers.get(name);
    return name.toLowerCase() === 'etag' && !text?.startsWith('"') ? null : text;
  };
  const taken = readVersion(version, { get: strong }, undefined);
  return 'problem' in taken ? undefined : taken;
}
