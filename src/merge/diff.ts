import { createMeter, type Bounds } from '../core/bounds.ts';
import { equal } from '../core/equal.ts';
import { isRecord, memberOf, setMember, type JsonRecord } from '../core/record.ts';
import type { NullMeaning } from './merge-patch.ts';

/**
 * Returns the smallest JSON merge patch (RFC 7396) that turns one value into another: `{}` for two equal objects.
 *
 * @returns `undefined` where no merge patch can do it: a merge patch can't set a member to `null`. Send the whole value
 *   then.
 * @throws {RangeError} for a value deeper or larger than the bounds.
 */
export function diff(base: unknown, value: unknown, bounds: Bounds = {}): unknown {
  createMeter(bounds).measure([], base, value);
  return changeTo(base, value);
}

/**
 * The same as `diff`, for values that the caller has measured already.
 *
 * @param nulls The meaning of `null` in the patch. With `'value'` a patch can't remove a member.
 * @param asked The caller's patch. With `'either'`, a `null` in it may be sent again, whatever it means.
 * @param isShallow Whether an object in the patch replaces the member as a whole.
 */
export function changeTo(
  base: unknown,
  value: unknown,
  nulls: NullMeaning = 'removal',
  asked?: unknown,
  isShallow = false,
): unknown {
  if (!isRecord(value)) return value;
  return changedMembers(isRecord(base) ? base : {}, value, nulls, asked, isShallow);
}

function changedMembers(
  base: JsonRecord,
  value: JsonRecord,
  nulls: NullMeaning,
  asked: unknown,
  isShallow: boolean,
): JsonRecord | undefined {
  const patch = {};
  // JSON drops a member that is undefined, so such a member counts as missing.
  for (const key of Object.keys(base)) {
    if (base[key] === undefined || memberOf(value, key) !== undefined) continue;
    if (nulls === 'value') return undefined;
    setMember(patch, key, null);
  }
  for (const key of Object.keys(value)) {
    const wanted = value[key];
    const present = memberOf(base, key);
    const said = isRecord(asked) ? memberOf(asked, key) : undefined;
    if (wanted === undefined) continue;
    if (isRecord(wanted) && !isShallow) {
      const change = changedMembers(isRecord(present) ? present : {}, wanted, nulls, said, false);
      if (change === undefined) return undefined;
      if (!isRecord(present) || Object.keys(change).length > 0) setMember(patch, key, change);
    } else if (!equal(present, wanted)) {
      if (wanted === null && nulls !== 'value' && !(nulls === 'either' && said === null)) return undefined;
      setMember(patch, key, wanted);
    }
  }
  return patch;
}
