import type { Input, Options } from 'ky';
import { stopped } from '../errors.ts';
import { isSafe, isVisible } from '../wrap.ts';
import { credentialsIn } from '../recovery/caller.ts';
import type { Shared } from '../recovery/call.ts';
import { letGo } from '../shell/body.ts';
import { race } from '../shell/deadline.ts';
import { asHeaderFailure } from '../shell/fresh-headers.ts';
import type { HeaderFields, HeadersInput } from '../shell/kept-headers.ts';
import { isRequest, lineOf, settingsOf } from '../shell/request.ts';
import type { Fetch } from '../shell/transport.ts';
import { isUnauthorized, passToHooks } from './unauthorized.ts';
import type { ClientInstance } from './client-instance.ts';

/** The state that calls which belong together share: the read and the write of an update, or a write and a person's answer. */
export interface Session {
  /** The request that was made last, by hooks that may know a newer token. */
  request?: Request;
  /** The headers that the client's function made first. */
  clientHeaders?: Headers | undefined;
  /** The user of the requests, if that was settled before they are made. */
  user?: string | undefined;
  /** Whether the server has refused the credentials, so that others may take their place. */
  isUnauthorized?: boolean;
}

/** A request that ky has made, with an init whose options only the runtime knows. */
interface KyCall {
  readonly request: Request;
  readonly init: RequestInit | undefined;
  readonly session: Session;
}

/**
 * Returns the client's shared state for one request of ky: all requests that it comes to get the current headers, and bases
 * are for the user whom these headers name. A fetch of the caller's own gets each request as a `Request`, as from ky.
 *
 * Fresh headers that name another user are not used while the server accepts the first ones: a request of one user must
 * not go out as another user, who has signed in meanwhile.
 */
