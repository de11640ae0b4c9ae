import { unknownBase, type Conflict, type ConflictReason } from '../core/conflict.ts';
import { absent } from '../core/pointer.ts';
import { isRecord } from '../core/record.ts';

/** How conflicts are described in text. */
export interface DescribeOptions {
  /**
   * The names of the three sides; the words for an absent value, for a base that isn't known, and for the whole
   * document; and the texts for a conflict's `reason`. Translate them here. Default: `before`, `yours`, `theirs`, and
   * so on in English.
   */
  readonly words?: Partial<
    Record<'base' | 'local' | 'remote' | 'absent' | 'unknown' | 'root' | ConflictReason, string>
  >;
  /** The number of characters past which a value is cut. Default: 60. */
  readonly width?: number;
}

/**
 * Describes conflicts in text for people, in one paragraph for each conflict: the place, and what each of the three
 * sides has there. The text shows values: put it where the document itself may be seen, not into a log.
 */
export function describeConflicts(
  conflicts: readonly Conflict[],
  { words = {}, width = 60 }: DescribeOptions = {},
): string {
  const named = {
    base: 'before',
    local: 'yours',
    remote: 'theirs',
    absent: '(nothing)',
    unknown: '(not known)',
    root: '(the whole)',
    // No text for this reason: the line of the base already says that the base is not known.
    'base-unknown': '',
    moved: 'moved to different places, or moved and removed',
    'out-of-range': 'the sum is no number that can be kept',
    'too-large': 'too large to be merged inside',
  };
  const word = { ...named, ...words };
  const names = [word.base, word.local, word.remote];
  const column = Math.max(...names.map((name) => name.length)) + 1;

  const show = (value: unknown): string => {
    if (value === absent) return word.absent;
    if (value === unknownBase) return word.unknown;
    const json = inWords(value, width + 1);
    return json.length > width ? `${json.slice(0, width)}…` : json;
  };

  return conflicts
    .map(({ path, base, local, remote, reason, places = {} }) => {
      const why = reason && word[reason];
      const where = [places.base, places.local, places.remote];
      return [
        `${path || word.root}${why ? ` (${why})` : ''}`,
        ...[base, local, remote].map((value, index) => {
          const name = `${names[index] ?? ''}:`.padEnd(column);
          return `  ${name} ${where[index] ? `${where[index]} ` : ''}${show(value)}`;
        }),
      ].join('\n');
    })
    .join('\n\n');
}

/** A value as JSON, with big integers as plain numbers. The text stops soon after `most` characters. */
function inWords(value: unknown, most: number): string {
  if (typeof value === 'bigint') return String(value);
  // Escaping makes a text longer, never shorter, so `most` characters of the text are enough.
  if (typeof value === 'string') return JSON.stringify(value.slice(0, most));
  const isList = Array.isArray(value);
  if (!isList && !isRecord(value)) {
    const json: unknown = JSON.stringify(value);
    return typeof json === 'string' ? json : typeof value;
  }
  const members: Iterable<[string | number, unknown]> = isList ? value.entries() : Object.entries(value);
  let text = isList ? '[' : '{';
  for (const [name, inner] of members) {
    if (text.length > most) return text;
    if (!isList && inner === undefined) continue;
    const key = isList ? '' : `${JSON.stringify(name)}:`;
    text += `${text.length > 1 ? ',' : ''}${key}${inner === undefined ? 'null' : inWords(inner, most - text.length)}`;
  }
  return text + (isList ? ']' : '}');
}
