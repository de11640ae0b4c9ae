import { outsideCommon } from './subsequence.ts';
import { hunksOf, weave, type Hunk } from './hunks.ts';
import type { Resolve, Walk } from './rule.ts';
import { contested, tooLarge, type Refused } from './trivial.ts';

/** The lines of a text, or strings that stand for the lines. */
type Lines = readonly string[];

/**
 * Merges three sequences of lines (diff3).
 *
 * @param most The most lines that a side and the base may have between the lines that they share at the beginning and
 *   at the end.
 * @param goesOn Whether more lines follow, the same ones on all sides.
 * @returns `contested` where both sides changed the same lines, `tooLarge` where the merge would take too long,
 *   `undefined` where the result depends on the lines that follow.
 */
export function mergeLines(
  base: Lines,
  local: Lines,
  remote: Lines,
  most: number,
  { resolve, spend }: Pick<Walk, 'resolve' | 'spend'>,
  goesOn = false,
): readonly string[] | typeof contested | Refused | undefined {
  if (!spend(2 * (base.length + local.length + remote.length))) return tooLarge;
  const ours = diff(base, local, most, spend);
  const theirs = ours && diff(base, remote, most, spend);
  if (!theirs) return tooLarge;
  if (goesOn && [...ours, ...theirs].some(({ baseTo }) => baseTo === base.length)) return undefined;
  return weave(base, { local, remote }, { local: ours, remote: theirs }, preferred(resolve())) ?? contested;
}

function preferred(resolve: Resolve): 'local' | 'remote' | undefined {
  return resolve === 'local' || resolve === 'remote' ? resolve : undefined;
}

function diff(base: Lines, side: Lines, most: number, spend: Walk['spend']): readonly Hunk[] | undefined {
  const shorter = Math.min(base.length, side.length);
  let head = 0;
  while (head < shorter && base[head] === side[head]) head++;
  let tail = 0;
  while (tail < shorter - head && base[base.length - 1 - tail] === side[side.length - 1 - tail]) tail++;

  const before = base.slice(head, base.length - tail);
  const after = side.slice(head, side.length - tail);
  if (before.length > most || after.length > most) return undefined;
  const changes = outsideCommon(before, after, spend);
  if (!changes) return undefined;
  const removed = new Uint8Array(base.length + 1);
  const added = new Uint8Array(side.length + 1);
  removed.set(changes.removed, head);
  added.set(changes.added, head);
  return hunksOf(base, side, removed, added);
}
