import { absent } from './pointer.ts';
import {
  explainProblem,
  fieldPart,
  headerPart,
  type Carrier,
  type Fields,
  type ReadableCarrier,
  type SeenFields,
  type Version,
  type VersionPart,
} from './version.ts';
import type { VersionRule } from './version-rule.ts';

/** The places in a write that can carry a version. The document is read only for a route that has its version there. */
export interface WriteParts {
  readonly headers: SeenFields;
  readonly query: SeenFields;
  readonly document: () => unknown;
}

/**
 * The version that a write carries, or `undefined` where it carries none. `If-Match: *` and a list of tags name no
 * single state, so they are not a version.
 */
export function carriedVersion({ read, write }: VersionRule, parts: WriteParts): Version | undefined {
  const found = write.map((carrier) => carriedPart(carrier, parts));
  // A version of one part may stand in several places. Any of them is enough.
  const version = read.length === 1 ? [found.find((part) => part !== undefined)] : found;
  return version.every((part) => part !== undefined) ? version : undefined;
}

function carriedPart(carrier: Carrier, parts: WriteParts): VersionPart | undefined {
  if (carrier.in === 'query') {
    const { name, prefix = '' } = carrier;
    const said = parts.query.get(name);
    return said?.startsWith(prefix) ? said.slice(prefix.length) : undefined;
  }
  const part = readPart(carrier, parts);
  if (typeof part === 'object') return part.part;
  // A weak tag names a state, too. Whether it can be used is checked when the state is read.
  return part === 'weak' && carrier.in === 'headers'
    ? (parts.headers.get(carrier.name) ?? undefined)
    : undefined;
}

function readPart(
  carrier: ReadableCarrier,
  { headers, document }: WriteParts,
): ReturnType<typeof headerPart> | ReturnType<typeof fieldPart> {
  return carrier.in === 'headers'
    ? headerPart(carrier, headers.get(carrier.name))
    : fieldPart(carrier.get(document()));
}

/** Says what is wrong with the version that a write carries: it is none. `undefined` where the write carries nothing. */
export function malformedVersion({ write }: VersionRule, parts: WriteParts): string | undefined {
  for (const carrier of write) {
    if (carrier.in === 'query' || readPart(carrier, parts) !== 'malformed') continue;
    const text = carrier.in === 'headers' ? parts.headers.get(carrier.name) : undefined;
    // "Any" and a list of tags are preconditions, and name no single state (RFC 9110 §13.1.1).
    if (text == null || !/^\*|"/.test(text))
      return explainProblem(carrier, 'malformed', text, parts.document());
  }
  return undefined;
}

/**
 * Puts a fresh version into every place of a write that carries it, or removes the version. Returns the changed
 * document.
 */
export function putVersion(
  { read, write }: VersionRule,
  version: Version | undefined,
  { headers, query, document }: Readonly<Record<'headers' | 'query', Fields> & { document: unknown }>,
): unknown {
  let fresh = document;
  write.forEach((carrier, index) => {
    const part = version ? version[read.length === 1 ? 0 : index] : absent;
    if (part === undefined) return;
    const [fields, prefix = ''] = carrier.in === 'query' ? [query, carrier.prefix] : [headers];
    if (carrier.in === 'document') fresh = carrier.put(fresh, part);
    else if (part === absent) fields.delete(carrier.name);
    else fields.set(carrier.name, prefix + String(part));
  });
  return fresh;
}

/**
 * Finds a precondition header that the write carries and the route doesn't know. It can't be brought up to date, so a
 * write with such a header can't be sent again.
 */
export function foreignPrecondition({ write }: VersionRule, headers: SeenFields): string | undefined {
  return ['if-match', 'if-unmodified-since'].find(
    (name) =>
      headers.get(name) != null &&
      !write.some((carrier) => carrier.in === 'headers' && carrier.name === name),
  );
}
