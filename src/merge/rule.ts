import type { Conflict, ConflictReason, unknownBase } from '../core/conflict.ts';
import type { absent } from '../core/pointer.ts';
import type { Meter } from '../core/bounds.ts';
import type { Resolution, Strategy } from '../core/resolution.ts';
import type { Items } from './order.ts';

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
  /** Takes steps of the whole merge for what comes next; `false` where there aren't as many left. */
  readonly spend: (steps: number) => boolean;
  /**
   * Hands a conflict to `onConflict`. Gives the value that it decides, or `absent`; and where it doesn't decide, what stands
   * there meanwhile: the remote side unless said otherwise, the local one where the remote has nothing.
   */
  readonly clash: (sides: FieldSides, reason?: ConflictReason, standing?: unknown) => unknown;
}

/** How the items of a list are known, in it and in other lists of the table. */
export interface Identity {
  /** The items by name, in their order; `undefined` unless each has a name of its own. */
  readonly items: (value: unknown) => Items | undefined;
  /** Throws a TypeError where there are items, and none has what names one. */
  readonly demand: (sides: readonly unknown[], place: string) => void;
  /** What the lists have in common that hold the same items, for one so many steps from the top; `undefined` for no other. */
  readonly group: (depth: number) => string | undefined;
  /** Whether nobody has said that they hold the same items, so that a moved one has to look like what it was. */
  readonly isGuess: boolean;
  /** Follows the items that moved between lists. */
  readonly join: Join;
}

/** Brings the sides to where an item is in the same list on all of them, so that they merge as if nobody had moved it. */
export type Join = (sides: FieldSides, places: Places, onConflict: OnConflict, meter: Meter) => Joined;

/** Sides whose items are in the same lists. */
interface Joined {
  readonly sides: FieldSides;
  /** What became of items could not be decided, with the places where they are in the merged value. */
  readonly conflicts: (merged: unknown) => readonly Conflict[];
}

/** One step of the rules' pointers: what holds here, and what below. */
export interface Place {
  rule?: Rule;
  readonly members: Map<string, Place>;
  /** What `*` leads to. */
  any?: Place;
}

/** The places that a path leads to, the most specific first: several, since `*` and a name may both fit. */
export type Places = readonly Place[];

/** What a rule can merge: numbers; texts; either, as what has an order; arrays; or any value. */
export type RuleKind = 'number' | 'text' | 'ordered' | 'array' | 'any';

/** How one field merges. Made by `set()`, `list()`, `counter()` and their like. */
export interface Rule<Kind extends RuleKind = RuleKind> {
  /** What it can merge; only its type says so. */
  readonly of?: Kind;
  /** Whether it is safe to apply twice; see `Strategy`. */
  readonly idempotent: boolean;
  /** Whether equal changes add up; see `Strategy`. Default: they don't. */
  readonly additive?: boolean;
  readonly onConflict: OnConflict | undefined;
  /** Gives the merged value, or `absent`. */
  readonly merge: (sides: FieldSides, walk: Walk) => unknown;
  /** How its items are known, also in other lists; absent for what is no list of items. */
  readonly identity?: Identity;
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
export type FieldRule<Value = unknown> = Rule<KindOf<Value>> | StrategyRule | MergeFunction<Value>;

/** What can be merged of a type: all that one of its values can be. */
type KindOf<Value> = [Value] extends [never]
  ? RuleKind
  : unknown extends Value
    ? RuleKind
    : | 'any'
      | When<Extract<Value, number | bigint>, 'number' | 'ordered'>
      | When<Extract<Value, string>, 'text' | 'ordered'>
      | When<Extract<Value, readonly unknown[]>, 'array'>;

type When<Found, Kind> = [Found] extends [never] ? never : Kind;
