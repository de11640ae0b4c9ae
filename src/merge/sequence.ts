import { canonical, canonicalSteps } from '../core/canonical.ts';
import { absent } from '../core/pointer.ts';
import { makerOf } from '../core/resolution.ts';
import { mergeLines } from './lines.ts';
import type { ConflictOption, Rule } from './rule.ts';
import { contested, tooLarge, whereContested } from './trivial.ts';

/** The bounds of a merge by position. */
export interface SequenceOptions extends ConflictOption {
  /**
   * Past how many items, without those at the beginning and end that a side shares with the base, the array is one value; so is one
   * that goes beyond the merge's `maxSteps`. Default: 5000.
   */
  readonly maxItems?: number;
}

/**
 * An array in which order counts and items have no names: steps, coordinates of a line, paragraphs. Merged by diff3, as lines
 * of text are, each item one line: edits in different places are both kept, those of the same or adjacent items are a conflict of the
 * whole array, where `onConflict: 'local'` or `'remote'` chooses those items alone. An item isn't merged inside.
 *
 * Not safe to apply twice: an item added next to its own copy may be added again.
 */
export const sequence = /* @__PURE__ */ makerOf(function sequence({
  maxItems = 5000,
  onConflict,
}: SequenceOptions = {}): Rule<'array'> {
  return {
    idempotent: false,
    additive: true,
    onConflict,
    merge: whereContested(({ base, local, remote }, walk) => {
      if (!Array.isArray(local) || !Array.isArray(remote)) return contested;
      const before: unknown = base === absent ? [] : base;
      if (!Array.isArray(before)) return contested;
      if (!walk.spend(canonicalSteps(before, local, remote))) return tooLarge;
      const values = new Map<string, unknown>();
      const named = (side: readonly unknown[]) =>
        side.map((value) => {
          const name = canonical(value);
          values.set(name, value);
          return name;
        });
      const merged = mergeLines(named(before), named(local), named(remote), maxItems, walk);
      return Array.isArray(merged) ? merged.map((name: string) => values.get(name)) : merged;
    }),
  };
});
