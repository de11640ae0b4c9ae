import { isTooDeep } from '../core/depth.ts';
import { absent } from '../core/pointer.ts';
import { isUntyped, mediaKind, mediaType, type Format, type MediaKind } from '../core/media.ts';
import { explainProblem, type Version, type VersionProblem } from '../core/version.ts';
import { readVersion, type VersionRule } from '../core/version-rule.ts';
import { decode, readCapped } from './body.ts';

/** The functions by which a route turns JSON text into values and back. */
export interface Json {
  readonly parseJson: (text: string) => unknown;
  readonly stringifyJson: (value: unknown) => string;
  /** How bodies that aren't JSON are turned into values and back, by content type. Inside, their states are JSON text. */
  readonly formats?: Readonly<Record<string, Format>> | undefined;
}

/** Returns the functions for the bodies of a content type; the very `json` that is given unless there is a format. */
export function jsonFor(json: Json, type: string | null | undefined): Json {
  const format = json.formats?.[mediaType(type ?? '')];
  return format
    ? { parseJson: (text) => format.parse(text), stringifyJson: (value) => format.stringify(value) }
    : json;
}

/** Returns how a content type is merged; `undefined` where there is no content type. */
export function kindFor(json: Json, type: string | null | undefined): MediaKind | undefined {
  return jsonFor(json, type) === json ? mediaKind(type) : 'json';
}

/** A body kept as it came. Each reader gets a new value made from it, so no two readers share one. */
export type Content = string | Uint8Array<ArrayBuffer>;

/** One state of a resource, as read. */
export interface Representation {
  readonly kind: MediaKind;
  readonly content: Content;
  readonly version: Version;
  /** The response that the state came in, with its body used up. */
  readonly response: Response;
}

/** The reason why a response holds no representation. */
export type Unreadable =
  { readonly code: 'content-type' | 'malformed-body' | 'too-large' | 'too-deep' | 'gone' } | VersionUnread;

/** The reason why no version could be read. */
export interface VersionUnread {
  readonly code: `version-${VersionProblem | 'hidden'}`;
  /** The place where it was looked for, or what is wrong with what stands there. */
  readonly reason?: string;
}

/** Finds the state in the JSON of a read, for a body that isn't the state itself. */
type Envelope = (body: unknown) => unknown;

/** The options by which a representation is read. */
export interface Reading extends Json {
  readonly version: VersionRule;
  readonly unwrap?: Envelope | undefined;
  readonly maxBytes: number;
  /** The kind of the body that the caller sent, if it is known: a representation of another kind can't be merged with it. */
  readonly kind: MediaKind | undefined;
  /** Says the kind of a body if neither its content type nor the caller does. Default: bytes. */
  readonly untyped?: (bytes: Uint8Array, type: string | null) => MediaKind;
}

/** The body of a successful response, with its kind and its version. */
export interface Body {
  readonly kind: MediaKind;
  readonly content: Content;
  readonly version: VersionSeen;
}

/** The version that a response shows, or the reason why it shows none. */
export type VersionSeen = Version | VersionUnread;

/** Reads the representation in a successful response. */
export async function readRepresentation(
  response: Response,
  by: Reading,
  signal: AbortSignal,
): Promise<Representation | Unreadable> {
  const body = await readBody(response, by, signal);
  if ('code' in body) return body;
  const { version } = body;
  return 'code' in version ? version : { ...body, version, response };
}

