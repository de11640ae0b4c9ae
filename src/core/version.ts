import { absent, parsePointer, valueAt, withValueAt } from './pointer.ts';

/**
 * The name of one state of a resource: one part for each carrier that the route reads. A version is opaque: its parts
 * are compared and sent back, never computed with.
 */
export type Version = readonly VersionPart[];
export type VersionPart = string | number | bigint;

/**
 * The choices for a weak ETag. `If-Match` compares strongly (RFC 9110 §13.1.1), so most servers never match a weak
 * ETag.
 */
export type WeakTags = 'refuse' | 'send' | 'strip' | 'wait';

/** The reason why a version can't be used: it isn't there, it is weak, or the value is no version at all. */
export type VersionProblem = 'missing' | 'weak' | 'malformed';

/** A header that carries a version. */
export interface HeaderCarrier {
  readonly in: 'headers';
  /** The header of a response. */
  readonly shown: string;
  /** The header of a write, in lower case. */
  readonly name: string;
  /** Whether a weak version is weak only for a moment, so that remerge reads it again. */
  readonly waits?: boolean;
  /** Returns the version as it is sent, or what is wrong with it. Default: the text as it is. */
  readonly check?: (text: string) => { readonly part: string } | VersionProblem;
}

/** A member of the JSON body that carries a version. */
export interface FieldCarrier {
  readonly in: 'document';
  /** The JSON Pointer to the member (RFC 6901), for messages. Default: none. */
  readonly at?: string;
  readonly get: (document: unknown) => unknown;
  /** Returns a copy of the document with another version, or with none: `absent`. */
  readonly put: (document: unknown, part: VersionPart | typeof absent) => unknown;
}

/** A query parameter that carries a version, in writes only. */
export interface QueryCarrier {
  readonly in: 'query';
  readonly name: string;
  /** The text before the version in the parameter. Default: none. */
  readonly prefix?: string;
}

/** A place that shows a version, and takes one: the result of `etag`, `lastModified`, `header` and `field`. */
export type ReadableCarrier = HeaderCarrier | FieldCarrier;

/** A place of a write that takes a version: a readable one, or the result of `query`. */
export type Carrier = ReadableCarrier | QueryCarrier;

/** One entity tag, weak or strong (RFC 9110 §8.8.3). It doesn't match two tags that a proxy joined. */
const entityTag = /^(W\/)?("[\x21\x23-\x7e\x80-\xff]*")$/;

/**
 * The version is the `ETag`, written to `If-Match` byte for byte (RFC 9110 §8.8.3, §13.1.1).
 *
 * @param options.weak The handling of a weak tag (`W/"…"`). `'refuse'`, the default, stops and says why. `'send'` sends
 *   the tag as it is, for servers that compare weak tags (OData, FHIR). `'strip'` takes the `W/` away, for a strong tag
 *   that a proxy weakened while compressing. `'wait'` reads again after a second, for servers whose tags are weak for
 *   that long after a write (Apache), and then refuses.
 */
export function etag({ weak = 'refuse' }: { readonly weak?: WeakTags } = {}): HeaderCarrier {
  return {
    in: 'headers',
    shown: 'etag',
    name: 'if-match',
    waits: weak === 'wait',
    check(text) {
      const [tag, isWeak, opaque] = entityTag.exec(text) ?? [];
      if (tag === undefined || opaque === undefined) return 'malformed';
      if (isWeak && (weak === 'refuse' || weak === 'wait')) return 'weak';
      return { part: weak === 'strip' ? opaque : tag };
    },
  };
}

/**
 * The version is `Last-Modified`, written to `If-Unmodified-Since` (RFC 9110 §8.8.2, §13.1.4). Two changes within one
 * second have the same date, so prefer any other version that the server has.
 */
export function lastModified(): HeaderCarrier {
  return { in: 'headers', shown: 'last-modified', name: 'if-unmodified-since' };
}

/** The version is a header, of the same name in responses and in writes: `header('X-Contentful-Version')`. */
export function header(name: string): HeaderCarrier {
  return { in: 'headers', shown: name, name: name.toLowerCase() };
}

/**
 * The version is a member of the JSON body: `field('/version')`, `field('/metadata/resourceVersion')`.
 *
 * @param pointer A JSON Pointer (RFC 6901).
 * @throws {SyntaxError} for text that is no JSON Pointer.
 */
export function field(pointer: string): FieldCarrier {
  const path = parsePointer(pointer);
  return {
    in: 'document',
    at: pointer,
    get: (document) => valueAt(document, path),
    put: (document, part) => withValueAt(document, path, part),
  };
}

/**
 * The version goes to a query parameter of the write: `{ read: field('/_rev'), write: query('rev') }` (CouchDB).
 *
 * @param options.prefix The text before the version, where the parameter is a filter: `query('version', { prefix: 'eq.' })`
 *   for `?version=eq.5` (PostgREST). Default: none.
 */
export function query(name: string, { prefix = '' }: { readonly prefix?: string } = {}): QueryCarrier {
  return { in: 'query', name, prefix };
}

/** Header fields or query parameters, for reading only. */
export interface SeenFields {
  get(name: string): string | null | undefined;
}

/** Header fields or query parameters. */
export interface Fields {
  get(name: string): string | null;
  set(name: string, value: string): void;
  delete(name: string): void;
}

/** The most characters of a version. No server accepts a longer header. */
const longest = 8192;

/** Returns a version in a header, or what is wrong with it. */
export function headerPart(
  { check }: HeaderCarrier,
  text: string | null | undefined,
): { readonly part: string } | VersionProblem {
  if (!text) return 'missing';
  if (text.length > longest) return 'malformed';
  return check ? check(text) : { part: text };
}

/** Returns a version in a document, which is text or a number, or what is wrong with it. */
export function fieldPart(value: unknown): { readonly part: VersionPart } | VersionProblem {
  if (value === absent || value === null || value === '') return 'missing';
  if (typeof value === 'string') return value.length > longest ? 'malformed' : { part: value };
  if (isRounded(value)) return 'malformed';
  return typeof value === 'number' || typeof value === 'bigint' ? { part: value } : 'malformed';
}

/** Whether `JSON.parse` may have made another integer of what the text said (RFC 8259 §6). */
function isRounded(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Says where a version was looked for, and what is wrong with what stands there. */
export function explainProblem(
  carrier: ReadableCarrier,
  problem: VersionProblem,
  text: string | null | undefined,
  document: unknown,
): string | undefined {
  const isField = carrier.in === 'document';
  const place = isField ? `member ${carrier.at ?? ''}` : `${carrier.shown} header`;
  if (problem === 'missing') return `There is no ${place}`;
  if (isField)
    return isRounded(carrier.get(document))
      ? `${place} is an integer above 2^53, which JSON.parse rounds: give server.parseJson`
      : `It is ${place}`;
  const isUnquoted = problem === 'malformed' && carrier.check && !text?.includes('"');
  return isUnquoted ? unquoted : undefined;
}

const unquoted =
  "It has no quotes. A server that compares it so has { read: header('ETag'), write: header('If-Match') }";

/** Whether two versions name the same state. A query parameter holds text where the document holds a number. */
export function sameVersion(one: Version, other: Version): boolean {
  return one.length === other.length && one.every((part, index) => String(part) === String(other[index]));
}

/** A version for people. */
export function formatVersion(version: Version): string {
  return version.join(' ');
}
