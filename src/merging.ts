import type { Conflict } from './core/conflict.ts';
import {
  demandCalled,
  type Decision,
  type MergeTraits,
  type NoMaker,
  type Sides,
} from './core/resolution.ts';

/** The argument of a merge: three states, each a copy of its own, and the circumstances. */
export interface MergeContext<Value = unknown> extends Sides<Value> {
  /** The number of the next send, counted from 1: the first recovery sees 2, or 1 if nothing was sent yet. */
  readonly attempt: number;
  /**
   * `stale`: the server refused the write's version. `precondition-required`: the write named no version. `exists`: the
   * resource to create exists already, so there is no base.
   */
  readonly reason: 'stale' | 'precondition-required' | 'exists';
  /**
   * Whether an earlier send of this write may have been made, though its answer was lost: then the remote may hold the
   * change already. Only a merge that is `repeatable` is called then.
   */
  readonly maybeApplied: boolean;
  /** Aborts when the caller's signal does. The time that a merge takes doesn't count, as the merge may be asking a person. */
  readonly signal: AbortSignal;
}

/** The argument of `onConflict.edited`: the states, and how far the merge got. */
export interface EditedContext<Value = unknown> extends MergeContext<Value> {
  /** The merged state so far; the remote state if the merge gives none. */
  readonly merged: Value;
  /** The conflicts that the merge could not decide. */
  readonly conflicts: readonly Conflict[];
}

/**
 * Merges the caller's change onto the server's state. Returns the value to write, `keepRemote()`, `giveUp(reason)`, or
 * another strategy that decides instead. May be async, and take as long as a person takes. What the merge throws
 * reaches the caller unchanged; a forgotten `return` is `merge-error`. Either way nothing is written.
 */
export type Merge<Value = unknown> = ((
  context: MergeContext<Value>,
  // The schema says the type, and a merge must return that type.
) => Decision<NoInfer<Value>> | Promise<Decision<NoInfer<Value>>>) &
  NoMaker &
  MergeTraits;

/**
 * Declares the traits of a merge of yours, by which lost answers are judged. Without them a function counts as unsafe to
 * repeat, and equal states as proof.
 *
 * @throws {TypeError} for a merge that isn't called, such as `threeWay` where `threeWay()` is meant.
 */
export function defineMerge<Value>(merge: Merge<Value>, traits: MergeTraits): Merge<Value> {
  demandCalled(merge, 'defineMerge');
  const { repeatable = false, additive = false } = traits;
  return Object.assign((context: MergeContext<Value>) => merge(context), { repeatable, additive });
}
