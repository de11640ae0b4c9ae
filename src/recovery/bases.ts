import { mediaKind, targetType } from '../core/media.ts';
import { likeness } from '../core/record.ts';
import { formatVersion, type Version } from '../core/version.ts';
import { isInBody, readVersion } from '../core/version-rule.ts';
import type { Route } from '../route.ts';
import type { Memory } from '../shell/memory.ts';
import type { HeaderFields } from '../shell/kept-headers.ts';
import {
  jsonFor,
  kindFor,
  opened,
  valueOf,
  valueOr,
  versionIn,
  type Content,
} from '../shell/representation.ts';
import type { Write } from '../shell/transport.ts';
import { watchBody } from '../shell/watch.ts';
import { knownAt, unversioned } from './address.ts';
import { callerOf, isCredential, type Caller, type CallerRules } from './caller.ts';
import type { KnownState } from './known-state.ts';
import { noteIn, type Look, type Notes } from './notes.ts';

/** The bases that one client knows: bodies under exactly the version they were read in, for exactly the one who read. */
export interface Bases extends CallerRules {
  readonly memory: Memory;
  /** The states that answers showed, and that no write has needed yet. */
  readonly notes: Notes;
  /** Is told the version of each JSON body that was read, and where that is. */
  onVersion?: ((at: string, version: string) => void) | undefined;
}

/** Headers that a `Vary` may name without effect: bases are kept apart by them already, or they say nothing of the resource. */
const unvaried = ['accept', 'accept-encoding', 'accept-language', 'origin'];

/** The headers that an answer's `Vary` names, in lower case (RFC 9110 §12.5.5). */
function variedBy(vary: string | null): string {
  const names = (vary ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name && !unvaried.includes(name) && !isCredential(name)).join();
}

/**
 * The name of a state: for whom, where and in which version it was seen, in which language, and by what else the server
 * told representations apart. `undefined` where it can't be known.
 *
 * @param vary What an answer says of that. Default: what the last one said.
 */
function keyOf(
  memory: Memory,
  { partition, headers }: Caller,
  at: string,
  version: Version,
  vary?: string | null,
): string | undefined {
  if (partition === undefined) return undefined;
  const place = `vary\n${partition}\n${at}`;
  const named = variedBy(vary ?? null);
  if (named) memory.remember(place, named, '');
  const names = named || String(memory.recall(place, '') ?? '');
  if (names.includes('*')) return undefined;
  const parts = [partition, at, ...version];
  const language = headers.get('accept-language');
  if (language) parts.push(language);
  if (names) for (const name of names.split(',')) parts.push(`${name}: ${headers.get(name) ?? ''}`);
  // Joined, and not added up, it is one piece of memory.
  return parts.join('\n');
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
  bases.notes.settle();
  const key = keyOf(bases.memory, callerOf(bases, headers), at, version);
  return key === undefined
    ? undefined
    : bases.memory.recall(key, targetType(method, headers.get('content-type')));
}

/** A request that was answered, and the body that tells the state it left: the answer's, or its own. */
export interface Exchange {
  /** The request's headers. */
  readonly headers: HeaderFields;
  readonly response: Response;
  readonly content: Content;
}

/** The resource that a request was made to. */
export interface Place {
  readonly route: Route;
  readonly url: URL;
}

/**
 * Notes a body that was read: it is remembered under the version that the route finds in it. One without a version is let
 * go. Gives what was seen.
 *
 * @param placeOf Finds the route, if there is one.
 */
export function noteRead(
  bases: Bases,
  { headers, response: { headers: shown, type }, content }: Exchange,
  placeOf: () => Place | undefined,
): Look<KnownState> {
  const caller = callerOf(bases, headers);
  const { memory, notes, onVersion } = bases;
  return noteIn(notes, content, () => {
    const place = placeOf();
    return place && seenIn({ memory, onVersion }, caller, place, { headers: shown, type }, content);
  });
}

/**
 * The state in a body, remembered under its version. A body that is no JSON, or wraps no state, throws: the caller, who reads
 * it, sees the same error.
 */
function seenIn(
  { memory, onVersion }: Pick<Bases, 'memory' | 'onVersion'>,
  caller: Caller,
  { route, url }: Place,
  response: Pick<Response, 'headers' | 'type'>,
  content: Content,
): KnownState {
  const where = unversioned(route, url).href;
  const type = response.headers.get('content-type') ?? 'application/json';
  const wire = jsonFor(route, type);
  const kind = kindFor(route, type) ?? 'bytes';
  const isOther = kind === 'json' && (route.unwrap !== undefined || wire !== route);
  const document = isInBody(route.version.read) || isOther ? valueOf('json', content, wire) : undefined;
  const version = versionIn(route.version, response, document);
  const state = isOther ? opened(document, route) : content;
  if (!('code' in version) && version.length > 0) {
    const key = keyOf(memory, caller, where, version, response.headers.get('vary'));
    if (key !== undefined) memory.remember(key, state, type);
    if (kind === 'json') onVersion?.(where, formatVersion(version));
  }
  return { url: where, kind, type, content: state, version };
}

/** Remembers a known state, for a write whose request may come back as a copy. */
export function rememberKnown(
  bases: Bases,
  headers: HeaderFields,
  { url, version, content, type }: KnownState,
): void {
  if (url === undefined || !version || 'code' in version || version.length === 0) return;
  const key = keyOf(bases.memory, callerOf(bases, headers), url, version);
  if (key !== undefined) bases.memory.remember(key, content, type);
}

/** Notes a body that the server took by PUT: it is remembered if the answer names it. Gives the version that it gave it. */
export function noteWritten(bases: Bases, { route, url }: Place, exchange: Exchange): Look<Version> {
  const { headers, response, content } = exchange;
  const { memory, notes } = bases;
  // A note that held the response, or the call's arguments, would hold the connection of a body that the caller doesn't read.
  const { headers: shown, redirected } = response;
  const caller = callerOf(bases, headers);
  const type = headers.get('content-type') ?? '';
  const remember = (version: Version, state: Content): void => {
    const at = knownAt(route, url, content);
    const key = at && keyOf(memory, caller, at, version, shown.get('vary'));
    if (key !== undefined) memory.remember(key, state, type);
  };
  const taken = noteIn(notes, content, () => {
    // After a redirect, the version is that of another resource.
    const version = redirected ? undefined : versionTaken(route, shown);
    // A write without a body says no state.
    if (version && content !== '') remember(version, content);
    return version;
  });
  // A server that shows another state has made that of what was sent.
  if (response.body && content !== '' && memory.maxBytes > 0)
    watchBody(response, {
      onBody: (state) =>
        noteIn(notes, state, () => {
          const version = taken();
          if (!version || mediaKind(shown.get('content-type')) !== 'json') return;
          const [body, sent] = [state, content].map((text) => valueOr(undefined, 'json', text, route));
          if (likeness(body, sent) === 'state') remember(version, state);
        }),
      onJson: (value) => value,
    });
  return taken;
}

/**
 * The version that the headers of the answer to a PUT give to the bytes that were sent (RFC 9110 §9.3.4). Only a strong
 * ETag does; a weak one may name the answer's own body, as Express' does.
 */
function versionTaken({ version }: Route, headers: Headers): Version | undefined {
  const { read } = version;
  if (read.length === 0 || isInBody(read)) return undefined;
  const strong = (name: string): string | null => {
    const text = headers.get(name);
    return name.toLowerCase() === 'etag' && !text?.startsWith('"') ? null : text;
  };
  const taken = readVersion(version, { get: strong }, undefined);
  return 'problem' in taken ? undefined : taken;
}
