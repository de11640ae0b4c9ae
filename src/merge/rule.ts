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
 * The handling of a conflict. `'give-up'`: the conflict is reported and nothing is written. `'local'`, `'remote'`: that
 * side is taken. A function decides by itself: it returns the value, `absent` to remove the field, or `giveUp(reason)`.
 */
export type Resolve = 'give-up' | 'local' | 'remote' | ((conflict: Conflict) => unknown);

/** The option that every rule with conflicts has. */
export interface ResolveOption {
  /** The handling of this field's conflicts, and of those below it. Default: the one of the strategy. */
  readonly resolve?: Resolve;
}

/** The part of the running merge that a rule may use. */
export interface Walk {
  /** The place of the field, as a JSON Pointer into the merged value. */
  readonly path: () => string;
  /** The handling of conflicts at this place. */
  readonly resolve: () => Resolve;
  /** Merges a value inside this field by the rules of that value's place. Returns the merged value or `absent`. */
  readonly member: (step: string, base: unknown, local: unknown, remote: unknown) => unknown;
  /** Takes steps of the whole merge for the work that follows; `false` where too few are left. */
  readonly spend: (steps: number) => boolean;
  /**
   * Hands a conflict to `resolve`. Returns the value that `resolve` decides, or `absent`. If `resolve` doesn't
   * decide, returns the value that stands there meanwhile: `standing`, by default the remote side, or the local side
   * where the remote has nothing.
   */
  readonly clash: (sides: FieldSides, reason?: ConflictReason, standing?: unknown) => unknown;
}

/** How the items of a list are identified, in that list and in other lists of the table. */
export interface Identity {
  /** The items by id, in their order; `undefined` unless each item has an id of its own. */
  readonly items: (value: unknown) => Items | undefined;
  /** Throws a TypeError where there are items, and none of them has a certain part of the key. */
  readonly demand: (sides: readonly unknown[], place: string) => void;
  /**
   * The name that lists with the same items share, for a list at this depth; `undefined` if no other list has its
   * items.
   */
  readonly group: (depth: number) => string | undefined;
  /**
   * Whether the table doesn't say which lists hold the same items. Then a moved item must still look like its former
   * state.
   */
  readonly isGuess: boolean;
  /** Follows the items that moved between lists. */
  readonly join: Join;
}

/** Puts each moved item into the same list on all sides, so that the sides merge as if no side had moved the item. */
export type Join = (sides: FieldSides, places: Places, resolve: Resolve, meter: Meter) => Joined;

/** Sides whose items are in the same lists. */
interface Joined {
  readonly sides: FieldSides;
  /** The conflicts over moved items, with the places where the items are in the merged value. */
  readonly conflicts: (merged: unknown) => readonly Conflict[];
}

/** One step of the rules' pointers: the rule that holds here, and the steps below. */
export interface Place {
  rule?: Rule;
  readonly members: Map<string, Place>;
  /** The step below that `*` leads to. */
  any?: Place;
}

/**
 * The places that a path leads to, the most specific first. There may be several, since `*` and a name may both fit.
 */
export type Places = readonly Place[];

/**
 * The values that a rule can merge: numbers; texts; values with an order, which are numbers or texts; arrays; or any
 * value.
 */
type RuleKind = 'number' | 'text' | 'ordered' | 'array' | 'any';

/** How one field merges. Made by `set()`, `list()`, `counter()` and their like. */
export interface Rule<Kind extends RuleKind = RuleKind> {
  /** The values that the rule can merge. Only the type has this member. */
  readonly of?: Kind;
  /** Whether the rule is safe to apply twice; see `Strategy`. */
  readonly repeatable: boolean;
  /** Whether equal changes add up; see `Strategy`. Default: they don't. */
  readonly additive?: boolean;
  readonly resolve: Resolve | undefined;
  /** Returns the merged value, or `absent`. */
  readonly merge: (sides: FieldSides, walk: Walk) => unknown;
  /** How the rule identifies its items, also in other lists; absent for a rule that is not for a list of items. */
  readonly identity?: Identity;
}

/**
 * A rule written by hand. It is called only where both sides changed the field, and differently; without a base, where
 * the two sides differ. It returns the merged value, `absent` to remove the field, or `giveUp(reason)` to leave the
 * conflict.
 *
 * @param path The place of the field, as a JSON Pointer.
 */
type MergeFunction<Value = unknown> = (
  base: Value | typeof absent | typeof unknownBase,
  local: Value | typeof absent,
  remote: Value | typeof absent,
  path: string,
) => Value | typeof absent | Resolution;

/**
 * A strategy as the rule of one field. This type is not callable: a call signature would hide that of a function's
 * arguments.
 */
type StrategyRule = Pick<Strategy, keyof Strategy>;

/** An entry of the table of rules. */
export type FieldRule<Value = unknown> = Rule<KindOf<Value>> | StrategyRule | MergeFunction<Value>;

/** The kinds of rules that fit a type: those of everything that a value of the type can be. */
type KindOf<Value> = [Value] extends [never]
  ? RuleKind
  : unknown extends Value
    ? RuleKind
    : | 'any'
      | When<Extract<Value, number | bigint>, 'number' | 'ordered'>
      | When<Extract<Value, string>, 'text' | 'ordered'>
      | When<Extract<Value, readonly unknown[]>, 'array'>;

type When<Found, Kind> = [Found] extends [never] ? never : Kind;
