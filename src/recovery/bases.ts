import { mediaKind, targetType } from '../core/media.ts';
import { likeness } from '../core/record.ts';
import type { Version } from '../core/version.ts';
import { isInBody, readVersion } from '../core/version-rule.ts';
import type { Route } from '../route.ts';
import type { Memory } from '../shell/memory.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import { opened, valueOf, valueOr, versionIn, type Content } from '../shell/representation.ts';
import type { Write } from '../shell/transport.ts';
import { watchBody } from '../shell/watch.ts';
import { knownAt, unversioned } from './address.ts';
import type { Seen } from './known.ts';

/** The bases that one client knows: bodies under exactly the version they were read in, for exactly the one who read. */
export interface Bases {
  readonly memory: Memory;
  /** For whom a request is made; `undefined` where that can't be seen: then nothing is remembered. */
  readonly scope: (headers: HeaderFields) => string | undefined;
  /** The headers of a request as it is sent. Default: as they are. */
  readonly sent?: (headers: HeaderFields) => HeaderFields;
}

/**
 * The names of headers that say who is asking, in lower case. Not so the browser's, nor those that only writes have: by
 * these the reads and the writes of one user would be told apart.
 */
const credential =
  /^(?!.*(user-agent|csrf|xsrf|forgery|verification|idempotency)).*(auth|cookie|key|token|secret|user|account|tenant|session)/;

/** What the headers say that are for that: whoever sends the same is the same. */
export function credentialsIn(headers: HeaderFields): string {
  const said: string[] = [];
  for (const [name, value] of headers) if (credential.test(name)) said.push(`${name}: ${value}`);
  return said.sort().join('\n');
}

/** What a base is told apart by besides, or what says nothing of the resource. */
const unvaried = ['accept', 'accept-encoding', 'accept-language', 'origin'];

/** The headers that an answer's `Vary` names, in lower case (RFC 9110 §12.5.5). */
function variedBy(vary: string | null): string {
  const names = (vary ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name && !unvaried.includes(name) && !credential.test(name)).join();
}

/**
 * The name of a state: for whom, where and in which version it was seen, in which language, and by what else the server
 * told representations apart. `undefined` where it can't be known.
 *
 * @param vary What an answer says of that. Default: what the last one said.
 */
function keyOf(
  { memory, scope, sent = asTheyAre }: Bases,
  headers: HeaderFields,
  at: string,
  version: Version,
  vary?: string | null,
): string | undefined {
  const who = scope(headers);
  if (who === undefined) return undefined;
  const place = `vary\n${who}\n${at}`;
  const named = variedBy(vary ?? null);
  if (named) memory.remember(place, named, '');
  const names = named || String(memory.recall(place, '') ?? '');
  if (names.includes('*')) return undefined;
  const parts = [who, at, ...version];
  const language = headers.get('accept-language');
  if (language) parts.push(language);
  if (names) for (const name of names.split(',')) parts.push(`${name}: ${sent(headers).get(name) ?? ''}`);
  // Joined, and not added up, it is one piece of memory.
  return parts.join('\n');
}

function asTheyAre(headers: HeaderFields): HeaderFields {
  return headers;
}

/** The base of a write that carries a version. */
export function recallBase(
  bases: Bases,
  route: Route,
  { method, url, headers }: Pick<Write, 'method' | 'url' | 'headers'>,
  content: Content,
  version: Version,
): Content | undefined {
  const at = knownAt(route, url, content);
  if (at === undefined) return undefined;
  const key = keyOf(bases, headers, at, version);
  return key === undefined
    ? undefined
    : bases.memory.recall(key, targetType(method, headers.get('content-type')));
}

/** A request that was answered, and the body that tells the state it left: the answer's, or its own. */
export interface Exchange {
  readonly route: Route;
  readonly url: URL;
  /** The request's headers. */
  readonly headers: HeaderFields;
  readonly response: Response;
  readonly content: Content;
}

/**
 * Remembers a body that was read, under the version that the route finds in it. One without a version is let go.
 * Gives what was seen.
 */
export function rememberRead(bases: Bases, exchange: Exchange): Seen | undefined {
  const { route, url, response, content } = exchange;
  const where = unversioned(route, url);
  const type = response.headers.get('content-type') ?? 'application/json';
  try {
    const kind = mediaKind(type) ?? 'bytes';
    const stateIn = kind === 'json' ? route.stateIn : undefined;
    const document = isInBody(route.version.read) || stateIn ? valueOf('json', content, route) : undefined;
    const version = versionIn(route.version, response, document);
    const state = stateIn ? opened(document, stateIn, route) : content;
    if (!('code' in version) && version.length > 0)
      remember(bases, exchange, where.href, version, state, type);
    return { url: where.href, kind, type, content: state, version };
  } catch {
    // What is no JSON, or wraps no state, has no version in it. That is for the caller to find, who is reading this very body.
    return undefined;
  }
}

/** Remembers a known state, for a write whose request may come back as a copy. */
export function rememberKnown(
  bases: Bases,
  headers: HeaderFields,
  { url, version, content, type }: Seen,
): void {
  if (url === undefined || !version || 'code' in version || version.length === 0) return;
  const key = keyOf(bases, headers, url, version);
  if (key !== undefined) bases.memory.remember(key, content, type);
}

function remember(
  bases: Bases,
  { headers, response }: Pick<Exchange, 'headers' | 'response'>,
  ...[at, version, content, type]: [at: string, version: Version, content: Content, type: string]
): void {
  const key = keyOf(bases, headers, at, version, response.headers.get('vary'));
  if (key !== undefined) bases.memory.remember(key, content, type);
}

/** Remembers a body that the server took by PUT, if the answer names it. Gives the version that it gave it. */
export function rememberWritten(bases: Bases, exchange: Exchange): Version | undefined {
  const { route, url, headers, response, content } = exchange;
  const version = versionTaken(route, response);
  // A write without a body says no state.
  const at = version && content !== '' ? knownAt(route, url, content) : undefined;
  if (version && at !== undefined) {
    const type = headers.get('content-type') ?? '';
    remember(bases, exchange, at, version, content, type);
    // A server that shows another state has made that of what was sent.
    if (
      response.body &&
      bases.memory.maxBytes > 0 &&
      mediaKind(response.headers.get('content-type')) === 'json'
    )
      watchBody(response, {
        onBody(shown) {
          const [body, sent] = [shown, content].map((text) => valueOr(undefined, 'json', text, route));
          if (likeness(body, sent) === 'state') remember(bases, exchange, at, version, shown, type);
        },
        onJson: (value) => value,
      });
  }
  return version;
}

/**
 * The version that the headers of the answer to a PUT give to the bytes that were sent (RFC 9110 §9.3.4). Only a strong
 * ETag does; a weak one may name the answer's own body, as Express' does.
 */
function versionTaken({ version }: Route, { headers, redirected }: Response): Version | undefined {
  const { read } = version;
  // What another address shows is a version of something else.
  if (redirected || read.length === 0 || isInBody(read)) return undefined;
  const strong = (name: string): string | null => {
    const text = headers.get(name);
    return name.toLowerCase() === 'etag' && !text?.startsWith('"') ? null : text;
  };
  const taken = readVersion(version, { get: strong }, undefined);
  return 'problem' in taken ? undefined : taken;
}
