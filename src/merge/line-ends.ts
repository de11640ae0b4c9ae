import { trivial } from './trivial.ts';

/** How the lines of a text end: all alike, some so and some so, or no line has an end. */
type LineEnd = '\n' | '\r\n' | 'mixed' | undefined;

/**
 * What the line ends of a merged text are, if one side has changed those of the whole text, as a form does that shows it:
 * by that no line has changed. `undefined` where the ends of lines are what any other character is.
 */
export function changedLineEnd(base: string, local: string, remote: string): '\n' | '\r\n' | undefined {
  const before = lineEndOf(base);
  // A text of one line goes along with the others.
  const [ours = before, theirs = before] = [lineEndOf(local), lineEndOf(remote)];
  if (ours === before && theirs === before) return undefined;
  const merged = trivial({ base: before, local: ours, remote: theirs });
  return merged === '\n' || merged === '\r\n' ? merged : undefined;
}

function lineEndOf(text: string): LineEnd {
  const isUnix = /(?:^|[^\r])\n/.test(text);
  if (!text.includes('\r\n')) return isUnix ? '\n' : undefined;
  return isUnix ? 'mixed' : '\r\n';
}

/** The text with one kind of line ends. */
export function withLineEnd(text: string, end: '\n' | '\r\n'): string {
  const plain = text.replaceAll('\r\n', '\n');
  return end === '\n' ? plain : plain.replaceAll('\n', end);
}
