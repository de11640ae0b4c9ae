import { trivial } from './trivial.ts';

/** How the lines of a text end: all alike, in both ways (`'mixed'`), or `undefined` if no line has an end. */
type LineEnd = '\n' | '\r\n' | 'mixed' | undefined;

/**
 * The line end of a merged text, if one side has changed the line ends of the whole text, as an HTML form does: such a
 * side has changed no line. `undefined` where line ends merge like any other character.
 */
export function changedLineEnd(base: string, local: string, remote: string): '\n' | '\r\n' | undefined {
  const before = lineEndOf(base);
  // A text of one line has no line end, so it takes that of the base.
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

/** A text with all line ends replaced by one kind. */
export function withLineEnd(text: string, end: '\n' | '\r\n'): string {
  const plain = text.replaceAll('\r\n', '\n');
  return end === '\n' ? plain : plain.replaceAll('\n', end);
}
