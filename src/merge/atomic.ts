import { makerOf } from '../core/resolution.ts';
import type { ResolveOption, Rule } from './rule.ts';
import { contested, whereContested } from './trivial.ts';

/**
 * A rule that merges a field as one value, whatever is inside: for an address, a price with its currency, or
 * coordinates, whose members make no sense when they are mixed from two sides. It is also the way to give a single
 * field its own `resolve`.
 */
export const atomic = /* @__PURE__ */ makerOf(function atomic({ resolve }: ResolveOption = {}): Rule<'any'> {
  return { repeatable: true, resolve, merge: whereContested(() => contested) };
});
