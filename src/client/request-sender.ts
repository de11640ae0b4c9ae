import type { Input, Options } from 'ky';
import { stopped } from '../errors.ts';
import { isSafe, isVisible } from '../wrap.ts';
import { credentialsIn } from '../recovery/asker.ts';
import type { World } from '../recovery/call.ts';
import { letGo } from '../shell/body.ts';
import { race } from '../shell/deadline.ts';
import { asHeaderFailure } from '../shell/fresh-headers.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import { isRequest, lineOf, settingsOf } from '../shell/request.ts';
import type { Fetch } from '../shell/transport.ts';
import { isDenied, shownToHooks } from './unauthorized.ts';
import type { Site } from './client-instance.ts';

/** The calls that belong together: the read and the write of an update, or a write and a person's answer. */
export interface Line {
  /** The request that was made last, by hooks that may know a newer token. */
  request?: Request;
  /** The headers that the client's function made first. */
  made?: Headers | undefined;
  /** The user of the requests, if that was settled before they are made. */
  who?: string | undefined;
  /** Whether the server has refused the credentials, so that others may take their place. */
  isRefused?: boolean;
}

/** A request that ky has made, with an init whose options only the runtime knows. */
interface Made {
  readonly request: Request;
  readonly init: RequestInit | undefined;
  readonly line: Line;
}

/**
 * Returns the client's world for one request of ky: all requests that it comes to get the current headers, and bases
 * are for the user whom these headers name. A fetch of the caller's own gets each request as a `Request`, as from ky.
 *
 * Fresh headers that name another user are not used while the server accepts the first ones: a request of one user must
 * not go out as another user, who has signed in meanwhile.
 */
export function worldOf(
  { world, headers: make }: Site,
  input: Input,
  said: Options,
  { request, init, line }: Made,
): World {
  const { headers: own } = request;
  line.request = request;
  // A hook that renews a token sends a copy by the client, whose other hooks may sign as another user by then.
  if (world.isScoped && isRequest(input) && credentialsIn(input.headers))
    line.who ??= world.whose(input.headers);
  // Only a fetch of the caller's own must get the Request that ky would give it: a Request is costly.
  const transport = said.fetch === globalThis.fetch ? undefined : said.fetch;
  const dispatch = transport ?? globalThis.fetch;
  const isAsMade = (): boolean => !make && line.request === request;
  let count = 0;
  let keyed: { readonly key: string; readonly body: RequestInit['body'] } | undefined;

  // Headers of the caller and of hooks are kept; but ky fills in these two by itself.
  const isFilled = (name: string): boolean =>
    (name === 'accept' || name === 'content-type') &&
    !new Headers(said.headers as HeadersInit).has(name) &&
    !(isRequest(input) && input.headers.has(name));

  function renewed(given: HeaderFields, made = line.made): Headers {
    const headers = new Headers([...given]);
    for (const [name, value] of given) {
      const now = line.request?.headers.get(name);
      // A header that recovery has changed is not renewed.
      if (now && value === own.get(name)) headers.set(name, now);
    }
    for (const [name, value] of made ?? [])
      if (given.has(name) ? isFilled(name) : !own.has(name)) headers.set(name, value);
    return headers;
  }
  const whole = (given: HeaderFields): HeaderFields => (isAsMade() ? given : renewed(given));

  /**
   * Returns the headers of one request, with those that the client's function makes for it. A re-read gets no
   * idempotency key.
   */
  async function headersNow(
    to: string | URL | Request,
    call: RequestInit,
    isReRead: boolean,
  ): Promise<Headers> {
    const asked = new Headers(call.headers ?? own);
    if (!make) return renewed(asked);
    const { method, href } = lineOf(to, call);
    const fresh = await race(call.signal ?? request.signal, make({ method, url: new URL(href) }));
    if (line.isRefused && !world.isScoped) line.made = undefined;
    const first = renewed(asked, (line.made ??= fresh));
    const now = renewed(asked, fresh);
    const headers = world.whose(first) === world.whose(now) ? now : first;
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
  function holdTo(headers: Headers): void {
    const who = world.whose(headers);
    // If `scope` tells users apart, a newer token of the same user needs no exception.
    if (line.isRefused && !world.isScoped) line.who = who;
    if (who !== line.who)
      throw asHeaderFailure(
        stopped(request.method, new URL(request.url), 'access-lost', 'Another user has signed in. See scope'),
      );
  }

  const send: Fetch = async (to, call = {}) => {
    // ky itself shows hooks the answer to its own request.
    const { method } = lineOf(to, call);
    const isInner = count > 0 || method !== request.method;
    count += 1;
    const headers = isAsMade() ? undefined : await headersNow(to, call, isInner && isSafe(method));
    if (line.who !== undefined) holdTo(headers ?? new Headers(call.headers ?? own));
    const made = (): Request =>
      // A Request that is made from another Request loses its referrer (Fetch §5.4).
      new Request(to, { ...(to === request && settingsOf(request)), ...call, ...(headers && { headers }) });
    const isGiven = !headers && to === request && call === init;
    const mine = headers || (transport && !isGiven) ? made() : undefined;
    let answer: Response;
    try {
      answer = await (mine ? dispatch(mine, init) : dispatch(to, call));
    } finally {
      // ky would cancel the unread body of a Request that it had made itself.
      letGo(mine?.body);
    }
    line.isRefused = answer.status === 401;
    if (!isInner || !isDenied(answer)) return answer;
    const resend = (again: Request): Promise<Response> => {
      line.request = again;
      return dispatch(again.clone(), init);
    };
    return shownToHooks(made(), answer, said, resend);
  };

  const isSeen = isVisible(dispatch, world);
  const scope = (headers: HeaderFields): string | undefined =>
    isSeen ? world.whose(whole(headers)) : undefined;
  // ky reads the body of a refusal that it throws.
  const readsRefusals = said.throwHttpErrors !== false;
  return { ...world, fetch: send, bases: { ...world.bases, scope, sent: whole }, readsRefusals };
}

/**
 * Begins a new call with a person's answer, as the user who is signed in by then. If the client can tell users apart,
 * that has to be the user of the write.
 *
 * @param sender The world that sent the call before.
 */
export function beginAnew(line: Line, { isScoped, whose }: World, sender: World | undefined): void {
  const { sent } = sender?.bases ?? {};
  line.who = isScoped && sent && line.request ? whose(sent(line.request.headers)) : undefined;
  line.made = undefined;
}

function isSameBody(one: RequestInit['body'], other: RequestInit['body']): boolean {
  if (!(one instanceof Uint8Array && other instanceof Uint8Array)) return one === other;
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
