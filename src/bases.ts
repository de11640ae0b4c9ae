import { readVersion, type Version } from './core/version.ts';
import type { Route } from './route.ts';
import type { Memory } from './shell/memory.ts';
import { valueOf, type Content } from './shell/representation.ts';

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

/** Remembers a body that was read, under the version that the route finds in it. One without a version is let go. */
export function rememberRead({ memory, scope }: Bases, exchange: Exchange): void {
  const { route, url, headers, response, content } = exchange;
  try {
    const inBody = route.version.read.some((carrier) => carrier.in === 'document');
    const document = inBody ? valueOf('json', content, route) : undefined;
    const reading = readVersion(route.version, response.headers, document);
    if (!('problem' in reading) && reading.length > 0) {
      memory.remember(keyOf(scope(headers), unversioned(route, url), reading), content);
    }
  } catch {
    // What is no JSON has no version in it. That is for the caller to find, who is reading this very body.
  }
}

/**
 * Remembers a body that the server took. Only a strong ETag on the answer to a PUT names the bytes that were sent
 * (RFC 9110 §9.3.4); a weak one may name the answer's own body, as Express' does.
 */
export function rememberWritten({ memory, scope }: Bases, exchange: Exchange): void {
  const { route, url, headers, response, content } = exchange;
  const { read } = route.version;
  const tag = response.headers.get('etag');
  if (tag?.startsWith('"') && read.length === 1 && read[0]?.in === 'headers' && read[0].shown === 'etag') {
    memory.remember(keyOf(scope(headers), readUrl(route, url), [tag]), content);
  }
}
