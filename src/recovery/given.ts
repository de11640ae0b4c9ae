import { absent } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';
import { formatVersion, headerPart, type Version } from '../core/version.ts';
import { readVersion } from '../core/version-rule.ts';
import type { Route } from '../route.ts';
import { valueOr } from '../shell/representation.ts';
import type { Fetch, Write } from '../shell/transport.ts';
import { underVersion } from './asked.ts';
import { isShownLike, recognise, type ShownLike } from './known.ts';

/**
 * A write under the version of its base, as far as that tells one. What a client of ours has given is recognised; a plain
 * copy of a snapshot or of a result is opened; anything else is the document itself, and its version is the one within.
 *
 * @throws {TypeError} for a base that is a state of another resource, or the result of a write that shows no state.
 */
export function underBase(fetch: Fetch, write: Write, route: Route, given: unknown): Write {
  const { base } = write;
  if (!base) return write;
  const seen = recognise(given);
  if (seen?.url !== undefined) return underVersion(fetch, write, route, seen);
  const opened = openBase(seen ? undefined : given, base, write, route);
  const known = { ...write, base: opened.state, isClaimed: !seen };
  const { version = versionWithin(route, opened.state()) } = opened;
  return version ? underVersion(fetch, known, route, { url: undefined, version }) : known;
}

/** A base as the state that it is: a copy of a snapshot or of a result is opened, and tells the version. */
export function openBase(
  given: unknown,
  base: () => unknown,
  write: Pick<Write, 'method' | 'body'>,
  route: Route,
): { readonly state: () => unknown; readonly version?: Version | undefined } {
  const copy = isShownLike(given) ? base() : undefined;
  const opened = isShownLike(copy) ? openCopy(copy, write, route) : undefined;
  return opened ? { ...opened, state: () => (base() as ShownLike).value } : { state: base };
}

const stateless = 'base is the result of a write that shows no state. Give what read() gives.';

/** The version that a copy of a snapshot or of a result tells; `undefined` for what is a document after all. */
function openCopy(
  copy: ShownLike,
  write: Pick<Write, 'method' | 'body'>,
  route: Route,
): { readonly version: Version | undefined } | undefined {
  const isResult = typeof copy.ending === 'string' && Array.isArray(copy.attempts);
  if (isResult && copy.value === undefined) throw new TypeError(stateless);
  if (copy.value === undefined || (!isResult && isDocument(copy, write, route))) return undefined;
  const version = copy.version === undefined ? undefined : versionOf(copy, route);
  // What is no version of this route isn't ours.
  return version === absent ? undefined : { version };
}

/** The version of a copy; `undefined` where its text doesn't tell it, `absent` where it is none of this route. */
function versionOf({ value, version: text }: ShownLike, route: Route): Version | typeof absent | undefined {
  const { read } = route.version;
  const [first] = read;
  const within = versionWithin(route, value);
  if (within) return formatVersion(within) === text ? within : absent;
  if (read.length !== 1 || first?.in !== 'headers') return undefined;
  const part = headerPart(first, text as string);
  return typeof part === 'string' ? absent : [part.part];
}

/** Whether a base is a document that has the members of a snapshot: then what is written has them, too. */
function isDocument(
  copy: ShownLike,
  { method, body }: Pick<Write, 'method' | 'body'>,
  route: Route,
): boolean {
  const { content } = body ?? {};
  const said = content && !(content instanceof Blob) ? valueOr(undefined, 'json', content, route) : undefined;
  if (!isRecord(said)) return false;
  const has = (one: unknown, names: object): boolean =>
    isRecord(one) && Object.keys(names).every((name) => Object.hasOwn(one, name));
  // A patch names some members: those of the document, or those of the value in a snapshot of it.
  return method === 'PATCH' ? has(copy, said) && !has(copy.value, said) : has(said, copy);
}

/** The version that a state holds; `undefined` where another place has it. */
export function versionWithin({ version, stateIn }: Route, state: unknown): Version | undefined {
  const isWithin = version.read.length > 0 && version.read.every((carrier) => carrier.in === 'document');
  const found = isWithin && !stateIn ? readVersion(version, new Headers(), state) : undefined;
  return found && !('problem' in found) ? found : undefined;
}
