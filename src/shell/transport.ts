import { targetType } from '../core/media.ts';
import { mayOutlive, type BodySnapshot } from './body.ts';
import type { HeaderFields } from './kept-headers.ts';

export type Fetch = typeof globalThis.fetch;

/** A write as the caller asked for it. It doesn't change for as long as recovery lasts. */
export interface Write {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderFields;
  /** The body; `undefined` for one that can be sent only once. */
  readonly body: BodySnapshot | undefined;
  /** The whole state that the write makes, if its body doesn't say it. */
  readonly state?: BodySnapshot['content'] | undefined;
  /** A copy of the state that the body was derived from, if the caller gave one. */
  readonly base: (() => unknown) | undefined;
  /** Whether only the caller says that `base` was ever the state: no client of ours has read or written it. */
  readonly isClaimed?: boolean;
  /**
   * Whether no answer has named the version of `base`. Then the write begins with a read, whatever version its body names.
   */
  readonly isUnseen?: boolean;
  /** Everything else of the request: credentials, mode, referrer, a runtime's own options. */
  readonly rest: RequestInit;
  /** Sends the write just as the caller asked. */
  readonly send: (signal: AbortSignal) => Promise<Response>;
  /** Whether the write is sent already. */
  readonly isSent?: boolean;
  /** The source of the body: a stream is cancelled if it isn't sent. */
  readonly source?: unknown;
  readonly signal: AbortSignal | undefined;
}

/** A request that is ready to be sent. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly content: BodySnapshot['content'];
}

/**
 * Makes the request of a write as the caller asked for it, to be changed and sent again.
 *
 * @param target The method and URL to send it to, which may differ from what the caller asked.
 */
export function requestOf(
  { headers: own }: Write,
  { content, type }: BodySnapshot,
  { method, url }: Pick<Write, 'method' | 'url'>,
): HttpRequest {
  const headers = new Headers([...own]);
  if (type && !headers.has('content-type')) headers.set('content-type', type);
  return { method, url: new URL(url), headers, content };
}

/** The headers that describe or prove the old bytes. They are not sent with new bytes. */
const describesBytes = ['content-length', 'content-md5', 'content-digest', 'repr-digest', 'digest'];

/** Makes a write's headers fit new bytes. */
export function renewHeaders(headers: Headers, newKey: () => string): void {
  for (const name of describesBytes) headers.delete(name);
  // New bytes need a new key (draft-ietf-httpapi-idempotency-key-header §2.2).
  renewKey(headers, newKey);
}

/**
 * The headers by which a server knows a request again: that of the draft, and that of long-running operations (Azure API
 * guidelines).
 */
const keyHeaders = ['idempotency-key', 'operation-id'] as const;
export type KeyHeader = (typeof keyHeaders)[number];

/** Whether a request has a key by which the server knows it again. */
export function hasKey(headers: Pick<Headers, 'has'>): boolean {
  return keyHeaders.some((name) => headers.has(name));
}

/** Gives a write new keys, if it has any, quoted or not as the caller wrote them. */
export function renewKey(headers: Headers, newKey: () => string): void {
  for (const name of keyHeaders) {
    const key = headers.get(name);
    if (key) headers.set(name, key.startsWith('"') ? `"${newKey()}"` : newKey());
  }
}

/** Sends a write as the caller asked for it, with what had to be added. */
export function sendFirst(
  fetch: Fetch,
  { rest }: Write,
  { method, url, headers, content }: HttpRequest,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(url.href, { ...rest, method, headers, body: content === '' ? null : content, signal });
}

/** Sends a write again. A redirect isn't followed: it could carry credentials to another origin. */
export function sendAgain(
  fetch: Fetch,
  write: Write,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<Response> {
  const rest: RequestInit = { ...write.rest, redirect: 'manual' };
  // A merge may make a body longer.
  if (rest.keepalive && !mayOutlive(request.content)) delete rest.keepalive;
  return sendFirst(fetch, { ...write, rest }, request, signal);
}

/**
 * The headers that belong to the write alone. All others (credentials, Accept, a tenant, a trace) are sent with a read, too.
 */
const writeOnly =
  /^(if-|content-|transfer-encoding$|range$|idempotency-key$|operation-id$|prefer$|expect$|x-http-method|repr-digest$|digest$)/i;

/**
 * Reads the latest representation, past every cache on the way (RFC 9111 §5.2.1.4).
 *
 * @param versions The headers that name the version of the write.
 */
export async function readLatest(
  fetch: Fetch,
  write: Write,
  at: URL | Request,
  versions: readonly string[],
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers([...write.headers].filter(([name]) => !writeOnly.test(name)));
  for (const name of versions) headers.delete(name);
  // If there are several representations, the one that is written is read, as each has versions of its own (RFC 9110
  // §8.8.3.3).
  const type = targetType(write.method, write.headers.get('content-type'));
  if (type && (headers.get('accept') ?? '*/*') === '*/*') headers.set('accept', `${type}, */*;q=0.1`);
  const asked = 'method' in at ? at : undefined;
  for (const [name, value] of asked?.headers ?? []) headers.set(name, value);
  // In a page this header would cost a preflight, and `no-store` adds it there anyway.
  if (typeof location === 'undefined') headers.set('cache-control', 'no-cache');
  const call: RequestInit = {
    ...write.rest,
    method: asked?.method ?? 'GET',
    headers,
    cache: 'no-store',
    redirect: 'manual',
    signal,
  };
  // These settings are about the write's body and answer.
  delete call.body;
  delete call.integrity;
  delete call.keepalive;
  // Not every browser shows whether a Request has a body.
  if (asked && asked.method !== 'GET') call.body = await asked.arrayBuffer();
  return fetch('method' in at ? at.url : at.href, call);
}

/** Whether a response sends the client elsewhere. A page may not even see the status. */
export function isRedirect({ status, type }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304);
}
