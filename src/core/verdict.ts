/** The meaning of the server's answer to a write, for a recovery. */
export type Meaning =
  /** The answer stands: a success, or a refusal that has nothing to do with versions. */
  | { readonly kind: 'final' }
  /** The version that the write carried is no longer the resource's. */
  | { readonly kind: 'stale' }
  /** The server wants a version and the write had none (428, RFC 6585 §3). */
  | { readonly kind: 'precondition-required' }
  /** The resource that was to be created exists already. */
  | { readonly kind: 'exists' }
  /** The server is still at work, on this write or on another. */
  | { readonly kind: 'in-progress' }
  /** The server wants the same request again, with the token that its refusal shows. */
  | { readonly kind: 'resend' }
  /** A status that means a conflict, of a kind that reading and merging can't solve. */
  | { readonly kind: 'unsolvable'; readonly code: 'redirect' | 'no-version' | 'unknown-precondition' };

/**
 * A server's verdict on an answer.
 *
 * - `'stale'`: a conflict. Recover.
 * - `'partial'`: a conflict, although the server made a part of the write, as of a batch. Only a merge that is `repeatable`
 *   is called then, else the write ends as `outcome-unknown`.
 * - `'in-progress'`: nothing was done yet. Wait, and send the same request again, be it a POST that creates.
 * - `'final'`: a refusal that stands, whatever its status: no newer version solves it.
 * - `{ state }`: the answer holds the current state, its version included, so the first recovery needs no read, unless it
 *   has to wait. Without a `kind` the evidence decides whether there is a conflict.
 * - `{ kind: 'resend', header }`: send the same request with this header as the refusal shows it: a session's token, such
 *   as `'X-Transmission-Session-Id'`. Never name a version here: the same write under a new version overwrites.
 */
export type Verdict =
  | 'stale'
  | 'partial'
  | 'in-progress'
  | 'final'
  | { readonly kind?: 'stale' | 'partial'; readonly state: unknown }
  | { readonly kind: 'resend'; readonly header: string };

/** The kind of a verdict; `undefined` where the evidence decides. */
export type VerdictKind = 'stale' | 'partial' | 'in-progress' | 'final' | 'resend' | undefined;

/** A write and its answer, as far as they are known. The answer has one of the server's `conflictStatuses`. */
export interface Answer {
  readonly status: number;
  /** Whether the answer came from an address other than the one to which the write was sent. */
  readonly redirected: boolean;
  /** Whether the write carried the route's version. */
  readonly versioned: boolean;
  /** Whether the write was to create the resource. */
  readonly creating: boolean;
  /** A precondition that the route doesn't know, and so can't bring up to date. */
  readonly foreign: string | undefined;
  /** The verdict of the server's `classify`, if it gives one. */
  readonly verdict: VerdictKind;
}

/**
 * Says what an answer means, by the evidence at hand. 409 has at least six meanings (RFC 9110 §15.5.10 leaves it open),
 * so the re-read decides in the end: a conflict is real only if the version changed.
 */
export function classify(answer: Answer): Meaning {
  const { status, verdict } = answer;
  // A success status is a success, unless the route gives another verdict.
  if (verdict === 'final' || (!verdict && status < 300)) return { kind: 'final' };
  // A redirected PUT may have turned into a GET that still carries If-Match (RFC 9110 §13.2.1, §15.4.4).
  if (answer.redirected) return { kind: 'unsolvable', code: 'redirect' };
  if (verdict === 'in-progress' || verdict === 'resend') return { kind: verdict };
  if (answer.creating) return { kind: 'exists' };
  if (answer.foreign !== undefined) return { kind: 'unsolvable', code: 'unknown-precondition' };
  if (answer.versioned) return { kind: 'stale' };
  if (status === 428 || verdict) return { kind: 'precondition-required' };
  return { kind: 'unsolvable', code: 'no-version' };
}

/**
 * Whether an answer leaves open if the write was made: a gateway answered instead of the server, or the server failed
 * at the write. 501 and 505 say that the server tried nothing (RFC 9110 §15.6.2, §15.6.6).
 */
export function leavesOpen(status: number): boolean {
  return status === 408 || (status >= 500 && status !== 501 && status !== 505);
}

/** Whether the server may answer otherwise in a moment. The list is ky's, without 413. */
export function isTransient(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

/** The likeliest reason for a refusal, if the version didn't change. */
export type Likely =
  'business-rule' | 'duplicate' | 'unmatchable-etag' | 'stale-replica' | 'dropped-precondition';

/** The evidence for a diagnosis: the refusal, and the re-read that showed the same version. */
export interface Evidence {
  readonly status: number;
  /** The body of the refusal, as text. */
  readonly body: string;
  /** The version in the write, which the re-read shows as well. */
  readonly version: string;
  /** Whether the headers of the re-read say that it came through a cache or a proxy. */
  readonly relayed: boolean;
}

/** Names the likeliest reason for a refusal of the version that the server itself shows. */
export function diagnose({ status, body, version, relayed }: Evidence): Likely {
  // The server asks for a precondition that the write had (RFC 6585 §3).
  if (status === 428) return 'dropped-precondition';
  if (status !== 412) return /duplicate|unique|already|exist/i.test(body) ? 'duplicate' : 'business-rule';
  // Compression weakens an ETag or adds to it on the way out, and the server doesn't recognise the ETag on the way in.
  if (/^W\/|-(gzip|br|zstd|df)"$/.test(version)) return 'unmatchable-etag';
  return relayed ? 'stale-replica' : 'unmatchable-etag';
}
