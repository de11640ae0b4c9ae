import type { Conflict } from './core/conflict.ts';
import type { Likely } from './core/verdict.ts';
import type { Operation } from './operation.ts';

/** The report of a write: how it ended, and the sends that it took. Holds no body, no query string and no credential. */
export type Recovery = Outcome & {
  /** The method of the write, as the caller asked for it. */
  readonly method: string;
  /** The address of the write, without query and credentials. */
  readonly url: string;
  /** Every send of the write. */
  readonly attempts: readonly Attempt[];
  /** The version that the server showed last, if one was read after a conflict. */
  readonly version?: string;
  /** The id that remerge stored with the write, if the route has a `writeId`. */
  readonly writeId?: string;
  /**
   * The operation that the write has begun, if the write ended before its operation: by a signal, or as that took too
   * long. Not enumerable: its monitor may be secret. `poll().resume` goes on to follow it.
   */
  readonly operation?: Operation;
};

/** The way a write ended. */
export type Outcome =
  | {
      /**
       * `applied`: the server took the write as the caller sent it. `merged`: the server took a merged value, or a
       * delete of a newer version. `already-applied`: an answer was lost, and the server has what was sent; or the
       * resource to delete is gone. `unchanged`: the merge came to what the server has, so nothing was written.
       * `accepted`: the server has taken the write on, and hasn't made it yet (202, RFC 9110 §15.3.3). It may still fail:
       * see `accepted` of `Server`.
       */
      readonly outcome: 'applied' | 'merged' | 'already-applied' | 'unchanged' | 'accepted';
    }
  | ({ readonly outcome: 'failed' } & Stop);

/** The result of a write by a resource handle: how the write ended, and the state that it left. */
export interface WriteResult<Value = unknown> {
  /** `applied`, `merged`, `already-applied`, `unchanged` or `accepted`; see `Recovery`. */
  readonly outcome: Exclude<Outcome['outcome'], 'failed'>;
  /** Every send of the write. Empty if no write was needed, or if a hook of yours answered or sent the request by itself. */
  readonly attempts: readonly Attempt[];
  /**
   * The resource's state after the write, as far as it is known: what the server showed, else what was written. Frozen. As
   * `base` of the next write this value is recognised. So is the whole result, which is an instance as a `Snapshot` is.
   * `undefined` where the outcome is `accepted`: then no one knows the state yet.
   */
  readonly value: Value;
  /** The version of `value`; `undefined` if the server's answer doesn't name it: then the next write reads first. */
  readonly version: string | undefined;
  /** The server's last answer, with its body used up. Not enumerable: it holds headers, and an address with its query. */
  readonly response: Response;
}

/** One send of the write. */
export interface Attempt {
  /** The number of the send, counted from 1. */
  readonly number: number;
  /** The answer's status; absent if no answer came. */
  readonly status?: number;
  /** The version that the write carried; absent if it carried none. */
  readonly version?: string;
  /** The milliseconds that recovery waited before this send. */
  readonly wait: number;
}

/** The reason why a write wasn't made, and what to do about it. */
interface Stop {
  readonly code: StopCode;
  /** Says what failed, on which method and URL, why, and what to do now. */
  readonly message: string;
  /** Whether the server may still have made the write: a send got no answer, or a 3xx, 408 or 5xx. */
  readonly maybeApplied: boolean;
  /** The most likely meaning of the refusal. Only with `no-progress`. */
  readonly likely?: Likely;
  /**
   * More about the code, if there is more: the reason that the merge gave (`merge-conflict`), or the places where a
   * document breaks its schema or its patch, as JSON Pointers.
   */
  readonly reason?: string;
  /**
   * The open conflict, for a person or a program to decide. Only with `merge-conflict` and `outcome-unknown`. Not
   * enumerable, as it holds bodies: no log and no JSON of a report shows it.
   */
  readonly question?: Question;
  /** The error behind the stop, if there is one. Not enumerable: the error may be yours, with any text in it. */
  readonly cause?: unknown;
}

/**
 * An open conflict: its states, and the way to go on. Until the answer only the states are held.
 *
 * @template Result What the call gives that met the conflict: a `WriteResult` of a handle, a `Response` of a verb or of a
 *   wrapped fetch.
 */
export interface Question<Value = unknown, Result = unknown> {
  /** The state that the caller started from; `undefined` if it isn't known. */
  readonly base: Value | undefined;
  /** The state that the caller wants. */
  readonly local: Value;
  /** The state that the server had when the merge looked. */
  readonly remote: Value;
  /** The merged state so far, with the remote side wherever there is a conflict. */
  readonly merged: Value;
  /** The conflicts that the merge could not decide, in document order. Empty if the merge names none. */
  readonly conflicts: readonly Conflict[];
  /**
   * Makes a new write of the answer, a whole state. The base of the new write is the remote that was shown. Like any
   * write, the new one may meet a conflict with later changes: it may merge, and may fail with the next question. It has
   * the time of a new write, and only the signal that is given here. Resolves and rejects as the call did that met the
   * conflict.
   */
  readonly resume: (value: Value, options?: { readonly signal?: AbortSignal }) => Promise<Result>;
}

/** A reason to stop, before its message is made. */
export type Reason = Omit<Stop, 'message' | 'maybeApplied'>;

/** Every reason for a recovery to stop. `docs/errors.md` says what to do about each. */
export type StopCode =
  | 'not-a-conflict'
  | 'no-version'
  | 'unknown-precondition'
  | 'exists'
  | 'redirect'
  | 'unrepeatable-body'
  | 'no-progress'
  | 'retry-limit'
  | 'timeout'
  | 'merge-conflict'
  | 'gone'
  | 'unauthorized'
  | 'read-error'
  | 'content-type'
  | 'malformed-body'
  | 'too-large'
  | 'version-missing'
  | 'version-hidden'
  | 'version-weak'
  | 'version-malformed'
  | 'remote-invalid'
  | 'merged-invalid'
  | 'changed'
  | 'unknown-patch'
  | 'base-unknown'
  | 'patch-error'
  | 'merge-error'
  | 'abort'
  | 'network-error'
  | 'outcome-unknown'
  | 'retry-budget'
  | 'key-reuse'
  | 'recovery-unavailable'
  | 'operation-failed'
  | 'too-deep';

/** Returns an address as reports show it: no query, no credentials. */
export function addressOf({ origin, pathname }: URL): string {
  return origin + pathname;
}

/** Makes members not enumerable, so that no log and no JSON shows them. They can still be read by name. */
export function hide<Value extends object>(value: Value, ...names: readonly string[]): Value {
  for (const name of names)
    if (Object.hasOwn(value, name)) Reflect.defineProperty(value, name, { enumerable: false });
  return value;
}
