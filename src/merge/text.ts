import { diffIndices } from 'node-diff3';
import { hunksOf, weave, type Hunk } from './hunks.ts';
import type { ConflictOption, OnConflict, Rule } from './rule.ts';
import { contested, whereContested } from './trivial.ts';

/** The bounds of a line merge. */
export interface TextOptions extends ConflictOption {
  /**
   * Past how many lines, without those at the beginning and end that all sides share, the text is one value (so is one whose
   * lines repeat so much that comparing them would take as long). Default: 5000, a fraction of a second.
   */
  readonly maxLines?: number;
}

/**
 * A text merged by lines, as `git merge-file` does it: edits of different lines are both kept; edits of the same or adjacent
 * lines are a conflict of the whole field, where `onConflict: 'local'` or `'remote'` chooses those lines alone. A text
 * without a line break is one line.
 *
 * Not safe to apply twice: a line added next to its own copy may be added again.
 */
export function text({ maxLines = 5000, onConflict }: TextOptions = {}): Rule {
  return {
    idempotent: false,
    onConflict,
    merge: whereContested(({ base, local, remote }, walk) => {
      if (typeof base !== 'string' || typeof local !== 'string' || typeof remote !== 'string')
        return contested;
      const merged = mergeLines(toLines(base), toLines(local), toLines(remote), maxLines, walk.onConflict());
      return merged?.join('') ?? contested;
    }),
  };
}

/** The lines with their line breaks, of whichever kind: joined they are the text again. */
function toLines(whole: string): string[] {
  return whole === '' ? [] : whole.split(/(?<=\n)/);
}

/** Merges three sequences of lines; `undefined` where they conflict, or are past the cap. */
export function mergeLines(
  base: readonly string[],
  local: readonly string[],
  remote: readonly string[],
  cap: number,
  onConflict: OnConflict,
): string[] | undefined {
  const hunks = { local: diff(base, local, cap), remote: diff(base, remote, cap) };
  if (!hunks.local || !hunks.remote) return undefined;
  const prefer = onConflict === 'local' || onConflict === 'remote' ? onConflict : undefined;
  return weave(base, { local, remote }, { local: hunks.local, remote: hunks.remote }, prefer);
}

function diff(base: readonly string[], side: readonly string[], cap: number): Hunk[] | undefined {
  const shorter = Math.min(base.length, side.length);
  let head = 0;
  while (head < shorter && base[head] === side[head]) head++;
  let tail = 0;
  while (tail < shorter - head && base.at(-1 - tail) === side.at(-1 - tail)) tail++;

  const before = base.slice(head, base.length - tail);
  const after = side.slice(head, side.length - tail);
  if (before.length > cap || after.length > cap || matches(before, after) > cap * 100) return undefined;
  const removed = new Uint8Array(base.length + 1);
  const added = new Uint8Array(side.length + 1);
  for (const { buffer1, buffer2 } of diffIndices(before, after)) {
    removed.fill(1, head + buffer1[0], head + buffer1[0] + buffer1[1]);
    added.fill(1, head + buffer2[0], head + buffer2[0] + buffer2[1]);
  }
  return hunksOf(base, side, removed, added);
}

/** How many pairs of equal lines there are: what comparing them costs. */
function matches(before: readonly string[], after: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of after) counts.set(line, (counts.get(line) ?? 0) + 1);
  return before.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
}
