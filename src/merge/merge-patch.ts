import { createMeter, type Bounds } from '../core/bounds.ts';
import { isRecord } from '../core/record.ts';

/**
 * Applies a JSON merge patch (RFC 7396): members of the patch replace the target's, `null` removes one, objects go member by
 * member. Neither argument is changed; the result shares structure with both.
 *
 * @throws {RangeError} for a patch deeper or larger than the bounds.
 */
export function applyMergePatch(target: unknown, patch: unknown, bounds: Bounds = {}): unknown {
  createMeter(bounds).measure(patch, []);
  return patchedBy(target, patch);
}

/** The same, for a patch whose bounds somebody else has measured. */
export function patchedBy(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  // A map, not an object: no name in it means anything.
  const members = new Map(isRecord(target) ? Object.entries(target) : []);
  for (const key of Object.keys(patch)) {
    const change = patch[key];
    if (change === null) members.delete(key);
    else members.set(key, patchedBy(members.get(key), change));
  }
  return Object.fromEntries(members);
}
