import { ratioOf, type Answer, type Spread } from '../figures.ts';
import { round } from './verdicts.ts';

/** A table of text: the head, and a row for each way in each case. */
export interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function rowsOf({ columns, entries }: Answer): Rows {
  const shown = columns.flatMap(({ name, digits, isFault }) => {
    const hasRatio = entries.some(({ figures }) => figures[ratioOf(name)]);
    return [
      { name, title: name, text: (spread: Spread) => figureText(spread, digits, isFault ?? false) },
      ...(hasRatio ? [{ name: ratioOf(name), title: `× ${name}`, text: ratioText }] : []),
    ];
  });
  return {
    head: ['', 'by', ...shown.map(({ title }) => title)],
    rows: entries.map(({ case: name, way, figures }, index) => [
      // Each case is named once.
      entries[index - 1]?.case === name ? '' : name,
      way,
      ...shown.map((column) => {
        const spread = figures[column.name];
        return spread ? column.text(spread) : '';
      }),
    ]),
  };
}

/** A median, and the middle half of the rounds. Of a fault the most is told, as one round that is wrong is wrong. */
function figureText({ median, low, high, most }: Spread, digits: number, isFault: boolean): string {
  const text = (figure: number) =>
    figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (isFault) return text(most);
  const [from, to] = [text(low), text(high)];
  return from === to ? text(median) : `${text(median)} (${from}…${to})`;
}

function ratioText({ median }: Spread): string {
  return round(median);
}
