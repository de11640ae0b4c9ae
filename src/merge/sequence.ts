import { canonical } from '../core/canonical.ts';
import { absent } from '../core/pointer.ts';
import type { ConflictOption, Rule } from './rule.ts';
import { mergeLines } from './text.ts';
import { contested, whereContested } from './trivial.ts';

/** The bounds of a merge by position. */
export interface SequenceOptions extends ConflictOption {
  /** Past how many items, without those at the beginning and end that all sides share, the array is one value. Default: 5000. */
  readonly maxItems?: number;
}

/**
 * An array in which order counts and items have no names: steps, coordinates of a line, paragraphs. Merged by diff3, as lines
 * of text are, each item one line: edits in different places are both kept, those of the same or adjacent items are a conflict of the
 * whole array, where `onConflict: 'local'` or `'remote'` chooses those items alone. An item isn't merged inside.
 *
 * Not safe to apply twice: an item added next to its own copy may be added again.
 */
export function sequence({ maxItems = 5000, onConflict }: SequenceOptions = {}): Rule {
  return {
    idempotent: false,
    additive: true,
    onConflict,
    merge: whereContested(({ base, local, remote }, walk) => {
      if (!Array.isArray(local) || !Array.isArray(remote)) return contested;
      const before: unknown = base === absent ? [] : base;
      if (!Array.isArray(before)) return contested;
      const values = new Map<string, unknown>();
      const named = (side: readonly unknown[]) =>
        side.map((value) => {
          const name = canonical(value);
          values.set(name, value);
          return name;
        });
      const merged = mergeLines(named(before), named(local), named(remote), maxItems, walk.onConflict());
      return merged?.map((name) => values.get(name)) ?? contested;
    }),
  };
}
