import { absent } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import { formatVersion, headerPart, type Version } from '../core/version.ts';
import { knownAt } from '../recovery/address.ts';
import { versionWithin } from '../recovery/under-base.ts';
import { track, stateOf, type KnownState } from '../recovery/known-state.ts';
import { hide } from '../report.ts';
import type { Route } from '../route.ts';
import { contentOf, valueOr, type Content } from '../shell/representation.ts';

/**
 * The result of a handle: a snapshot, or the result of a write. A class, so that caches which rebuild plain objects
 * keep an instance as it is, as TanStack Query does.
 */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- What it is for is to be no plain object.
class HandleResult {
  constructor(members: object) {
    hide(Object.assign(this, members), 'response');
  }
}

/** Makes the result of a handle, and tracks the result as the state that it shows, if there is one. */
export function handleResult<Members extends object>(
  members: Members,
  known: KnownState | undefined,
): Members {
  const result = new HandleResult(members) as Members;
  return known ? track(result, known) : result;
}

/** A plain copy of a snapshot or of a result, judged by its members. */
interface Copy {
  readonly value?: unknown;
  readonly version?: unknown;
  readonly outcome?: unknown;
  readonly attempts?: unknown;
}

const members: readonly string[] = ['value', 'version', 'outcome', 'attempts'];

/** Whether a base has no members but those of a snapshot or of a result. In both, a version is text. */
function isCopyLike(base: unknown): base is Copy {
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return false;
  const names = Object.keys(base);
  const { version } = base as Copy;
  const isTextual = version === undefined || typeof version === 'string';
  return names.length > 0 && isTextual && names.every((name) => members.includes(name));
}

/** Returns the state that a base is tracked as. A spread copy of a snapshot is found by its value. */
export function stateOfBase(base: unknown): KnownState | undefined {
  return stateOf(base) ?? (isCopyLike(base) ? stateOf(base.value) : undefined);
}

/**
 * Returns a base as the caller means it: a plain copy of a snapshot or of a result as the state and the version that
 * the copy holds, and anything else as it is.
 *
 * @param written The content that is written. It tells a copy from a document that has these members.
 * @throws {TypeError} for the result of a write that shows no state.
 */
export function resolveBase(
  base: unknown,
  method: string,
  url: URL,
  written: unknown,
  route: Route,
): unknown {
  if (stateOf(base) || !isCopyLike(base)) return base;
  const known = stateOf(base.value);
  if (known) return track({}, known);
  const { value, outcome, attempts } = base;
  const isResult = typeof outcome === 'string' && Array.isArray(attempts);
  if (isResult && value === undefined)
    throw new TypeError('base is the result of a write that shows no state. Give what read() gives.');
  if (value === undefined || (!isResult && isDocument(base, method, written, route))) return base;
  const version = versionOf(base, route);
  const kind = value instanceof Uint8Array ? 'bytes' : typeof value === 'string' ? 'text' : 'json';
  const content = contentOf(kind, value, route);
  // If `version` is no version of this route, the base is a document and no copy of a snapshot.
  if (version === absent || content === undefined) return base;
  const at = knownAt(route, url, isContent(written) ? written : '');
  return track({}, { url: at, kind, type: 'application/json', content, version, isClaimed: true });
}

/**
 * Returns the version of a copy; `undefined` if its text doesn't tell the version, `absent` if the text is no version
 * of this route.
 */
function versionOf({ value, version: text }: Copy, route: Route): Version | typeof absent | undefined {
  if (text === undefined) return undefined;
  const { read } = route.version;
  const [first] = read;
  const within = versionWithin(route, () => value);
  if (within) return formatVersion(within) === text ? within : absent;
  if (read.length !== 1 || first?.in !== 'headers') return undefined;
  const part = headerPart(first, text as string);
  return typeof part === 'string' ? absent : [part.part];
}

/** Whether a base is a document that has the members of a snapshot. If it is, what is written has these members, too. */
function isDocument(base: Copy, method: string, content: unknown, route: Route): boolean {
  const written = isContent(content) ? valueOr(undefined, 'json', content, route) : undefined;
  const has = (one: unknown, names: object): boolean =>
    isRecord(one) && Object.keys(names).every((name) => Object.hasOwn(one, name));
  if (!isRecord(written)) return false;
  // A patch names members of the document, or members of the value in a snapshot of the document.
  return method === 'PATCH' ? has(base, written) && !has(base.value, written) : has(written, base);
}

function isContent(body: unknown): body is Content {
  return typeof body === 'string' || body instanceof Uint8Array;
}
