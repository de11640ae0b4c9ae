import { keepBody, readCapped } from './body.ts';
import type { Fetch, Write } from './transport.ts';

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

/** The headers of a call, as they are now; the caller may change them later. */
function headersOf(input: string | URL | Request, init: RequestInit | undefined): Headers {
  return new Headers(headersGiven(input, init));
}

/** The same, held for those who seldom look at them: a copy of plain headers costs a tenth of `Headers`. */
export function keepHeaders(input: string | URL | Request, init: RequestInit | undefined): HeadersInit {
  const given = headersGiven(input, init) ?? {};
  return given instanceof Headers || Array.isArray(given) ? new Headers(given) : { ...given };
}

function headersGiven(input: string | URL | Request, init: RequestInit | undefined): HeadersInit | undefined {
  return init?.headers ?? (isRequest(input) ? input.headers : undefined);
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

/** Holds on to a write before it is sent, so that it can be sent again. */
export async function keepWrite(
  fetch: Fetch,
  input: string | URL | Request,
  init: RequestInit | undefined,
  url: URL,
  base: Write['base'],
  maxBytes: number,
): Promise<Write> {
  const call = init ?? {};
  const request = isRequest(input) ? input : undefined;
  // The copy is read at once and into a value: a copy that waits would hold the body twice.
  const read = request && call.body === undefined ? await readCapped(request.clone(), maxBytes) : undefined;
  const { method } = lineOf(input, init);
  const isLong = request && call.body === undefined && !read;
  const sent = read?.length ? read : call.body;
  // What has no body can be sent again as it is.
  const body = sent == null && !isLong ? { content: '', type: undefined } : keepBody(sent);
  return {
    method,
    url,
    headers: headersOf(input, init),
    body,
    base,
    rest: { ...(request && settingsOf(request)), ...call },
    // A body that can be sent only once goes out in the caller's own call, for as long as the caller allows.
    send: (signal) => fetch(input, body ? { ...call, signal } : init),
    signal: call.signal ?? request?.signal,
  };
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
  return Object.fromEntries(
    settings.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]]])),
  );
}
