import { keepBody, readCapped, type KeptBody } from './body.ts';
import { keepHeaders, type HeaderFields } from './kept-headers.ts';
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

/** The body of a call, if it can be sent again. */
export function bodyOfCall(
  input: string | URL | Request,
  { body }: RequestInit,
  maxBytes: number,
): KeptBody | undefined | Promise<KeptBody | undefined> {
  if (body === undefined && isRequest(input)) return bodyIn(input, maxBytes);
  return body == null ? noBody : keepBody(body);
}

/** What has no body can be sent again as it is. */
const noBody: KeptBody = { content: '', type: undefined };

/** The copy is read at once and into a value: a copy that waits would hold the body twice. */
async function bodyIn(request: Request, maxBytes: number): Promise<KeptBody | undefined> {
  const read = await readCapped(request.clone(), maxBytes);
  return read?.length === 0 ? noBody : keepBody(read);
}

/** Holds on to a write before it is sent, so that it can be sent again. */
export function keepWrite(
  fetch: Fetch,
  input: string | URL | Request,
  init: RequestInit,
  { method, url, body, base }: Pick<Write, 'method' | 'url' | 'body' | 'base'>,
): Write {
  const request = isRequest(input) ? input : undefined;
  return {
    method,
    url,
    headers: headersOf(input, init),
    body,
    base,
    rest: request ? { ...settingsOf(request), ...init } : { ...init },
    // A body that can be sent only once goes out in the caller's own call, for as long as the caller allows.
    send: (signal) => fetch(input, body ? { ...init, signal } : init),
    signal: init.signal ?? request?.signal,
  };
}

/** What a caller may say of how a request is made, besides what is sent. */
export type Settings = Pick<RequestInit, (typeof settings)[number]>;

export const settings = [
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
export function settingsOf(said: Settings): Settings {
  const own: Record<string, unknown> = {};
  for (const name of settings) if (said[name] !== undefined) own[name] = said[name];
  return own;
}
