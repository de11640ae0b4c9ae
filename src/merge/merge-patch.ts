import { createMeter, type Bounds } from '../core/bounds.ts';
import type { Frozen, Leaf } from '../core/frozen.ts';
import { absent } from '../core/pointer.ts';
import { isRecord, memberOf, withMember } from '../core/record.ts';

/** A change of some members (RFC 7396): `null` removes a member that may be missing. */
export type Change<Value> = Value extends Leaf | readonly unknown[]
  ? Frozen<Value>
  : Value extends object
    ? { readonly [Name in keyof Value]?: Change<Value[Name]> | Removal<Name, Value[Name]> }
    : Value;

/** The type of what removes a member: `null`, if the member is an entry of a record, or may be missing. */
type Removal<Name, Member> = string extends Name ? null : undefined extends Member ? null : never;

/**
 * Applies a JSON merge patch (RFC 7396): members of the patch replace those of the target, `null` removes a member, and
 * objects are merged member by member. Neither argument is changed; the result shares structure with both.
 *
 * @throws {RangeError} for a patch deeper or larger than the bounds.
 */
export function applyMergePatch(target: unknown, patch: unknown, bounds: Bounds = {}): unknown {
  createMeter(bounds).measure([], patch);
  return patchedBy(target, patch);
}

/**
 * The meaning of `null` in a patch: `'removal'` of the member (RFC 7396), or a `'value'` like any other, as in a column
 * of a table. `'either'`: a value where the server shows the member as `null`; elsewhere a removal, unless the schema
 * says otherwise (see `MergePatchOptions`).
 */
export type NullMeaning = 'removal' | 'value' | 'either';

/**
 * The same as `applyMergePatch`, for a patch that the caller has measured already.
 *
 * @param nulls The meaning of `null`. With `'missing'`, only the nulls of the patch are applied, as values, and only
 *   where the target has no such member.
 * @param shown The server's state, which tells for `'either'` what a `null` means.
 * @param isShallow Whether an object in the patch replaces the member as a whole.
 */
export function patchedBy(
  target: unknown,
  patch: unknown,
  nulls: NullMeaning | 'missing' = 'removal',
  shown?: unknown,
  isShallow = false,
): unknown {
  if (!isRecord(patch)) return patch;
  const before = isRecord(target) ? target : {};
  let after: Record<string, unknown> | undefined;
  for (const key of Object.keys(patch)) {
    const change = patch[key];
    const now = isRecord(shown) ? memberOf(shown, key) : undefined;
    const isThere = Object.hasOwn(before, key);
    if (nulls === 'missing' && !isRecord(change) && (change !== null || isThere)) continue;
    const isRemoved = change === null && (nulls === 'removal' || (nulls === 'either' && now !== null));
    if (isRemoved && !isThere) continue;
    const value = isRemoved
      ? absent
      : isShallow
        ? change
        : patchedBy(memberOf(before, key), change, nulls, now);
    after = withMember(after, before, key, value);
  }
  return after ?? before;
}
