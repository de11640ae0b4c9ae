/** One cell of a table: its row, its column, and what stands there. */
export type Cell = readonly [row: string, column: string, expected: string];

/** The cells of a table that is written as text, with its columns in the first line and a row in each other. */
export function cellsOf(table: string): readonly Cell[] {
  const [heads = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.flatMap(([row = '', ...cells]) =>
    cells.map((cell, index): Cell => [row, heads[index + 1] ?? '', cell]),
  );
}
