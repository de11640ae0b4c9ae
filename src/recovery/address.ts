import type { Route } from '../route.ts';
import type { BodySnapshot } from '../shell/body.ts';
import { valueOr } from '../shell/representation.ts';
import { isRequest } from '../shell/request.ts';

/**
 * Whether an address, which a route's function has named or an answer came from, is on another origin than the resource.
 * The one rule for all of them: credentials, keys and bodies don't travel there, and what it shows is no state.
 */
export function leavesOrigin(resource: URL, at: URL | string): boolean {
  return new URL(at, resource).origin !== resource.origin;
}

/**
 * The place at which the resource of a write is read: the route's `readFrom`, or the write's own URL. A `Request` also says
 * how.
 *
 * @param content What is written. It is looked at only if the route asks for it.
 */
export function readAt(route: Route, url: URL, content?: BodySnapshot['content']): URL | Request {
  if (!route.readFrom) return unversioned(route, url);
  const from = route.readFrom(new URL(url), {
    get value() {
      return content instanceof Blob ? undefined : valueOr(undefined, 'json', content ?? '', route);
    },
  });
  return isRequest(from) ? from : unversioned(route, new URL(from, url));
}

/** The address that a resource is known by: where it is read, if that says all. */
export function knownAt(route: Route, url: URL, content?: BodySnapshot['content']): string | undefined {
  const at = readAt(route, url, content);
  return isRequest(at) ? undefined : at.href;
}

/** A URL without the version that a write's query carries. */
export function unversioned(route: Route, url: URL): URL {
  if (!url.hash && !route.version.write.some((carrier) => carrier.in === 'query')) return url;
  const plain = new URL(url);
  plain.hash = '';
  for (const carrier of route.version.write)
    if (carrier.in === 'query') plain.searchParams.delete(carrier.name);
  return plain;
}
