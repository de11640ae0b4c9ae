import { equal } from '../core/equal.ts';
import { formatPointer, type Path } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';

/** Lists the members in which two states differ, as JSON Pointers. An array counts as one member. */
export function changedMembers(before: unknown, after: unknown, path: Path = []): readonly string[] {
  if (!isRecord(before) || !isRecord(after)) return equal(before, after) ? [] : [formatPointer(path)];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => changedMembers(before[name], after[name], [...path, name]));
}
