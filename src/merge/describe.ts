import { unknownBase, type Conflict } from '../core/conflict.ts';
import { absent } from '../core/pointer.ts';

/** How conflicts are put into words. */
export interface DescribeOptions {
  /**
   * What the three sides are called, and what stands for nothing, for not known and for the whole document. Translate them
   * here. Default: `before`, `yours`, `theirs`, and so on in English.
   */
  readonly words?: Partial<Record<'base' | 'local' | 'remote' | 'absent' | 'unknown' | 'root', string>>;
  /** Past how many characters a value is cut. Default: 60. */
  readonly width?: number;
}

/**
 * Conflicts as text for people, one paragraph each: the place, and what the three sides have there. It shows values: put it
 * where the document itself may be seen, not into a log.
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
  };
  const word = { ...named, ...words };
  const names = [word.base, word.local, word.remote];
  const column = Math.max(...names.map((name) => name.length)) + 1;

  const show = (value: unknown): string => {
    if (value === absent) return word.absent;
    if (value === unknownBase) return word.unknown;
    const json = inWords(value);
    return json.length > width ? `${json.slice(0, width)}…` : json;
  };

  return conflicts
    .map(({ path, base, local, remote }) =>
      [
        path || word.root,
        ...[base, local, remote].map(
          (value, index) => `  ${`${names[index] ?? ''}:`.padEnd(column)} ${show(value)}`,
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

function inWords(value: unknown): string {
  // A big integer is shown as the number it is; JSON.stringify has no word for it.
  const big = (_: string, part: unknown) => (typeof part === 'bigint' ? `\u0001${part}\u0001` : part);
  return (
    (JSON.stringify(value, big) as string | undefined)?.replace(/"\\u0001(-?\d+)\\u0001"/g, '$1') ??
    String(value)
  );
}
