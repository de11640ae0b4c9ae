import type { Conflict } from './core/conflict.ts';
import type { Decision, Sides } from './core/resolution.ts';

/** What a merge is given: three states, each a copy of its own, and the circumstances. */
export interface MergeContext<Value = unknown> extends Sides<Value> {
  /** The send of the write that comes next, counted from 1: the first recovery sees 2. */
  readonly attempt: number;
  /**
   * `stale`: the server refused the write's version. `precondition-required`: the write named none.
   * `exists`: what was to be created is there already, so there is no base.
   */
  readonly reason: 'stale' | 'precondition-required' | 'exists';
  /**
   * Whether an earlier send of this write may have been made, though its answer was lost: then the remote may hold the
   * change already. Only a merge that is `idempotent` is asked then.
   */
  readonly maybeApplied: boolean;
  /** Aborts when the caller's signal does. The time that a merge takes doesn't count: it may be asking a person. */
  readonly signal: AbortSignal;
}

/** What is given to `onConflict`: the states, and what the merge got to. */
export interface ConflictContext<Value = unknown> extends MergeContext<Value> {
  /** What is merged so far; the remote state where the merge doesn't say. */
  readonly merged: Value;
  /** What the merge could not decide. */
  readonly conflicts: readonly Conflict[];
}

/**
 * Merges the caller's change onto what the server has. Returns the value to write, `keepRemote()`, `giveUp(reason)`,
 * `defer(reason)`, or another strategy that is to decide. May be async, and take as long as a person takes. What it
 * throws reaches the caller unchanged; a forgotten `return` is `merge-failed`. Either way nothing is written.
 */
export type Merge<Value = unknown> = (
  context: MergeContext<Value>,
  // The schema says the type, and a merge must keep to it.
) => Decision<NoInfer<Value>> | Promise<Decision<NoInfer<Value>>>;
