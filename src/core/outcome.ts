/** What the server's answer to a write means for a recovery. */
export type Outcome =
  /** The answer stands: a success, or a refusal that has nothing to do with versions. */
  | { readonly kind: 'final' }
  /** The version that the write carried is no longer the resource's. */
  | { readonly kind: 'stale' }
  /** The server wants a version and the write had none (428, RFC 6585 §3). */
  | { readonly kind: 'precondition-required' }
  /** What was to be created is there already. */
  | { readonly kind: 'exists' }
  /** The server is still at work, on this write or on another. */
  | { readonly kind: 'in-progress' }
  /** The server wants the same again, with the token that its refusal shows. */
  | { readonly kind: 'renew' }
  /** A status that means a conflict, of a kind that reading and merging can't solve. */
  | { readonly kind: 'unsolvable'; readonly code: 'redirected' | 'no-version' | 'foreign-precondition' };

/**
 * A route's own word on an answer: `'stale'` to recover; `'partial'` to do so though some of the write was made, as of a
 * batch; `'in-progress'` to wait and send the same again; `'renew'` to send the same with the `token` that the refusal
 * shows; `'final'` to let the answer stand.
 */
export type Verdict = 'stale' | 'partial' | 'in-progress' | 'renew' | 'final';

/** What is known of a write and of its answer, which has one of the route's `statusCodes`. */
export interface Answer {
  readonly status: number;
  /** Whether the answer came from another address than the one the write was sent to. */
  readonly redirected: boolean;
  /** Whether the write carried the route's version. */
  readonly versioned: boolean;
  /** Whether the write asked for the resource to be new. */
  readonly creating: boolean;
  /** A precondition that the route doesn't know of, and so can't bring up to date. */
  readonly foreign: string | undefined;
  /** What the route made of it, where it has an opinion. */
  readonly verdict: Verdict | undefined;
}

/**
 * Says what an answer means, by the evidence at hand. 409 has at least six meanings (RFC 9110 §15.5.10 leaves it
 * open), so the last word is the re-read's: a conflict is real only if the version moved.
 */
export function classify(answer: Answer): Outcome {
  const { status, verdict } = answer;
  // What says that it is a success is one, unless the route knows better.
  if (verdict === 'final' || (!verdict && status < 300)) return { kind: 'final' };
  // A redirected PUT may have turned into a GET that still carries If-Match (RFC 9110 §13.2.1, §15.4.4).
  if (answer.redirected) return { kind: 'unsolvable', code: 'redirected' };
  if (verdict === 'in-progress' || verdict === 'renew') return { kind: verdict };
  if (answer.creating) return { kind: 'exists' };
  if (answer.foreign !== undefined) return { kind: 'unsolvable', code: 'foreign-precondition' };
  if (answer.versioned) return { kind: 'stale' };
  if (status === 428 || verdict) return { kind: 'precondition-required' };
  return { kind: 'unsolvable', code: 'no-version' };
}

/**
 * Whether an answer leaves open if the write was made: a gateway gave it instead of the server, or the server failed at
 * it. 501 and 505 say that nothing was tried (RFC 9110 §15.6.2, §15.6.6).
 */
export function leavesOpen(status: number): boolean {
  return status === 408 || (status >= 500 && status !== 501 && status !== 505);
}

/** Whether an answer may be another one in a moment. The list is ky's, but for 413. */
export function isTransient(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

/** What a refusal most likely is, if the version didn't move. */
export type Likely =
  'business-rule' | 'duplicate' | 'unmatchable-etag' | 'stale-replica' | 'dropped-precondition';

/** What the evidence for a diagnosis is: the refusal, and the re-read that showed the same version. */
export interface Evidence {
  readonly status: number;
  /** What the refusal's body says, as text. */
  readonly body: string;
  /** The version that both sides agree on. */
  readonly version: string;
  /** Whether the re-read came through a cache or a proxy, by its own headers. */
  readonly relayed: boolean;
}

/** Names the likeliest reason for a refusal of the version that the server itself shows. */
export function diagnose({ status, body, version, relayed }: Evidence): Likely {
  // The server asks for what was sent (RFC 6585 §3).
  if (status === 428) return 'dropped-precondition';
  if (status !== 412) return /duplicate|unique|already|exist/i.test(body) ? 'duplicate' : 'business-rule';
  // Compression weakens a tag or adds to it on the way out, and the server doesn't know it on the way in.
  if (/^W\/|-(gzip|br|zstd|df)"$/.test(version)) return 'unmatchable-etag';
  return relayed ? 'stale-replica' : 'unmatchable-etag';
}
