import type { Conflict } from './core/conflict.ts';
import type { Likely } from './core/outcome.ts';

/** How a write came out, and what it took. Holds no body, no query string and no credential. */
export type Recovery = Ending & {
  /** The method of the write, as the caller asked for it. */
  readonly method: string;
  /** The address of the write, without query and credentials. */
  readonly url: string;
  /** Every send of the write. */
  readonly attempts: readonly Attempt[];
  /** The version that the server showed last, if one was read after a conflict. */
  readonly version?: string;
  /** The id that the write was stamped with, where the route has a `writeId`. */
  readonly writeId?: string;
};

/** The way a write ended. */
export type Ending =
  | {
      /**
       * `as-asked`: the server took the write as the caller sent it. `merged`: it took a merged value, or a delete of a
       * newer version. `already-applied`: an answer was lost, and the server has what was sent; or what was to be deleted
       * is gone. `kept-remote`: the merge came to what the server has, so nothing was written.
       */
      readonly ending: 'as-asked' | 'merged' | 'already-applied' | 'kept-remote';
    }
  | ({ readonly ending: 'refused' } & Stop);

/** How a write by a resource handle came out, and the state that it left. */
export interface WriteResult<Value = unknown> {
  /** `as-asked`, `merged`, `already-applied` or `kept-remote`; see `Recovery`. */
  readonly ending: Exclude<Ending['ending'], 'refused'>;
  /** Every send of the write. What needs no write has none, nor has what a hook of yours answered or sent by itself. */
  readonly attempts: readonly Attempt[];
  /**
   * The resource's state after the write, as far as is known: what the server showed, else what was written. Frozen. As
   * `base` of the next write it is recognised, and so is this result, an instance as a `Snapshot` is.
   */
  readonly value: Value;
  /** The version of that state; `undefined` where the server's answer doesn't name it: then the next write reads first. */
  readonly version: string | undefined;
  /** The server's last answer. Its body is used up. Not enumerable: it holds headers, and an address with its query. */
  readonly response: Response;
}

/** One send of the write. */
export interface Attempt {
  /** Counted from 1. */
  readonly number: number;
  /** The answer's status; absent where no answer came. */
  readonly status?: number;
  /** The version that the write carried; absent where it carried none. */
  readonly version?: string;
  /** How long recovery waited before it, in milliseconds. */
  readonly wait: number;
}

/** Why a write wasn't made, and what to do about it. */
export interface Stop {
  readonly code: StopCode;
  /** What failed, on which method and URL, why, and what to do now. */
  readonly message: string;
  /** Whether the server may have made the write all the same: a send got no answer, or a 3xx, 408 or 5xx. */
  readonly maybeApplied: boolean;
  /** With `no-progress`: what the refusal most likely was. */
  readonly likely?: Likely;
  /**
   * More about the code, where there is more: what the merge gave as its reason (`gave-up`, `needs-decision`), or where a
   * document breaks its schema or its patch, as JSON Pointers.
   */
  readonly reason?: string;
  /**
   * With `gave-up` and `needs-decision`: what the merge could not decide, for a person or a program to decide. It holds
   * parts of the bodies, so it is not enumerable: no log and no JSON of a report shows it.
   */
  readonly conflicts?: readonly Conflict[];
  /** With `needs-decision` and `outcome-unknown`: what a person is to decide. Not enumerable, either. */
  readonly question?: Question;
  /** The error behind it, where there is one. Not enumerable: it may be yours, and say what you like. */
  readonly cause?: unknown;
}

/** A conflict for a person to decide, and the way to go on. */
export interface Question {
  /** The state that the caller started from; `undefined` where nobody knows. */
  readonly base: unknown;
  /** The state that the caller wants. */
  readonly local: unknown;
  /** The state that the server had when the merge looked. */
  readonly remote: unknown;
  /** What is merged so far: the remote side stands where there is a conflict. */
  readonly merged: unknown;
  /** What the merge could not decide, in document order. Empty where it names nothing. */
  readonly conflicts: readonly Conflict[];
  /**
   * Makes a new write of the answer, a whole state. Its base is the remote that was shown, and it meets what has happened
   * since as any write does. Resolves and rejects as the wrapped fetch does, so a refusal resolves, too. Of a client's
   * error take the `resume` of the error itself, which throws a refusal.
   */
  readonly resume: (value: unknown, options?: { readonly signal?: AbortSignal }) => Promise<Response>;
}

/** A reason to stop, before it is put into words. */
export type Reason = Omit<Stop, 'message' | 'maybeApplied'>;

/** Every reason for a recovery to stop. `docs/errors.md` says what to do about each. */
export type StopCode =
  | 'not-a-conflict'
  | 'no-version'
  | 'foreign-precondition'
  | 'exists'
  | 'redirected'
  | 'unrepeatable-body'
  | 'no-progress'
  | 'retries-exhausted'
  | 'timeout'
  | 'gave-up'
  | 'needs-decision'
  | 'gone'
  | 'access-lost'
  | 'read-failed'
  | 'content-type'
  | 'malformed-body'
  | 'too-large'
  | 'version-missing'
  | 'version-hidden'
  | 'version-weak'
  | 'version-malformed'
  | 'remote-invalid'
  | 'merged-invalid'
  | 'stale-delete'
  | 'unknown-patch'
  | 'base-unknown'
  | 'patch-failed'
  | 'merge-failed'
  | 'aborted'
  | 'network-error'
  | 'outcome-unknown'
  | 'budget-exhausted'
  | 'key-reused'
  | 'recovery-unavailable'
  | 'too-deep';

/** What is told of an address: no query, no credentials. */
export function addressOf({ origin, pathname }: URL): string {
  return origin + pathname;
}

/** Keeps members out of every log and JSON. Whoever asks for one by its name gets it. */
export function hide<Value extends object>(value: Value, ...names: readonly string[]): Value {
  for (const name of names)
    if (Object.hasOwn(value, name)) Reflect.defineProperty(value, name, { enumerable: false });
  return value;
}
