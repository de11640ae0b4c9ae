import { keepBody, readCapped, type KeptBody } from './body.ts';
import type { Deadline } from './deadline.ts';
import { keepHeaders, type HeaderFields } from './kept-headers.ts';
import type { Copy, Fetch, Write } from './transport.ts';

/** Whether a call is made by a `Request`, of this realm or of another. */
export function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && 'method' in input;
}

/** The method of a call, and its URL as text. */
export function lineOf(
  input: string | URL | Request,
  init: RequestInit | undefined,
): { method: string; href: string } {
  const method = init?.method ?? (isRequest(input) ? input.method : 'GET');
  return { method: method.toUpperCase(), href: isRequest(input) ? input.url : String(input) };
}

/** The headers of a call, as they are now. */
export function headersOf(input: string | URL | Request, init: RequestInit | undefined): HeaderFields {
  return keepHeaders(init?.headers ?? (isRequest(input) ? input.headers : undefined));
}

/**
 * The whole URL of a call, or `undefined` where it has none: a relative one outside of a page is for fetch to refuse.
 *
 * @param base What it is relative to. Default: the page.
 */
export function resolveUrl(href: string, base?: URL | string): URL | undefined {
  const { document, location } = globalThis as { document?: Document; location?: Location };
  try {
    return new URL(href, base ?? document?.baseURI ?? location?.href);
  } catch {
    return undefined;
  }
}

/** What `fetch` reads of an init, and what is said of one write beside it. */
const members = [
  'base',
  'recovery',
  'body',
  'cache',
  'credentials',
  'dispatcher',
  'duplex',
  'headers',
  'integrity',
  'keepalive',
  'method',
  'mode',
  'priority',
  'redirect',
  'referrer',
  'referrerPolicy',
  'signal',
  'window',
] as const;

/**
 * Takes an init as `fetch` does, which finds a member wherever it is: in a Request, in a class with getters, in an object
 * that inherits from another. Each is read once. A plain object stays as it is, and `null` is none.
 */
export function takeInit<Init extends object>(init: Init | null | undefined): Init | undefined {
  if (init === null || init === undefined) return undefined;
  const from: unknown = Object.getPrototypeOf(init);
  if (from === Object.prototype || from === null) return init;
  const given = init as Readonly<Record<string, unknown>>;
  const said: Record<string, unknown> = {};
  const take = (name: string): void => {
    const value = given[name];
    if (value !== undefined) said[name] = value;
  };
  for (const name of members) take(name);
  // A runtime has options of its own.
  for (const name in given) if (!(name in said)) take(name);
  return said as Init;
}

/** Whether the body of a call is used up: no `fetch` takes such a call. */
export function isSpent(input: string | URL | Request, { body }: RequestInit): boolean {
  if (body == null) return isRequest(input) && (input.bodyUsed || input.body?.locked === true);
  if (!(body instanceof ReadableStream)) return false;
  try {
    // Nothing else tells a stream that was read to its end from one that is new. It takes nothing of it.
    return !new Response(body);
  } catch {
    return true;
  }
}

/** What has no body can be sent again as it is. */
const noBody: KeptBody = { content: '', type: undefined };

/**
 * Copies the body of a Request while that is sent. The copy is a value: a copy that waits would hold the body twice. Until
 * it is whole nothing can be read of it.
 */
function copyOf(request: Request, maxBytes: number): Copy {
  const copy = request.clone();
  const body: { content: KeptBody['content']; type: undefined } = { content: new Blob(), type: undefined };
  return {
    body,
    async read(signal) {
      const bytes = await readCapped(copy, maxBytes, signal).catch(() => undefined);
      if (bytes) body.content = bytes.length === 0 ? '' : bytes;
      return bytes !== undefined;
    },
  };
}

/** Holds on to a write before it is sent, so that it can be sent again. A Request is sent as it is, once. */
export function keepWrite(
  fetch: Fetch,
  input: string | URL | Request,
  init: RequestInit,
  { method, url, base, maxBytes }: Pick<Write, 'method' | 'url' | 'base'> & { readonly maxBytes: number },
): Write {
  const request = isRequest(input) ? input : undefined;
  const { body, signal } = init;
  const rest = request ? { ...settingsOf(request), ...stated(init) } : { ...init };
  // Beside a Request `null` leaves it its body.
  const copy = body == null && request && request.body !== null ? copyOf(request, maxBytes) : undefined;
  const stream = copy ? request?.body : body;
  return {
    method,
    url,
    headers: headersOf(input, init),
    body: copy ? copy.body : body == null ? noBody : keepBody(body),
    copy,
    stream: stream instanceof ReadableStream ? stream : undefined,
    base,
    rest,
    send: (signal) => fetch(input, { ...rest, signal }),
    // `null` takes a Request its signal away.
    signal: (signal === undefined ? request?.signal : signal) ?? undefined,
  };
}

/** The same write, once its body is whole, or can't be sent again. */
export async function whole(write: Write, deadline: Deadline): Promise<Write> {
  const { copy, body } = write;
  if (!copy) return write;
  const cancel = deadline.limit(false);
  const isWhole = await copy.read(deadline.signal);
  cancel();
  return { ...write, body: isWhole ? body : undefined, copy: undefined };
}

/** What an init says: a member that is `undefined` counts as left out. */
function stated(init: RequestInit): RequestInit {
  return Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined));
}

const settings = [
  'cache',
  'credentials',
  'integrity',
  'keepalive',
  'mode',
  'redirect',
  'referrer',
  'referrerPolicy',
] as const;

/** What a Request, or what makes one, says besides method, URL, headers, body and signal. */
export function settingsOf(said: Pick<RequestInit, (typeof settings)[number]>): RequestInit {
  const own: Record<string, unknown> = {};
  for (const name of settings) if (said[name] !== undefined) own[name] = said[name];
  return own;
}
