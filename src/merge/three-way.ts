import type { Bounds } from '../core/bounds.ts';
import { unknownBase } from '../core/conflict.ts';
import { absent } from '../core/pointer.ts';
import { defineStrategy, giveUp, type Sides, type Strategy } from '../core/resolution.ts';
import type { Pointer, ValueAt } from './paths.ts';
import type { ConflictOption, FieldRule } from './rule.ts';
import { placesOf, type Places, type RuleTable } from './rules.ts';
import { walk, type Merged } from './walk.ts';

/**
 * How fields merge, by JSON Pointer. `*` stands for one segment, any name or index: `'/scores/*'`. Where several fit,
 * the most specific wins. Where the value's type is known, a path that it doesn't have is a compile error.
 */
export type Rules<Value = unknown> = {
  readonly [Path in Pointer<Value>]?: FieldRule<ValueAt<Value, Path>>;
};

/** What holds for the whole merge. */
export interface MergeOptions extends ConflictOption, Bounds {
  /**
   * Whether the strategy is safe to apply twice. Default: it is, unless a rule says otherwise (`counter`, `sequence`,
   * `text`) or a function of yours decides, of which remerge can't know. Say `true` when yours only picks or replaces.
   */
  readonly idempotent?: boolean;
}

/**
 * A three-way merge of JSON: what only one side changed is taken, equal changes agree, objects merge member by member.
 * The rest goes by the rules; what they can't decide makes the strategy give up, with the conflicts in its resolution.
 *
 * An array is one value, unless a rule says what it is. Removing against editing is a conflict. Without a base nothing is
 * guessed: where the two sides differ, a rule that needs no base decides, or it is a conflict.
 *
 * @throws {SyntaxError} for a rule whose key is no JSON Pointer (RFC 6901).
 * @throws {RangeError} when merging a value that is deeper or larger than the bounds.
 */
export function threeWay<Value>(rules: Rules<Value> = {}, options: MergeOptions = {}): Strategy<Value> {
  const { places, ...table } = placesOf(rules as RuleTable);
  const idempotent = options.idempotent ?? (typeof options.onConflict !== 'function' && table.idempotent);
  const decide = (sides: Sides<Value>) => {
    const { value, conflicts } = mergeBy(places, sides, options);
    if (conflicts.length === 0) return value;
    const count = conflicts.length === 1 ? 'one place' : `${conflicts.length} places`;
    const reason =
      sides.base === undefined
        ? `The base is not known, and the sides differ in ${count}.`
        : `Both sides changed ${count}, and differently.`;
    return giveUp(reason, { conflicts, merged: value });
  };
  return defineStrategy<Value>(decide, { idempotent, additive: table.additive && !options.idempotent });
}

/**
 * Merges three states and gives the result as data, for a form, a worker or a server: conflicts are no failure here.
 * A `base` of `undefined` means that it isn't known.
 *
 * @throws As `threeWay` does.
 */
export function merge<Value>(
  sides: Sides<Value>,
  rules: Rules<NoInfer<Value>> = {},
  options: MergeOptions = {},
): Merged<Value> {
  return mergeBy(placesOf(rules as RuleTable).places, sides, options);
}

function mergeBy<Value>(places: Places, sides: Sides<Value>, options: MergeOptions): Merged<Value> {
  const { base, local, remote } = sides;
  const merged = walk(
    { base: base === undefined ? unknownBase : base, local, remote },
    places,
    options.onConflict ?? 'give-up',
    options,
  );
  if (merged.value === absent) throw new TypeError('A rule removed the whole document. Use DELETE for that.');
  return merged as Merged<Value>;
}
