import type { absent } from './pointer.ts';

/** What stands for the base where nobody knows it. It is another thing than `absent`, which is knowledge. */
export const unknownBase: unique symbol = Symbol.for('remerge.unknown');

/**
 * Why a place is a conflict, where it isn't that both sides changed it, and differently. `'base-unknown'`: the sides
 * differ, and which of them changed it isn't known. `'moved'`: an item that both sides moved to different lists, or one
 * moved and the other removed. `'out-of-range'`: a sum that a number can't hold. `'too-large'`: to look into it would go
 * beyond `maxSteps`, or a bound of its rule.
 */
export type ConflictReason = 'base-unknown' | 'moved' | 'out-of-range' | 'too-large';

/** A place where both sides changed something and no rule could decide. */
export interface Conflict<Value = unknown> {
  /** Where, as a JSON Pointer (RFC 6901) into the merged value. */
  readonly path: string;
  /** What both sides started from, `absent` where there was nothing, `unknownBase` where that isn't known. */
  readonly base: Value | typeof absent | typeof unknownBase;
  /** What the caller wants there; `absent` where the caller removed it. */
  readonly local: Value | typeof absent;
  /** What the server has there; `absent` where it was removed. */
  readonly remote: Value | typeof absent;
  /** Why. Default: both sides changed it, and differently. */
  readonly reason?: ConflictReason;
  /** Where each side has an item that was moved between lists, as JSON Pointers into that side. */
  readonly places?: Readonly<Partial<Record<'base' | 'local' | 'remote', string>>>;
}