export function sharedOf(
  { shared, headers: makeHeaders }: ClientInstance,
  input: Input,
  kyOptions: Options,
  { request, init, session }: KyCall,
): Shared {
  const { headers: own } = request;
  session.request = request;
  // A hook that renews a token sends a copy by the client, whose other hooks may sign as another user by then.
  if (shared.isScoped && isRequest(input) && credentialsIn(input.headers))
    session.user ??= shared.userOf(input.headers);
  // Only a fetch of the caller's own must get the Request that ky would give it: a Request is costly.
  const transport = kyOptions.fetch === globalThis.fetch ? undefined : kyOptions.fetch;
  const dispatch = transport ?? globalThis.fetch;
  const isAsMade = (): boolean => !makeHeaders && session.request === request;
  let count = 0;
  let keyed: { readonly key: string; readonly body: RequestInit['body'] } | undefined;

  // Headers of the caller and of hooks are kept; but ky fills in these two by itself.
  const isFilledByKy = (name: string): boolean =>
    (name === 'accept' || name === 'content-type') &&
    !new Headers(kyOptions.headers as HeadersInput).has(name) &&
    !(isRequest(input) && input.headers.has(name));

  function withCurrentHeaders(given: HeaderFields, made = session.clientHeaders): Headers {
    const headers = new Headers([...given]);
    for (const [name, value] of given) {
      const now = session.request?.headers.get(name);
      // A header that recovery has changed is not renewed.
      if (now && value === own.get(name)) headers.set(name, now);
    }
    for (const [name, value] of made ?? [])
      if (given.has(name) ? isFilledByKy(name) : !own.has(name)) headers.set(name, value);
    return headers;
  }
  const asSent = (given: HeaderFields): HeaderFields => (isAsMade() ? given : withCurrentHeaders(given));

  /**
   * Returns the headers of one request, with those that the client's function makes for it. A re-read gets no
   * idempotency key.
   */
  async function freshHeaders(
    to: string | URL | Request,
    call: RequestInit,
    isReRead: boolean,
  ): Promise<Headers> {
    const asked = new Headers(call.headers ?? own);
    if (!makeHeaders) return withCurrentHeaders(asked);
    const { method, href } = lineOf(to, call);
    const fresh = await race(call.signal ?? request.signal, makeHeaders({ method, url: new URL(href) }));
    if (session.isUnauthorized && !shared.isScoped) session.clientHeaders = undefined;
    const first = withCurrentHeaders(asked, (session.clientHeaders ??= fresh));
    const now = withCurrentHeaders(asked, fresh);
    const headers = shared.userOf(first) === shared.userOf(now) ? now : first;
    if (isReRead) headers.delete('idempotency-key');
    const key = headers.get('idempotency-key');
    if (!key || asked.has('idempotency-key')) return headers;
    // The same bytes have the same key (draft-ietf-httpapi-idempotency-key-header §2.2), also if the function makes the key.
    if (keyed && isSameBody(keyed.body, call.body)) headers.set('idempotency-key', keyed.key);
    else keyed = { key, body: call.body };
    return headers;
  }

  /**
   * Refuses a request that names another user than the one that was settled. After a 401 the user that is named by then
   * is settled.
   */
  function requireSameUser(headers: Headers): void {
    const user = shared.userOf(headers);
    // If `scope` tells users apart, a newer token of the same user needs no exception.
    if (session.isUnauthorized && !shared.isScoped) session.user = user;
    if (user !== session.user)
      throw asHeaderFailure(
        stopped(
          request.method,
          new URL(request.url),
          'unauthorized',
          'Another user has signed in. See scope',
        ),
      );
  }

  const send: Fetch = async (to, call = {}) => {
    // ky itself shows hooks the answer to its own request.
    const { method } = lineOf(to, call);
    const isInner = count > 0 || method !== request.method;
    count += 1;
    const headers = isAsMade() ? undefined : await freshHeaders(to, call, isInner && isSafe(method));
    if (session.user !== undefined) requireSameUser(headers ?? new Headers(call.headers ?? own));
    const made = (): Request =>
      // A Request that is made from another Request loses its referrer (Fetch §5.4).
      new Request(to, { ...(to === request && settingsOf(request)), ...call, ...(headers && { headers }) });
    const isUnchanged = !headers && to === request && call === init;
    const ownRequest = headers || (transport && !isUnchanged) ? made() : undefined;
    let answer: Response;
    try {
      answer = await (ownRequest ? dispatch(ownRequest, init) : dispatch(to, call));
    } finally {
      // ky would cancel the unread body of a Request that it had made itself.
      letGo(ownRequest?.body);
    }
    session.isUnauthorized = answer.status === 401;
    if (!isInner || !isUnauthorized(answer)) return answer;
    const resend = (again: Request): Promise<Response> => {
      session.request = again;
      return dispatch(again.clone(), init);
    };
    return passToHooks(made(), answer, kyOptions, resend);
  };

  const isUserVisible = isVisible(dispatch, shared);
  const partitionOf = (headers: HeaderFields): string | undefined =>
    isUserVisible ? shared.userOf(asSent(headers)) : undefined;
  // ky reads the body of a refusal that it throws.
  const readsRefusals = kyOptions.throwHttpErrors !== false;
  return { ...shared, fetch: send, bases: { ...shared.bases, partitionOf, sent: asSent }, readsRefusals };
}

/**
 * Starts the session anew for a person's answer, as the user who is signed in by then. If the client can tell users apart,
 * that has to be the user of the write.
 *
 * @param sender The shared state that the call was sent with before.
 */
export function resetSession(
  session: Session,
  { isScoped, userOf }: Shared,
  sender: Shared | undefined,
): void {
  const { sent } = sender?.bases ?? {};
  session.user = isScoped && sent && session.request ? userOf(sent(session.request.headers)) : undefined;
  session.clientHeaders = undefined;
}

function isSameBody(one: RequestInit['body'], other: RequestInit['body']): boolean {
  if (!(one instanceof Uint8Array && other instanceof Uint8Array)) return one === other;
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
