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
import { isDenied, shownToHooks } from './denied.ts';
import type { Site } from './site.ts';

/** A call, and those that go on with it: the read and the write of an update, or a person's answer. */
export interface Line {
  /** The request that was made for it last, by hooks that may know a newer token. */
  request?: Request;
  /** The headers that the client's function made for it first. */
  made?: Headers | undefined;
  /** The user that its requests are for, where that was settled before they are made. */
  who?: string | undefined;
  /** Whether the server has refused its credentials, so that others may take their place. */
  isRefused?: boolean;
}

/** A request that ky has made, and what its runtime alone knows of it. */
interface Made {
  readonly request: Request;
  readonly init: RequestInit | undefined;
  readonly line: Line;
}

/**
 * What is shared, for one request of ky's: all requests that it comes to have the headers of now, and bases are for the
 * user whom these headers name. A fetch of the user's own is given each as a `Request`, as by ky.
 *
 * Fresh headers that name another user are not taken while the server takes the first ones: what one user asked for must
 * not go out as another, who has signed in meanwhile.
 */
export function worldOf(
  { world, headers: make }: Site,
  input: Input,
  said: Options,
  { request, init, line }: Made,
): World {
  const { headers: own } = request;
  line.request = request;
  // A hook that renews a token sends a copy by the client, whose other hooks may sign as somebody else by then.
  if (world.isScoped && isRequest(input) && credentialsIn(input.headers))
    line.who ??= world.whose(input.headers);
  // Only a fetch of the user's own has to get what ky would give it: a Request is dear.
  const transport = said.fetch === globalThis.fetch ? undefined : said.fetch;
  const dispatch = transport ?? globalThis.fetch;
  const isAsMade = (): boolean => !make && line.request === request;
  let count = 0;
  let keyed: { readonly key: string; readonly body: RequestInit['body'] } | undefined;

  // What the caller and the hooks have said stands; but these two ky fills in by itself.
  const isFilled = (name: string): boolean =>
    (name === 'accept' || name === 'content-type') &&
    !new Headers(said.headers as HeadersInit).has(name) &&
    !(isRequest(input) && input.headers.has(name));

  function renewed(given: HeaderFields, made = line.made): Headers {
    const headers = new Headers([...given]);
    for (const [name, value] of given) {
      const now = line.request?.headers.get(name);
      // What recovery has changed is not for anybody else to renew.
      if (now && value === own.get(name)) headers.set(name, now);
    }
    for (const [name, value] of made ?? [])
      if (given.has(name) ? isFilled(name) : !own.has(name)) headers.set(name, value);
    return headers;
  }
  const whole = (given: HeaderFields): HeaderFields => (isAsMade() ? given : renewed(given));

  /** The headers of one request, with those that the client's function makes for it. A re-read is no write that has a key. */
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
    // The same bytes have the same key (draft-ietf-httpapi-idempotency-key-header §2.2), also one that the function makes.
    if (keyed && isSameBody(keyed.body, call.body)) headers.set('idempotency-key', keyed.key);
    else keyed = { key, body: call.body };
    return headers;
  }

  /** Holds a request to the user that it was settled to be for; after a 401 to the one whom it names by then. */
  function holdTo(headers: Headers): void {
    const who = world.whose(headers);
    // Where `scope` tells users apart, a newer token of the same one needs no exception.
    if (line.isRefused && !world.isScoped) line.who = who;
    if (who !== line.who)
      throw asHeaderFailure(
        stopped(request.method, new URL(request.url), 'access-lost', 'Another user has signed in. See scope'),
      );
  }

  const send: Fetch = async (to, call = {}) => {
    // An answer to what ky itself asked for is shown to hooks by ky.
    const { method } = lineOf(to, call);
    const isInner = count > 0 || method !== request.method;
    count += 1;
    const headers = isAsMade() ? undefined : await headersNow(to, call, isInner && isSafe(method));
    if (line.who !== undefined) holdTo(headers ?? new Headers(call.headers ?? own));
    const made = (): Request =>
      // A Request that is made of another one forgets where it came from (Fetch §5.4).
      new Request(to, { ...(to === request && settingsOf(request)), ...call, ...(headers && { headers }) });
    const isGiven = !headers && to === request && call === init;
    const mine = headers || (transport && !isGiven) ? made() : undefined;
    let answer: Response;
    try {
      answer = await (mine ? dispatch(mine, init) : dispatch(to, call));
    } finally {
      // What ky would let go of, had it made this one: a body that nobody has read.
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
  // ky reads a refusal that it throws.
  const readsRefusals = said.throwHttpErrors !== false;
  return { ...world, fetch: send, bases: { ...world.bases, scope, sent: whole }, readsRefusals };
}

/**
 * Begins a call of its own with what a person has answered: as whoever is signed in by then. Where the client can tell
 * users apart, that has to be the one who asked.
 *
 * @param sender What the call before it was sent by.
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
