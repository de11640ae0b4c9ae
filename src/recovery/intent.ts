import { isTooDeep } from '../core/depth.ts';
import { mediaType, type MediaKind } from '../core/media.ts';
import { absent } from '../core/pointer.ts';
import { carriedVersion, malformedVersion, type WriteParts } from '../core/precondition.ts';
import type { Version } from '../core/version.ts';
import type { Patched, PatchFormat } from '../merge/patch-format.ts';
import type { Reason } from '../report.ts';
import type { Route } from '../route.ts';
import type { BodySnapshot } from '../shell/body.ts';
import { jsonFor, kindFor, valueOf, valueOr, type Content } from '../shell/representation.ts';
import type { HttpRequest, Write } from '../shell/transport.ts';
import { recallBase, type Bases } from './bases.ts';
import { isCreating } from './creating.ts';

/**
 * The caller's intent: base and local of one write. It never changes while the write lasts; each call of `said` and `base` gives
 * a new copy.
 */
export interface Intent {
  readonly write: Write;
  readonly body: BodySnapshot;
  /** The media kind of the body; `undefined` where the content type is left to `fetch`. */
  readonly kind: MediaKind | undefined;
  /** How the body is understood as a patch; `undefined` for a whole state, and for a PATCH that nothing understands. */
  readonly format: PatchFormat | undefined;
  /** The version that the caller's write carries. */
  readonly version: Version | undefined;
  /** Says what is wrong with what stands in the place of a version; `undefined` where that is fine, or nothing. */
  readonly malformed: () => string | undefined;
  /** Whether it asks for the resource to be new. */
  readonly creates: boolean;
  /** The body as a value: a state, or a patch. */
  readonly said: (kind: MediaKind) => unknown;
  readonly base: (kind: MediaKind) => unknown;
  /** Whether the body is JSON that is nested deeper than a merge can go. */
  readonly isTooDeep: boolean;
}

/** Stands for the body of a write that has none. */
const nothing: BodySnapshot = { content: '', type: undefined };

/** Opens what the caller asked for. Done at the first conflict: a write without one is never parsed. */
export async function openIntent(write: Write, route: Route, bases: Bases): Promise<Intent> {
  const { headers, body = nothing } = write;
  const { content } = body;
  const text = content instanceof Blob ? new Uint8Array(await content.arrayBuffer()) : content;
  const version = askedVersion(write, route, text);
  const remembered = version && recallBase(bases, route, write, text, version);
  const creates = isCreating(write, route, version);
  const type = headers.get('content-type') ?? (content instanceof Blob ? content.type : undefined);
  const kind = kindFor(route, type);
  const format = creates && write.method !== 'PATCH' ? undefined : patchFormat(write, route);
  const { state } = format ? {} : write;
  return {
    write,
    body,
    kind,
    isTooDeep: (kind ?? 'json') === 'json' && isTooDeep(asText(text)),
    format,
    version,
    malformed: () => malformedVersion(route.version, partsOf(write, route, text)),
    creates,
    said: (kind) =>
      typeof state === 'string' ? valueOf(kind, state, route) : valueOf(kind, text, jsonFor(route, type)),
    base(kind) {
      if (write.base) return write.base();
      // It may have been read as something else, such as a page about it.
      return remembered === undefined ? undefined : valueOr(undefined, kind, remembered, route);
    },
  };
}

function asText(content: Content): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

/** The version that a write carries, as far as its body can be read. */
export function askedVersion(
  write: Pick<Write, 'method' | 'url' | 'headers'>,
  route: Route,
  content: Content,
): Version | undefined {
  return carriedVersion(route.version, partsOf(write, route, content));
}

/** The places of a write that can carry a version. */
function partsOf(
  write: Pick<Write, 'method' | 'url' | 'headers'>,
  route: Route,
  content: Content,
): WriteParts {
  const { url, headers } = write;
  const document = (): unknown => {
    try {
      const said = valueOf('json', content, jsonFor(route, headers.get('content-type')));
      return patchFormat(write, route)?.asserted(said) ?? said;
    } catch {
      return absent;
    }
  };
  return { headers, query: url.searchParams, document };
}

/** How the body of a write is understood as a patch; `undefined` for what is none. */
export function patchFormat(
  { method, headers }: Pick<HttpRequest | Write, 'method' | 'headers'>,
  { patches, part }: Route,
): PatchFormat | undefined {
  if (method !== 'PATCH') return method === 'DELETE' || headers.has('if-none-match') ? undefined : part;
  const type = mediaType(headers.get('content-type') ?? 'application/json');
  return patches.find(({ types }) => types.includes(type));
}

/** The content type of a PATCH that remerge makes of a whole state. */
export function patchType({ patches: [first] }: Route): string {
  return first?.types[0] ?? 'application/merge-patch+json';
}

/** Why a patch could not be applied, or made. */
export function unpatched(problem: Exclude<Patched, { kind: 'patched' }>): Reason {
  return problem.kind === 'base-unknown'
    ? { code: problem.kind }
    : { code: problem.kind, reason: `At ${problem.at}.` };
}
