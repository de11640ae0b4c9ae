import { middle } from './rounds.ts';
import { printTable, verdict } from './table.ts';
import type { Load, Trial } from './trial.ts';
import { allWays, neverGivesUp, type Way } from './ways.ts';

/** One load for every way, and what remerge is to reach. */
export interface Question {
  readonly what: string;
  readonly load: Load;
  readonly rounds: number;
  /** Ways that would take too long. Default: none. */
  readonly leftOut?: readonly Way[];
  readonly wanted: {
    readonly requests?: number;
    /** Requests for one request by hand. */
    readonly requestsToByHand?: number;
    /** Milliseconds for one millisecond by hand. */
    readonly timeToByHand?: number;
  };
}

export type Trials = Map<Way, Trial[]>;

type Row = readonly string[];
type Figure = (trial: Trial) => number;

/** Prints what came of a question: a column for each way, and a row for each figure. */
export function printTrials({ what, load, rounds, wanted }: Question, trials: Trials, latency: number): void {
  const median = (way: Way, figure: Figure) => middle((trials.get(way) ?? []).map(figure)).median;
  const row = (name: string, cell: (own: readonly Trial[]) => string, ...rest: Row): Row => {
    const cells = allWays.map((way) => {
      const own = trials.get(way);
      return own ? cell(own) : '-';
    });
    return [name, ...cells, ...rest];
  };
  const medians = (name: string, figure: Figure, atMost?: number): Row =>
    row(
      name,
      (own) => middle(own.map(figure)).median.toFixed(0),
      ...judged(median('remerge', figure), atMost, 0),
    );
  const ranges = (figure: Figure): readonly Row[] => {
    const range = (figures: readonly number[]) =>
      `${Math.min(...figures).toFixed(0)}…${Math.max(...figures).toFixed(0)}`;
    return rounds > 1 ? [row('  least…most', (own) => range(own.map(figure)))] : [];
  };
  // A loop that gives up is quick: remerge is held against those that make every update, and the better one of them.
  const toByHand = (figure: Figure, atMost?: number): Row => {
    const theirs = neverGivesUp.filter((way) => trials.has(way)).map((way) => median(way, figure));
    const ratio = median('remerge', figure) / Math.min(...theirs);
    return ['  to the better loop', ratio.toFixed(4), '', '', '', '', ...judged(ratio, atMost, 2)];
  };
  // One round that is wrong is wrong.
  const worst = (name: string, figure: Figure): Row => {
    const most = (own: readonly Trial[]) => Math.max(...own.map(figure));
    return row(name, (own) => String(most(own)), ...judged(most(trials.get('remerge') ?? []), 0, 0));
  };

  const updates = load.processes * load.updates;
  printTable(
    `${what}: medians of ${String(rounds)}, ${String(latency)} ms for each request`,
    ['', ...allWays, 'at most', ''],
    [
      medians('requests', ({ requests }) => requests, wanted.requests),
      ...ranges(({ requests }) => requests),
      toByHand(({ requests }) => requests, wanted.requestsToByHand),
      medians('  refused with 412', ({ refused }) => refused),
      medians('ms', ({ ms }) => ms),
      ...ranges(({ ms }) => ms),
      toByHand(({ ms }) => ms, wanted.timeToByHand),
      worst(`lost, of ${String(updates)}`, ({ missing }) => missing),
      worst('twice, or not as told', ({ wrong }) => wrong),
    ],
  );
  printReasons(trials);
}

/** Prints why updates were given up that were not to be. */
function printReasons(trials: Trials): void {
  for (const way of ['remerge', ...neverGivesUp] as const) {
    const reasons = new Set(trials.get(way)?.flatMap((trial) => trial.reasons));
    for (const reason of reasons) console.log(`Given up by ${way}: ${reason}\n`);
  }
}

/** The last two cells of a row: what was wanted, and whether it was reached. */
function judged(figure: number, atMost: number | undefined, digits: number): Row {
  return atMost === undefined ? [] : [atMost.toFixed(digits), verdict({ figure, atMost })];
}
