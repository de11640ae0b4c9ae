import type { absent } from './pointer.ts';

/** What stands for the base where nobody knows it. It is another thing than `absent`, which is knowledge. */
export const unknownBase: unique symbol = Symbol.for('remerge.unknown');

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
}
