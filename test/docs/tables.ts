/** A table of a page: its rows by the name in their first cell, and each row by the column's title. */
export type Table = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The table under a heading: the first, or the one whose first row has a name.
 *
 * @throws {Error} where there is none.
 */
export function tableUnder(markdown: string, heading: string, having?: string): Table {
  const section = markdown.split(/^(?=## )/m).find((part) => part.startsWith(`## ${heading}\n`)) ?? '';
  const tables = [...section.matchAll(/(?:^ *\|.*\n)+/gm)].map(([text]) => parse(text));
  const table = tables.find((rows) => having === undefined || rows.has(having));
  if (!table) throw new Error(`There is no such table under '${heading}'.`);
  return table;
}

function parse(text: string): Table {
  const [titles = [], , ...rows] = text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return new Map(
    rows.map((cells) => {
      const name = /`([^`]+)`/.exec(cells[0] ?? '')?.[1] ?? cells[0] ?? '';
      return [name, Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? '']))];
    }),
  );
}

/** An amount as people write it: `30 000 ms`, `4 MiB`, `5`. */
export function amountIn(cell: string): number {
  const [, digits = '', unit] = /^(\d[\d ]*)(?: (MiB|ms))?$/.exec(cell) ?? [];
  return digits === '' ? NaN : Number(digits.replaceAll(' ', '')) * (unit === 'MiB' ? 2 ** 20 : 1);
}
