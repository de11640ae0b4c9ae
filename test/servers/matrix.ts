import { promises, type Result } from './contract.ts';
import type { Trial } from './trial.ts';

/** A result in a word, for a cell. */
function cellOf(result: Result | undefined): string {
  if (!result) return '–';
  if (result.kind === 'kept') return result.seen;
  return result.kind === 'skipped' ? `skipped: ${result.why}` : 'BROKEN';
}

/** What the servers did, as a Markdown table: a row for each server, a column for each promise. */
export function markdown(trials: readonly Trial[]): string {
  const head = ['server', ...promises.map(({ name }) => name)];
  const rows = safe(trials).map(({ adapter, results, missing }) => [
    adapter.title,
    ...promises.map(({ name }) =>
      missing === undefined ? cellOf(results.find((result) => result.name === name)) : 'not run',
    ),
  ]);
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function safe(trials: readonly Trial[]): readonly Trial[] {
  return trials.filter(({ adapter }) => adapter.unsafe === undefined);
}

/** What became of the servers that protect nothing, as a Markdown list. */
export function controls(trials: readonly Trial[]): string {
  return trials
    .filter(({ adapter }) => adapter.unsafe !== undefined)
    .map(({ adapter, control }) => {
      const told = control?.told.join('; ') ?? 'not run';
      return `- ${adapter.title} (${adapter.unsafe ?? ''}): a stale write, ${told}`;
    })
    .join('\n');
}

/** The same for a terminal: a mark for each promise. */
export function marks(trials: readonly Trial[]): string {
  const width = Math.max(...trials.map(({ adapter }) => adapter.title.length));
  const head = [''.padEnd(width), ...promises.map(({ name }) => name)].join('  ');
  const rows = safe(trials).map(({ adapter, results, missing, seconds }) => {
    const cells = promises.map(({ name }) => {
      const result = results.find((one) => one.name === name);
      const mark = result ? { kept: '✓', skipped: '·', broken: '✗' }[result.kind] : '?';
      return mark.padEnd(name.length);
    });
    const time = missing === undefined ? `${seconds.toFixed(1)} s` : 'NOT RUN';
    return [adapter.title.padEnd(width), ...cells, time].join('  ');
  });
  return [head, ...rows].join('\n');
}
