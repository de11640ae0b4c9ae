import { recallBase, type Bases } from './bases.ts';
import { mediaKind, mediaType, type MediaKind } from './core/media.ts';
import { absent } from './core/pointer.ts';
import { carriedVersion } from './core/precondition.ts';
import type { Version } from './core/version.ts';
import type { RecoveryListener } from './events.ts';
import { Journal } from './journal.ts';
import type { PatchFormat } from './merge/patch-format.ts';
import type { Route } from './route.ts';
import type { KeptBody } from './shell/body.ts';
import type { Clock } from './shell/clock.ts';
import { startDeadline, type Deadline } from './shell/deadline.ts';
import { valueOf, type Content } from './shell/representation.ts';
import type { Fetch, Write } from './shell/transport.ts';

/** What all writes of one client share. */
export interface World {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly bases: Bases;
  readonly onEvent: RecoveryListener | undefined;
}

/** One write on its way: what was asked, by which route, and what is kept of it. */
export interface Run {
  readonly write: Write;
  readonly route: Route;
  readonly world: World;
  readonly deadline: Deadline;
  readonly journal: Journal;
  /** Whether the write itself is out, and not yet answered. */
  inFlight: boolean;
}

export function startRun(write: Write, route: Route, world: World): Run {
  const deadline = startDeadline(world.clock, route.totalTimeout, write.signal);
  const journal = new Journal(write.method, write.url, world.onEvent);
  return { write, route, world, deadline, journal, inFlight: false };
}

/** Waits before a send, within the time that the write has. */
export async function pause({ deadline, journal }: Run, attempt: number, delay: number): Promise<void> {
  if (delay > 0) journal.tell(attempt, { kind: 'wait', delay });
  await deadline.sleep(delay);
}

/** Base and local of one write. They never change while it lasts, and each look makes a new copy. */
export interface Asked {
  /** What the caller says the body is; `undefined` where the content type is left to `fetch`. */
  readonly kind: MediaKind | undefined;
  /** How the body of a PATCH is understood; `undefined` for a whole state, and for a PATCH that nothing understands. */
  readonly format: PatchFormat | undefined;
  /** The version that the caller's write carries. */
  readonly version: Version | undefined;
  /** What the body says: a state, or a patch. */
  readonly said: (kind: MediaKind) => unknown;
  readonly base: (kind: MediaKind) => unknown;
}

/** Opens what the caller asked for. Done at the first conflict: a write without one is never parsed. */
export async function openAsked({ write, route, world }: Run, { content }: KeptBody): Promise<Asked> {
  const { url, headers } = write;
  const text = content instanceof Blob ? new Uint8Array(await content.arrayBuffer()) : content;
  const version = askedVersion(write, route, text);
  const remembered = version && recallBase(world.bases, route, url, headers, version);
  return {
    kind: mediaKind(headers.get('content-type') ?? (content instanceof Blob ? content.type : undefined)),
    format: patchFormat(write, route),
    version,
    said: (kind) => valueOf(kind, text, route),
    base: (kind) =>
      write.base ? write.base() : remembered === undefined ? undefined : valueOf(kind, remembered, route),
  };
}

/** The version that a write carries, as far as its body can be read. */
export function askedVersion(write: Write, route: Route, content: Content): Version | undefined {
  const { url, headers } = write;
  const document = (): unknown => {
    try {
      const said = valueOf('json', content, route);
      return patchFormat(write, route)?.asserted(said) ?? said;
    } catch {
      return absent;
    }
  };
  return carriedVersion(route.version, { headers, query: url.searchParams, document });
}

function patchFormat({ method, headers }: Write, { patches }: Route): PatchFormat | undefined {
  if (method !== 'PATCH') return undefined;
  const type = mediaType(headers.get('content-type') ?? 'application/json');
  return patches.find(({ types }) => types.includes(type));
}
