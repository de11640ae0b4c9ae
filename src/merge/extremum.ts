import { makerOf } from '../core/resolution.ts';
import type { ResolveOption, Rule } from './rule.ts';
import { contested, whereContested } from './trivial.ts';

/**
 * Where both sides changed the field, the merged value is the larger one: for a high score, a read-up-to mark, or a
 * date. Compares numbers, big integers, or two strings by code unit, as suits ISO 8601 dates in one form. Anything else
 * is a conflict. Without a base, the larger of both sides.
 */
export const max = /* @__PURE__ */ makerOf(function max({ resolve }: ResolveOption = {}): Rule<'ordered'> {
  return extremum((local, remote) => local > remote, resolve);
});

/** Where both sides changed the field, the merged value is the smaller one; otherwise as `max`. */
export const min = /* @__PURE__ */ makerOf(function min({ resolve }: ResolveOption = {}): Rule<'ordered'> {
  return extremum((local, remote) => local < remote, resolve);
});

type Ordered = number | bigint | string;

function extremum(
  takesLocal: (local: Ordered, remote: Ordered) => boolean,
  resolve: Rule['resolve'],
): Rule<'ordered'> {
  return {
    repeatable: true,
    resolve,
    merge: whereContested(({ local, remote }) => {
      const comparable = isNumber(local)
        ? isNumber(remote)
        : typeof local === 'string' && typeof remote === 'string';
      if (!comparable) return contested;
      return takesLocal(local as Ordered, remote as Ordered) ? local : remote;
    }),
  };
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value));
}
