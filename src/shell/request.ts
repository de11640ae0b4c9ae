import { isStream, snapshotBody, readCapped, type BodySnapshot } from './body.ts';
import type { Deadline } from './deadline.ts';
import { keepHeaders, type HeaderFields } from './kept-headers.ts';
import type { Fetch, Write } from './transport.ts';
import { isNoRequest } from './unsent.ts';

/** Whether a call is made by a `Request`, of this realm or of another. */
export function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && 'method' in input;
}

/** Returns the method of a call, and its URL as text. */
export function lineOf(
  input: string | URL | Request,
  init: RequestInit | undefined,
): { method: string; href: string } {
  // `fetch` turns a method that is no text into text, too.
  const method: unknown = init?.method ?? (isRequest(input) ? input.method : 'GET');
  return { method: String(method).toUpperCase(), href: isRequest(input) ? input.url : String(input) };
}

/** Returns the headers of a call, as they are now. */
export function headersOf(input: string | URL | Request, init: RequestInit | undefined): HeaderFields {
  return keepHeaders(init?.headers ?? (isRequest(input) ? input.headers : undefined));
}

/**
 * Returns the whole URL of a call, or `undefined` if it has none: fetch refuses a relative URL outside of a page.
 *
 * @param base The URL that `href` is relative to. Default: the page.
 */
export function resolveUrl(href: string, base?: URL | string): URL | undefined {
  const { document, location } = globalThis as { document?: Document; location?: Location };
  try {
    return new URL(href, base ?? document?.baseURI ?? location?.href);
  } catch {
    return undefined;
  }
}

/** The settings by which a caller says how a request is made, besides what is sent. */
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

/** The other members that `fetch` reads of an init, and the options of one write beside them. */
const members = [
  ...[
    'base',
    'recovery',
    'body',
    'dispatcher',
    'duplex',
    'headers',
    'method',
    'priority',
    'signal',
    'window',
  ],
  ...settings,
];

/**
 * Reads an init as `fetch` does, which finds a member wherever it is: in a Request, in a class with getters, in an
 * object that inherits from another. Each member is read once, and a member that is `undefined` counts as left out. A
 * plain object that has no Request beside it stays as it is, and `null` counts as no init.
 */
export function takeInit<Init extends object>(
  input: string | URL | Request,
  init: Init | null | undefined,
): Init | undefined {
  if (init === null || init === undefined) return undefined;
  // fetch refuses an init that is no object.
  if (Object(init) !== init) return init;
  const from: unknown = Object.getPrototypeOf(init);
  const given = init as Readonly<Record<string, unknown>>;
  const isPlain = !isRequest(input) && (from === Object.prototype || from === null);
  if (isPlain && !isIterator(given.headers)) return init;
  const said: Record<string, unknown> = {};
  // A runtime may have options of its own.
  for (const name of new Set([...members, ...Object.keys(given)])) {
    const value = given[name];
    // Headers that can be iterated only once, as from a generator, are needed twice: here and by fetch.
    if (value !== undefined) said[name] = isIterator(value) && name === 'headers' ? [...value] : value;
  }
  return said as Init;
}

/**
 * Returns the body of a call, if it can be sent again; for a Request a copy that is still to be read.
 *
 * @throws {TypeError} for a body that is used up: no `fetch` takes such a call.
 */
export function bodyOfCall(
  input: string | URL | Request,
  { body }: RequestInit,
): BodySnapshot | Request | undefined {
  // With a Request, a body of `null` leaves the Request its own body.
  if (body == null) return isRequest(input) && input.body !== null ? input.clone() : noBody;
  // Only this check distinguishes a stream that was read to its end from a new one. It reads nothing from the stream.
  if (isStream(body)) Reflect.construct(Response, [body]);
  return snapshotBody(body);
}

/** The body of a request without one, which can be sent again as it is. */
const noBody: BodySnapshot = { content: '', type: undefined };

/**
 * Returns the same write with its body, which is read from a copy while the write is sent. The body is kept as a value,
 * as a copy that waits would hold the body twice. A body without an end yet doesn't hold up an answer that comes first;
 * then the body can't be sent again.
 *
 * @param isFirst Whether the body has to be known before anything is sent.
 */
export async function readWhile(
  write: Write,
  copy: Request,
  maxBytes: number,
  isFirst: boolean,
  deadline: Deadline,
): Promise<Write> {
  const { signal } = deadline;
  const cancel = deadline.withTimeout(false);
  const isSent = !isFirst && !signal.aborted;
  // A fetch of the caller's own may throw, or return something else than a promise.
  const sent = isSent ? (async () => write.send(signal))() : undefined;
  const unwanted = new AbortController();
  let isRead = false;
  const answered = async (): Promise<undefined> => {
    if (!isRead) await deadline.sleep(1);
  };
  const failed = async (failure: unknown): Promise<undefined> =>
    isNoRequest(failure, write) ? undefined : answered();
  const isOver = AbortSignal.any([signal, unwanted.signal]);
  const reading = readCapped(copy, maxBytes, isOver);
  const first = sent ? Promise.race([reading, sent.then(answered, failed)]) : reading;
  const bytes = await first.catch(() => undefined);
  isRead = true;
  cancel();
  // A copy that isn't cancelled would go on reading, and keep the source of the body open.
  unwanted.abort();
  const body = bytes && (bytes.length > 0 ? snapshotBody(bytes) : noBody);
  return { ...write, body, isSent, send: (again) => sent ?? write.send(again) };
}

/** Keeps a write before it is sent, so that it can be sent again. */
export function snapshotWrite(
  fetch: Fetch,
  input: string | URL | Request,
  init: RequestInit,
  { method, url, body, base }: Pick<Write, 'method' | 'url' | 'body' | 'base'>,
): Write {
  const request = isRequest(input) ? input : undefined;
  const rest = request ? { ...settingsOf(request), ...init } : { ...init };
  const { signal = request?.signal } = init;
  return {
    method,
    url,
    headers: headersOf(input, init),
    body,
    base,
    rest,
    send: (signal) => fetch(input, { ...(request && originOf(request)), ...init, signal }),
    // A signal of `null` removes the signal of a Request.
    signal: signal ?? undefined,
    source: init.body ?? request?.body,
  };
}

/** Returns the settings that a Request loses when another Request is made from it, by any init (Fetch §5.4). */
function originOf({ referrer, referrerPolicy }: Request): RequestInit {
  return { referrer, referrerPolicy };
}

/** Returns the settings of a Request or of an init: all but method, URL, headers, body and signal. */
export function settingsOf(said: Settings): Settings {
  const own: Record<string, unknown> = {};
  for (const name of settings) if (said[name] !== undefined) own[name] = said[name];
  return own;
}

function isIterator(value: unknown): value is IterableIterator<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && Symbol.iterator in value;
}
