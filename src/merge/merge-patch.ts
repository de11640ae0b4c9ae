import { createMeter, type Bounds } from '../core/bounds.ts';
import type { Frozen, Leaf } from '../core/frozen.ts';
import { absent } from '../core/pointer.ts';
import { isRecord, memberOf, withMember } from '../core/record.ts';

/** A change of some members (RFC 7396): `null` removes one that may be missing. */
export type Change<Value> = Value extends Leaf | readonly unknown[]
  ? Frozen<Value>
  : Value extends object
    ? { readonly [Name in keyof Value]?: Change<Value[Name]> | Removal<Name, Value[Name]> }
    : Value;

/** What removes a member: `null`, where it is an entry of many, or may be missing. */
type Removal<Name, Member> = string extends Name ? null : undefined extends Member ? null : never;

/**
 * Applies a JSON merge patch (RFC 7396): members of the patch replace the target's, `null` removes one, objects go member by
 * member. Neither argument is changed; the result shares structure with both.
 *
 * @throws {RangeError} for a patch deeper or larger than the bounds.
 */
export function applyMergePatch(target: unknown, patch: unknown, bounds: Bounds = {}): unknown {
  createMeter(bounds).measure([], patch);
  return patchedBy(target, patch);
}

/**
 * What `null` does in a patch: it removes a member (RFC 7396), or is its value, as in a column of a table. `'either'`: what the
 * server shows tells, as far as it does: where it has `null`, that is a value.
 */
export type NullMeaning = 'removal' | 'value' | 'either';

/**
 * The same, for a patch whose bounds somebody else has measured.
 *
 * @param nulls What `null` does. `'missing'`: only the nulls count, and only where there is no member.
 * @param shown What the server shows, to tell by it what `null` means.
 */
export function patchedBy(
  target: unknown,
  patch: unknown,
  nulls: NullMeaning | 'missing' = 'removal',
  shown?: unknown,
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
    const value = isRemoved ? absent : patchedBy(memberOf(before, key), change, nulls, now);
    after = withMember(after, before, key, value);
  }
  return after ?? before;
}
