import type { Carrier, HeaderCarrier, Version, VersionPart } from '../core/version.ts';
import type { VersionRule } from '../core/version-rule.ts';

/**
 * The reason for a refusal: the version isn't the current one, a write names none, what is to be new exists, what is
 * written under a version is gone, there is nothing at this path, or two places name two versions.
 */
export type Refusal = 'stale' | 'required' | 'exists' | 'gone' | 'missing' | 'disagree';

/** A write that was made. */
export interface Made {
  readonly kind: 'created' | 'updated' | 'deleted';
  /** The address of the resource, from the top of the server. */
  readonly address: string;
  /** The path of the resource, as the origin was given it. */
  readonly path: string;
  /** The document as a read shows it; `undefined` after a DELETE. */
  readonly document: unknown;
  readonly version: Version;
  /** The headers that show the version. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The wire format of a kind of server, as far as it differs from plain HTTP. */
export interface Shape {
  /** The version after so many writes. */
  readonly version?: (count: number) => Version;
  /** The path of the resource that a request with this path is about. Default: the same. */
  readonly resource?: (path: string) => string;
  /** The document of a read, but for its version. Default: the value. */
  readonly show?: (value: unknown, about: { readonly path: string; readonly version: Version }) => unknown;
  /** More headers of a read. */
  readonly headers?: (version: Version) => Readonly<Record<string, string>>;
  /** The state in the body of a write. Default: the body. */
  readonly take?: (body: unknown) => unknown;
  /** The path in a collection that the body of a POST asks for. Default: the server chooses. */
  readonly child?: (collection: string, body: unknown) => string | undefined;
  /** Whether a request with this path creates only. Default: by `If-None-Match: *` alone. */
  readonly creates?: (path: string) => boolean;
  /** Whether a version in the body of a write is a member like any other. Default: `false`. */
  readonly takesWhole?: boolean;
  /** The version of what doesn't exist: a write under it creates only. */
  readonly zero?: string;
  /** Whether a PUT creates what isn't there. Default: `true`. */
  readonly putCreates?: boolean;
  /** Whether a POST writes the resource at its own path, which it creates if need be. Default: `false`. */
  readonly postCreates?: boolean;
  /** Whether a write under a version brings back what was deleted. Default: `false`. */
  readonly resurrects?: boolean;
  /** The answer to a write. Default: as the option `answers` says. */
  readonly made?: (made: Made) => Response;
  /** The refusal of a write. Default: a problem (RFC 9457) with the status. */
  readonly refused?: (reason: Refusal) => Response | undefined;
  /** Whether a write without a version is refused. Default: `true`. */
  readonly requires?: boolean;
}

/** The version after so many writes, for a server that spells its versions plainly. */
export function plainVersion({ read }: VersionRule, count: number): Version {
  return read.map((carrier, index) => (index > 0 ? 1 : plainPart(carrier, count)));
}

function plainPart(carrier: Carrier, count: number): VersionPart {
  if (carrier.in !== 'headers') return count;
  if (carrier.shown === 'etag') return `${isComparedWeakly(carrier) ? 'W/' : ''}"v${count}"`;
  // A date names a second, so each write has a second of its own.
  if (carrier.shown === 'last-modified') return new Date(Date.UTC(2026, 0, 1) + count * 1000).toUTCString();
  return String(count);
}

/** Whether a server takes back a weak tag as it showed it. */
function isComparedWeakly({ check }: HeaderCarrier): boolean {
  const checked = check?.('W/"v"');
  return typeof checked === 'object' && checked.part.startsWith('W/');
}

/** A refusal by HTTP's own statuses, as a problem (RFC 9457). */
export function problem(reason: Refusal, stale: number): Response {
  const [status, title] = {
    stale: [stale, 'The version is not the current one'],
    required: [428, 'The write names no version'],
    exists: [412, 'The resource exists'],
    gone: [412, 'The resource is gone'],
    missing: [404, 'There is no such resource'],
    disagree: [400, 'Two places name two versions'],
  }[reason] as [number, string];
  return new Response(JSON.stringify({ title, status }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
}
