import { canonicals } from '../core/canonical.ts';
import { absent } from '../core/pointer.ts';
import { makerOf } from '../core/resolution.ts';
import { mergeLines } from './lines.ts';
import type { ResolveOption, Rule } from './rule.ts';
import { contested, tooLarge, whereContested } from './trivial.ts';

/** The bounds of a merge by position. */
export interface SequenceOptions extends ResolveOption {
  /**
   * The most items, without those at the beginning and end that a side shares with the base. An array with more items
   * is one value; so is an array that goes beyond the merge's `maxSteps`. Default: 5000.
   */
  readonly maxItems?: number;
}

/**
 * An array in which order counts and items have no ids: steps, coordinates of a line, paragraphs. It is merged by
 * diff3, as lines of text are, with each item as one line: edits in different places are both kept. Edits of the same
 * or adjacent items are a conflict of the whole array, where `resolve: 'local'` or `'remote'` chooses those items
 * alone. An item isn't merged inside.
 *
 * Not safe to apply twice: an item added next to its own copy may be added again.
 */
export const sequence = /* @__PURE__ */ makerOf(function sequence({
  maxItems = 5000,
  resolve,
}: SequenceOptions = {}): Rule<'array'> {
  return {
    repeatable: false,
    additive: true,
    resolve,
    merge: whereContested(({ base, local, remote }, walk) => {
      if (!Array.isArray(local) || !Array.isArray(remote)) return contested;
      const before: unknown = base === absent ? [] : base;
      if (!Array.isArray(before)) return contested;
      const values = new Map<string, unknown>();
      const [names, ours, theirs] = [before, local, remote].map((side: readonly unknown[]) => {
        const texts = canonicals(side, walk.spend);
        texts?.forEach((text, index) => values.set(text, side[index]));
        return texts;
      });
      if (!names || !ours || !theirs) return tooLarge;
      const merged = mergeLines(names, ours, theirs, maxItems, walk);
      return Array.isArray(merged) ? merged.map((name: string) => values.get(name)) : merged;
    }),
  };
});
