import type { Conflict, unknownBase } from '../core/conflict.ts';
import type { absent } from '../core/pointer.ts';
import type { Resolution, Strategy } from '../core/resolution.ts';

/** The three sides of one field; each may be `absent`, the base also `unknownBase`. */
export interface FieldSides {
  readonly base: unknown;
  readonly local: unknown;
  readonly remote: unknown;
}

/**
 * What becomes of a conflict. `'give-up'`: it is reported and nothing is written. `'local'`, `'remote'`: that side is
 * taken. A function decides by itself: it returns the value, `absent` to remove the field, or `giveUp(reason)`.
 */
export type OnConflict = 'give-up' | 'local' | 'remote' | ((conflict: Conflict) => unknown);

/** The option that every rule with conflicts has. */
export interface ConflictOption {
  /** What becomes of this field's conflicts, and of those below it. Default: what the strategy says. */
  readonly onConflict?: OnConflict;
}

/** What a rule may ask of the merge that runs it. */
export interface Walk {
  /** The field's place, as a JSON Pointer into the merged value. */
  readonly path: () => string;
  /** What becomes of conflicts here. */
  readonly onConflict: () => OnConflict;
  /** Merges a value inside this field by the rules of its own place. Gives the merged value or `absent`. */
  readonly member: (step: string, base: unknown, local: unknown, remote: unknown) => unknown;
  /**
   * Hands a conflict to `onConflict`. Gives the value that it decides, or `absent`; and where it doesn't decide, what stands
   * there meanwhile: the remote side unless said otherwise, the local one where the remote has nothing.
   */
  readonly clash: (sides: FieldSides, standing?: unknown) => unknown;
}

/** How one field merges. Made by `set()`, `list()`, `counter()` and their like. */
export interface Rule {
  /** Whether it is safe to apply twice; see `Strategy`. */
  readonly idempotent: boolean;
  /** Whether equal changes add up; see `Strategy`. Default: they don't. */
  readonly additive?: boolean;
  readonly onConflict: OnConflict | undefined;
  /** Gives the merged value, or `absent`. */
  readonly merge: (sides: FieldSides, walk: Walk) => unknown;
}

/**
 * A rule written by hand. It is called only where both sides changed the field, and differently; without a base, where
 * the two differ. It returns the merged value, `absent` to remove the field, or `giveUp(reason)` to leave the conflict.
 *
 * @param path The field's place, as a JSON Pointer.
 */
export type MergeFunction<Value = unknown> = (
  base: Value | typeof absent | typeof unknownBase,
  local: Value | typeof absent,
  remote: Value | typeof absent,
  path: string,
) => Value | typeof absent | Resolution;

/** A strategy as a rule of one field. Not callable here: its type would hide that of a function's arguments. */
type StrategyRule = Pick<Strategy, keyof Strategy>;

/** What may stand in the table of rules. */
export type FieldRule<Value = unknown> = Rule | StrategyRule | MergeFunction<Value>;
