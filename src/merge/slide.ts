/**
 * The lines of a file that a diff marks as changed. There is one more entry than there are lines, so that the end is a
 * place.
 */
export type Marks = Uint8Array;

/** A run of marked lines, from `from` up to but without `to`; empty between two unmarked lines. */
interface Run {
  from: number;
  to: number;
}

/**
 * Moves runs of changed lines where repeated lines leave a choice, as git does (`xdl_change_compact` in xdiff): as far
 * down as they go, merged with the runs that they meet, and beside a run of the other file where there is one.
 * Otherwise two diffs of the same base would explain the same blank line differently, and edits that git keeps apart
 * would meet.
 */
export function slide(lines: readonly string[], marks: Marks, otherMarks: Marks): void {
  const run = firstRun(marks);
  const other = firstRun(otherMarks);
  do {
    if (run.from === run.to) continue;
    let beside: number;
    let size: number;
    do {
      size = run.to - run.from;
      beside = -1;
      while (slideUp(lines, marks, run)) toPrevious(otherMarks, other);
      if (other.from < other.to) beside = run.to;
      while (slideDown(lines, marks, run)) {
        toNext(otherMarks, other);
        if (other.from < other.to) beside = run.to;
      }
    } while (size !== run.to - run.from);
    while (beside !== -1 && other.from === other.to) {
      slideUp(lines, marks, run);
      toPrevious(otherMarks, other);
    }
  } while (toNext(marks, run) && toNext(otherMarks, other));
}

function firstRun(marks: Marks): Run {
  const run = { from: 0, to: 0 };
  extendDown(marks, run);
  return run;
}

function extendDown(marks: Marks, run: Run): void {
  while (marks[run.to]) run.to++;
}

function toNext(marks: Marks, run: Run): boolean {
  if (run.to === marks.length - 1) return false;
  run.from = run.to = run.to + 1;
  extendDown(marks, run);
  return true;
}

function toPrevious(marks: Marks, run: Run): void {
  run.from = run.to = run.from - 1;
  while (run.from > 0 && marks[run.from - 1]) run.from--;
}

function slideUp(lines: readonly string[], marks: Marks, run: Run): boolean {
  if (run.from === 0 || lines[run.from - 1] !== lines[run.to - 1]) return false;
  marks[--run.from] = 1;
  marks[--run.to] = 0;
  while (run.from > 0 && marks[run.from - 1]) run.from--;
  return true;
}

function slideDown(lines: readonly string[], marks: Marks, run: Run): boolean {
  if (run.to === lines.length || lines[run.from] !== lines[run.to]) return false;
  marks[run.from++] = 0;
  marks[run.to++] = 1;
  extendDown(marks, run);
  return true;
}
