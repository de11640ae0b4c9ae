import type { absent } from './pointer.ts';

/** Stands for a base that isn't known. `absent` is different: it says that the base is known to have nothing there. */
export const unknownBase: unique symbol = Symbol.for('remerge.unknown');

/**
 * Why a place is a conflict, for a reason other than that both sides changed it differently. `'base-unknown'`: the
 * sides differ, and which of them changed the place isn't known. `'moved'`: both sides moved an item to different
 * lists, or one side moved the item and the other side removed it. `'out-of-range'`: a sum that a number can't hold.
 * `'too-large'`: the merge inside would go beyond `maxSteps`, or beyond a bound of its rule.
 */
export type ConflictReason = 'base-unknown' | 'moved' | 'out-of-range' | 'too-large';

/** A place where both sides changed something and no rule could decide. */
export interface Conflict<Value = unknown> {
  /** The place, as a JSON Pointer (RFC 6901) into the merged value. */
  readonly path: string;
  /**
   * The value from which both sides started; `absent` where there was none, `unknownBase` where the base isn't known.
   */
  readonly base: Value | typeof absent | typeof unknownBase;
  /** The value that the caller wants there; `absent` where the caller removed it. */
  readonly local: Value | typeof absent;
  /** The value that the server has there; `absent` where it was removed. */
  readonly remote: Value | typeof absent;
  /** The reason. Default: both sides changed the place, and differently. */
  readonly reason?: ConflictReason;
  /**
   * The places of an item that was moved between lists: for each side that has the item, a JSON Pointer into that side.
   */
  readonly places?: Readonly<Partial<Record<'base' | 'local' | 'remote', string>>>;
}