/** Reads the body of a successful response, and its version if it has one. */
export async function readBody(
  response: Response,
  by: Reading,
  signal: AbortSignal,
): Promise<Body | Exclude<Unreadable, VersionUnread>> {
  const { headers } = response;
  const type = headers.get('content-type');
  const wire = jsonFor(by, type);
  const shown = isUntyped(type) ? undefined : kindFor(by, type);
  if (shown && by.kind && shown !== by.kind) return { code: 'content-type' };
  const bytes = await readCapped(response, by.maxBytes, signal);
  if (!bytes) return { code: 'too-large' };
  const kind = shown ?? by.kind ?? by.untyped?.(bytes, type) ?? 'bytes';
  try {
    const content = kind === 'bytes' ? bytes : decode(bytes);
    if (kind === 'json' && isTooDeep(content as string)) return { code: 'too-deep' };
    const document = kind === 'json' ? wire.parseJson(content as string) : undefined;
    const version = versionIn(by.version, response, document);
    if (kind !== 'json' || (!by.unwrap && wire === by)) return { kind, content, version };
    // The route says that nothing is there, though the status is a success.
    if (by.unwrap?.(document) === absent) return { code: 'gone' };
    return { kind, content: opened(document, by), version };
  } catch {
    // The parser's error quotes the body, and a report must not.
    return { code: 'malformed-body' };
  }
}

/**
 * Returns the state in a document, which may wrap it, as JSON.
 *
 * @throws {TypeError} for a document without a state.
 */
export function opened(document: unknown, by: Pick<Reading, 'unwrap'> & Json): Content {
  const content = contentOf('json', by.unwrap ? by.unwrap(document) : document, by);
  if (content === undefined) throw new TypeError('There is no state in it.');
  return content;
}

/** Reads the version of a response and its document. */
export function versionIn(
  rule: VersionRule,
  { headers, type }: Pick<Response, 'headers' | 'type'>,
  document: unknown,
): VersionSeen {
  const version = readVersion(rule, headers, document);
  if (!('problem' in version)) return version;
  const { problem, carrier } = version;
  // A page may read few headers of a response of another origin (Fetch §3.3.4): a version that is missing there may
  // only be hidden.
  const isShown = carrier.in !== 'headers' || carrier.shown === 'last-modified';
  const isHidden = problem === 'missing' && !isShown && type === 'cors';
  if (isHidden) return { code: 'version-hidden' };
  const text = carrier.in === 'headers' ? headers.get(carrier.shown) : undefined;
  const reason = explainProblem(carrier, problem, text, document);
  return { code: `version-${problem}`, ...(reason !== undefined && { reason }) };
}

/** Makes a new value from a body. */
export function valueOf(kind: MediaKind, content: Content, { parseJson }: Json): unknown {
  if (kind === 'bytes')
    return typeof content === 'string' ? new TextEncoder().encode(content) : content.slice();
  const text = typeof content === 'string' ? content : decode(content);
  return kind === 'json' ? parseJson(text) : text;
}

/** Does the same as `valueOf`, but returns `other` for a body that is no such value. */
export function valueOr(other: unknown, ...body: Parameters<typeof valueOf>): unknown {
  try {
    return valueOf(...body);
  } catch {
    return other;
  }
}

/** Returns the body of a value, or `undefined` for a value of another kind than the resource's. */
export function contentOf(kind: MediaKind, value: unknown, { stringifyJson }: Json): Content | undefined {
  // JSON.stringify returns undefined for what JSON can't say, although its type says otherwise.
  if (kind === 'json') return stringifyJson(value);
  if (kind === 'text') return typeof value === 'string' ? value : undefined;
  return value instanceof Uint8Array ? (value as Uint8Array<ArrayBuffer>) : undefined;
}

/** Makes the response of a read again, for the caller, with its body as it was. */
export function responseOf({ kind, content, response }: Representation, json: Json): Response {
  const headers = new Headers(response.headers);
  // A refusal that carried the representation describes itself, not the representation.
  if (!response.ok) headers.set('content-type', 'application/json');
  // The body is decoded already, so its old length and coding would be false.
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  const wire = jsonFor(json, headers.get('content-type'));
  const body = wire === json ? content : contentOf(kind, valueOf(kind, content, json), wire);
  const copy = new Response(body, { status: 200, headers });
  Object.defineProperty(copy, 'url', { value: response.url });
  return copy;
}
