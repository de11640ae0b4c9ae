import { makerOf } from '../core/resolution.ts';
import { changedLineEnd, withLineEnd } from './line-ends.ts';
import { mergeLines } from './lines.ts';
import type { ResolveOption, Rule, Walk } from './rule.ts';
import { contested, tooLarge, whereContested } from './trivial.ts';

/** The bounds of a line merge. */
export interface TextOptions extends ResolveOption {
  /**
   * The most lines, without those at the beginning and end that a side shares with the base. A text with more lines is
   * one value; so is a text that goes beyond the merge's `maxSteps`, as do many long texts whose lines are all alike.
   * Default: 5000.
   */
  readonly maxLines?: number;
}

/**
 * A text merged by lines, as `git merge-file` does it: edits of different lines are both kept. Edits of the same or
 * adjacent lines are a conflict of the whole field, where `resolve: 'local'` or `'remote'` chooses those lines
 * alone. A text without a line break is one line. If one side has other line ends throughout, as a text from an HTML
 * form has (LF for CRLF), that alone changes no line, and the merged text has those line ends.
 *
 * Not safe to apply twice: a line added next to its own copy may be added again.
 */
export const text = /* @__PURE__ */ makerOf(function text({
  maxLines = 5000,
  resolve,
}: TextOptions = {}): Rule<'text'> {
  return {
    repeatable: false,
    resolve,
    merge: whereContested(({ base, local, remote }, walk) => {
      if (typeof base !== 'string' || typeof local !== 'string' || typeof remote !== 'string')
        return contested;
      const end = changedLineEnd(base, local, remote);
      if (end === undefined) return mergeTexts(base, local, remote, maxLines, walk);
      if (!walk.spend((base.length + local.length + remote.length) >> 3)) return tooLarge;
      const [before, ours, theirs] = [base, local, remote].map((side) => withLineEnd(side, '\n'));
      const merged = mergeTexts(before ?? '', ours ?? '', theirs ?? '', maxLines, walk);
      return typeof merged === 'string' ? withLineEnd(merged, end) : merged;
    }),
  };
});

function mergeTexts(base: string, local: string, remote: string, most: number, walk: Walk): unknown {
  const all = [base, local, remote];
  const length = base.length + local.length + remote.length;
  if (!walk.spend(14 + (length >> 6))) return tooLarge;
  const head = sharedHead(all);
  // A diff marks the last of several equal lines as changed, so the lines after the last change count, too: mostly only
  // a few.
  for (const tail of [sharedTail(all, head), 0]) {
    const inside = all.map((side) => toLines(side.slice(head, side.length - tail), walk));
    const [before, ours, theirs] = inside;
    if (!before || !ours || !theirs) return tooLarge;
    const merged = mergeLines(before, ours, theirs, most, walk, tail > 0);
    if (Array.isArray(merged)) return base.slice(0, head) + merged.join('') + base.slice(base.length - tail);
    if (merged !== undefined) return merged;
  }
  return contested;
}

/** The length of the whole lines that all texts begin with. */
function sharedHead(texts: readonly string[]): number {
  const [first = '', ...others] = texts;
  const longest = Math.min(...texts.map(({ length }) => length));
  const head = howFar(longest, (from, to) => {
    const part = first.slice(from, to);
    return others.every((other) => other.startsWith(part, from));
  });
  return head === 0 ? 0 : first.lastIndexOf('\n', head - 1) + 1;
}

/** The length of the lines with which all texts end after `head`, without the first hundred of these lines. */
function sharedTail(texts: readonly string[], head: number): number {
  const [first = '', ...others] = texts;
  const longest = Math.min(...texts.map(({ length }) => length)) - head;
  const tail = howFar(longest, (from, to) => {
    const part = first.slice(first.length - to, first.length - from);
    return others.every((other) => other.endsWith(part, other.length - from));
  });
  let start = first.length - tail;
  for (let line = 0; line <= 100; line++) start = first.indexOf('\n', start) + 1 || first.length;
  return first.length - start;
}

/** The length up to which texts are the same, at most `longest`. Compares large parts first. */
function howFar(longest: number, isSame: (from: number, to: number) => boolean): number {
  let same = 0;
  for (let step = 2 ** 20; step >= 1; step /= 2)
    while (same + step <= longest && isSame(same, same + step)) same += step;
  return same;
}

/**
 * The lines with their line breaks of either kind: joined, they are the text again. `undefined` where too few steps are
 * left.
 */
function toLines(whole: string, { spend }: Walk): string[] | undefined {
  const lines: string[] = [];
  for (let start = 0; start < whole.length;) {
    const end = whole.indexOf('\n', start) + 1 || whole.length;
    lines.push(whole.slice(start, end));
    start = end;
    if (lines.length % 1024 === 0 && !spend(2048)) return undefined;
  }
  return spend(2 * (lines.length % 1024)) ? lines : undefined;
}
