import { createMeter, type Bounds } from '../core/bounds.ts';
import { unknownBase, type Conflict } from '../core/conflict.ts';
import { absent } from '../core/pointer.ts';
import { defineStrategy, giveUp, makerOf, type Sides, type Strategy } from '../core/resolution.ts';
import type { Pointer, ValueAt } from './paths.ts';
import type { ResolveOption, FieldRule } from './rule.ts';
import { placesOf, type RuleTable, type Table } from './rules.ts';
import { walk, type Merged } from './walk.ts';

/**
 * The rules of the fields, by JSON Pointer. `*` stands for one segment, any name or index: `'/scores/*'`. Where several
 * pointers fit, the most specific one wins. Where the value's type is known, a path that the type doesn't have is a
 * compile error.
 */
export type Rules<Value = unknown> = {
  readonly [Path in Pointer<Value>]?: FieldRule<ValueAt<Value, Path>>;
};

/** The options of the whole merge. */
export interface MergeOptions extends ResolveOption, Bounds {
  /**
   * Whether the strategy is safe to apply twice. Default: it is, unless a rule says otherwise (`counter`, `sequence`,
   * `text`) or a function of yours decides, since remerge can't know what your function does. Set `true` if your
   * function only picks or replaces.
   */
  readonly repeatable?: boolean;
  /**
   * The steps of all comparisons together; a step takes about a tenth of a microsecond. A field that would go beyond
   * them is one value, and a conflict whose `reason` is `'too-large'`. Steps are counted, not timed, so the same merge
   * always has the same result. Raise the number where a thread may be held for longer, as in a worker. Default:
   * 1,500,000, which is less than a fifth of a second.
   */
  readonly maxSteps?: number;
}

/**
 * A three-way merge of JSON: a change of only one side is taken, equal changes agree, and objects merge member by
 * member. The rules decide the rest. If they can't decide, the strategy gives up, with the conflicts in its resolution.
 *
 * An array is one value, unless it has a rule. A removal on one side and an edit on the other are a conflict. Without a
 * base nothing is guessed: where the two sides differ, a rule that needs no base decides, or there is a conflict.
 *
 * @throws {SyntaxError} for a rule whose key is no JSON Pointer (RFC 6901).
 * @throws {TypeError} for an entry that is no rule, such as `text` where `text()` is meant.
 * @throws {RangeError} when merging a value that is deeper or larger than the bounds.
 */
export const threeWay = /* @__PURE__ */ makerOf(function threeWay<Value>(
  rules: Rules<Value> = {},
  options: MergeOptions = {},
): Strategy<Value> {
  const table = placesOf(rules as RuleTable);
  const repeatable = options.repeatable ?? (typeof options.resolve !== 'function' && table.repeatable);
  const decide = (sides: Sides<Value>) => {
    const { value, conflicts } = mergeBy(table, sides, options);
    return conflicts.length === 0 ? value : giveUp(wordsFor(conflicts), { conflicts, merged: value });
  };
  return defineStrategy<Value>(decide, { repeatable, additive: table.additive && !options.repeatable });
});

/** The reason why a merge gives up, in words that show no value. */
function wordsFor(conflicts: readonly Conflict[]): string {
  const count = conflicts.length === 1 ? 'one place' : `${conflicts.length} places`;
  return conflicts.every(({ reason }) => reason === 'base-unknown')
    ? `The base is not known, and the sides differ in ${count}.`
    : `Both sides changed ${count}, and differently.`;
}

/**
 * Merges three states and returns the result as data, for a form, a worker or a server: conflicts are part of the
 * result, not an error. A `base` of `undefined` means that the base isn't known.
 *
 * @throws As `threeWay` does.
 */
export function merge<Value>(
  sides: Sides<Value>,
  rules: Rules<NoInfer<Value>> = {},
  options: MergeOptions = {},
): Merged<Value> {
  return mergeBy(placesOf(rules as RuleTable), sides, options);
}

function mergeBy<Value>(
  { places, join }: Table,
  { base, local, remote }: Sides<Value>,
  options: MergeOptions,
): Merged<Value> {
  const { resolve = 'give-up', maxSteps = 1.5e6 } = options;
  const meter = createMeter(options, maxSteps);
  const sides = { base: base === undefined ? unknownBase : base, local, remote };
  const joined = join?.(sides, places, resolve, meter);
  const merged = walk(joined?.sides ?? sides, places, resolve, meter);
  const { value } = merged;
  if (value === absent) throw new TypeError('A rule removed the whole document. Use DELETE for that.');
  const conflicts = [...(joined?.conflicts(value) ?? []), ...merged.conflicts];
  return { value: value as Value, conflicts };
}
