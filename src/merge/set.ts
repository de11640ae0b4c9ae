import { unknownBase } from '../core/conflict.ts';
import { canonicals } from '../core/canonical.ts';
import { absent } from '../core/pointer.ts';
import { makerOf } from '../core/resolution.ts';
import type { ResolveOption, Rule, Walk } from './rule.ts';
import { contested, tooLarge, whereContested } from './trivial.ts';

/**
 * An array in which order means nothing and each value counts once: tags, members, permissions. The merged array has
 * what either side added, and lacks what either side removed. New values come last, the remote's before the local's.
 * Without a base, the merged array is the union. A side that is no array makes a conflict.
 */
export const set = /* @__PURE__ */ makerOf(function set({ resolve }: ResolveOption = {}): Rule<'array'> {
  return {
    repeatable: true,
    resolve,
    merge: whereContested(({ base, local, remote }, walk) => {
      if (!Array.isArray(local) || !Array.isArray(remote)) return contested;
      if (base !== unknownBase && base !== absent && !Array.isArray(base)) return contested;
      const [before, ours, theirs] = [Array.isArray(base) ? base : [], local, remote].map((side) =>
        byValue(side, walk),
      );
      if (!before || !ours || !theirs) return tooLarge;
      const merged: unknown[] = [];
      for (const [key, value] of theirs) if (ours.has(key) || !before.has(key)) merged.push(value);
      for (const [key, value] of ours) if (!theirs.has(key) && !before.has(key)) merged.push(value);
      return merged;
    }),
  };
});

function byValue(values: readonly unknown[], { spend }: Walk): ReadonlyMap<string, unknown> | undefined {
  const found = new Map<string, unknown>();
  const keys = canonicals(values, spend);
  keys?.forEach((key, index) => {
    if (!found.has(key)) found.set(key, values[index]);
  });
  return keys && found;
}
