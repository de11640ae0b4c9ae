import { makerOf } from '../core/resolution.ts';
import type { ConflictOption, Rule } from './rule.ts';
import { contested, whereContested } from './trivial.ts';

/**
 * One value, whatever is inside: for an address, a price with its currency, or coordinates, whose members would make no
 * sense mixed from two sides. It is also the way to give a single field its own `onConflict`.
 */
export const atomic = /* @__PURE__ */ makerOf(function atomic({
  onConflict,
}: ConflictOption = {}): Rule<'any'> {
  return { idempotent: true, onConflict, merge: whereContested(() => contested) };
});
