import { equal } from '../core/equal.ts';
import { isRecord, memberOf, setMember } from '../core/record.ts';

/**
 * Makes a merge patch that repeats a caller's patch: it has every member that the caller named, with its merged value.
 * In an object that the caller named, it also has what others have changed there since the base, or everything where
 * the base isn't known: a server may put such an object in place of the whole column or child instead of merging it.
 *
 * @param isNull Whether `null` may be a value. Otherwise the only nulls are the caller's own removals.
 * @param isWhole Whether the patch has each member of the document that the caller named as a whole.
 */
export function saidAgain(
  asked: unknown,
  merged: unknown,
  base: unknown,
  isNull: boolean,
  isWhole: boolean,
): unknown {
  return isRecord(asked) ? again(asked, merged, base, isNull, false, isWhole) : {};
}

function again(
  asked: unknown,
  merged: unknown,
  base: unknown,
  isNull: boolean,
  isInside = true,
  isWhole = false,
): unknown {
  if (!isRecord(merged)) return merged;
  const named = isRecord(asked) ? asked : merged;
  const said = {};
  for (const name of Object.keys(named))
    if (named[name] === null && memberOf(merged, name) === undefined) setMember(said, name, null);
  for (const name of Object.keys(merged)) {
    const value = merged[name];
    if (value === undefined || (value === null && !isNull)) continue;
    const start = isRecord(base) ? memberOf(base, name) : undefined;
    if (Object.hasOwn(named, name))
      setMember(said, name, again(isWhole ? value : named[name], value, start, isNull));
    else if (isInside && !equal(start, value)) setMember(said, name, again(value, value, undefined, isNull));
  }
  return said;
}
