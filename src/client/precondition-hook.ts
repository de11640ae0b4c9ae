import { ruleFor } from '../core/version-rule.ts';
import { stopped } from '../errors.ts';
import { underBase } from '../recovery/under-base.ts';
import { rememberKnown } from '../recovery/bases.ts';
import { keepBase, stateOf } from '../recovery/known-state.ts';
import type { Shared } from '../recovery/call.ts';
import type { Route } from '../route.ts';
import { snapshotBody, readCapped } from '../shell/body.ts';
import { snapshotWrite, settingsOf } from '../shell/request.ts';
import { resolveBase } from './handle-values.ts';

/**
 * The placeholders for a version that isn't known yet, in the copies of a request: no state has such a version, and no
 * server takes it.
 */
const placeholders: Readonly<Record<string, string>> = {
  'if-match': '"unknown"',
  'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT',
};

/**
 * Returns the headers of a request without placeholders, for the call that finds out the version. For any other call,
 * such as one of a hook that sends a copy, a placeholder is a version like any other.
 *
 * @param placed The names of the headers that the call has put a placeholder into.
 */
export function withoutPlaceholders(headers: Headers, placed: ReadonlySet<string>): Headers {
  if (placed.size === 0) return headers;
  const newHeaders = new Headers(headers);
  for (const name of placed) if (newHeaders.get(name) === placeholders[name]) newHeaders.delete(name);
  return newHeaders;
}

/**
 * A hook that puts a version into a request.
 *
 * @param within Ends the read of a body that stalls.
 */
export type PreconditionHook = (request: Request, within: AbortSignal) => Promise<Request | undefined>;

/**
 * Makes a hook that puts the version of a known base into a request, before the user's own hooks see the request. These
 * hooks keep copies of it, and send a copy again to renew a token (ky#245, ky#587): without a precondition the copy
 * would overwrite.
 *
 * @param placed Gets the names of the headers that hold a placeholder.
 * @param sharedOf Returns the shared state that the request is sent with. The base is remembered for a copy of the request.
 */
export function preconditionHook(
  callRoute: Route,
  base: unknown,
  placed: Set<string>,
  sharedOf: (request: Request) => Shared,
): PreconditionHook | undefined {
  if (base === undefined) return undefined;
  return async (request, within) => {
    const { method, headers, signal } = request;
    const url = new URL(request.url);
    const route = { ...callRoute, version: ruleFor(callRoute.version, method) };
    const shared = sharedOf(request);
    const body = snapshotBody(request.body ? await readCapped(request.clone(), Infinity, within) : '');
    const resolved = resolveBase(base, method, url, body?.content, route);
    const known = stateOf(resolved);
    const from = keepBase(resolved, route, () => stopped(method, url, 'too-deep', 'It is the base'));
    const kept = snapshotWrite(
      shared.fetch,
      request.url,
      { method, headers },
      { method, url, body, base: from },
    );
    const withVersion = underBase(shared.fetch, kept, route, known);
    // A base that only a copy claims must not serve other merges.
    if (known && !known.isClaimed) rememberKnown(shared.bases, headers, known);
    const newHeaders = new Headers([...withVersion.headers]);
    if (!newHeaders.has('if-none-match'))
      for (const { name } of route.version.write.filter((carrier) => carrier.in === 'headers'))
        if (!newHeaders.has(name) && placeholders[name]) {
          newHeaders.set(name, placeholders[name]);
          placed.add(name);
        }
    const { content } = withVersion.body ?? {};
    if (withVersion.url.href === url.href && content === body?.content) {
      for (const [name, value] of newHeaders) headers.set(name, value);
      return undefined;
    }
    const settings = { ...settingsOf(request), method, headers: newHeaders, signal };
    return new Request(withVersion.url, content === '' ? settings : { ...settings, body: content as string });
  };
}
