/** The middle of some figures, and how far the middle half of them reaches. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** The most of all rounds. */
  readonly most: number;
}

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((one, other) => one - other);
  // Between two figures, as between three or five there is no quarter.
  const at = (part: number): number => {
    const place = part * (sorted.length - 1);
    const [below = NaN, above = NaN] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place % 1);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75), most: sorted.at(-1) ?? NaN };
}

/** What one way came to in one case: its figures by the names of the columns. */
export interface Entry {
  readonly case: string;
  readonly way: string;
  readonly figures: Readonly<Record<string, Spread>>;
  /** How many updates there were, for a plot. */
  readonly amount?: number;
}

/** A figure that is told of every way. */
export interface Column {
  readonly name: string;
  readonly digits: number;
  /** Whether the figure is of a kind that nobody may have any of: lost, doubled, given up. */
  readonly isFault?: boolean;
  /** Whether less of it is better, so that it is said where another way has less. Default: `false`. */
  readonly isCompared?: boolean;
}

/** What a figure was to be. */
interface Target {
  readonly what: string;
  readonly figure: number;
  readonly atMost: number;
}

/** The answer to a question: a table, what was to be reached, and what is to be said about it. */
export interface Answer {
  readonly name: string;
  /** What was measured: rounds, latency, amounts. */
  readonly measured: string;
  readonly columns: readonly Column[];
  readonly entries: readonly Entry[];
  readonly targets: readonly Target[];
  /** Ways that do less than the others, and stand there for scale only. */
  readonly yardsticks?: readonly string[];
  readonly remarks: readonly string[];
}

/** The figures of every round, by way. */
export type Rounds = ReadonlyMap<string, readonly Readonly<Record<string, number>>[]>;

/** The name of the column that has a figure as a multiple of another way's, from the same round. */
export const ratioOf = (column: string): string => `${column} ÷`;

/**
 * Entries of one case. A ratio is taken in each round, as both of it met the same machine then. `ratios` says
 * which columns get one, `to` whose figure it is a multiple of.
 */
export function entriesOf(
  name: string,
  rounds: Rounds,
  {
    ratios = [],
    to = 'remerge',
    amount,
  }: { readonly ratios?: readonly string[]; readonly to?: string; readonly amount?: number } = {},
): readonly Entry[] {
  return [...rounds].map(([way, own]) => {
    const columns = Object.keys(own[0] ?? {});
    const figures = columns.map((column) => [column, spreadOf(own.map((round) => round[column] ?? NaN))]);
    const bases = rounds.get(to) ?? [];
    const compared = ratios
      .filter((column) => columns.includes(column))
      .map((column) => {
        const parts = own.map((round, index) => (round[column] ?? NaN) / (bases[index]?.[column] ?? NaN));
        return [ratioOf(column), spreadOf(parts)];
      });
    return {
      case: name,
      way,
      figures: Object.fromEntries([...figures, ...compared]) as Entry['figures'],
      ...(amount !== undefined && { amount }),
    };
  });
}

/** The median of one figure; `NaN` where it is not there. */
export function medianOf(entries: readonly Entry[], name: string, way: string, column: string): number {
  const entry = entries.find((each) => each.case === name && each.way === way);
  return entry?.figures[column]?.median ?? NaN;
}
