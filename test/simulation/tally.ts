import type { Violation } from './history.ts';
import type { Outcome } from './schedule.ts';

type Counts = Record<string, number>;

/** What many schedules have come to together. It crosses from thread to thread, so it is plain. */
export interface Tally {
  runs: number;
  requests: number;
  crashed: number;
  milliseconds: number;
  /** Schedules by their workload. */
  readonly workloads: Counts;
  readonly faults: Counts;
  /** Writes by `ok`, `unknown` and `failed`; those of a crashed client are unknown. */
  readonly outcomes: Counts;
  /** Writes by what their report said, after how they came out. */
  readonly said: Counts;
  /** Violations by kind. */
  readonly violations: Counts;
  /** The first schedules that went wrong. */
  readonly failures: { readonly seed: string; readonly violations: readonly Violation[] }[];
}

const mostFailures = 10;

export function emptyTally(): Tally {
  const counts = { workloads: {}, faults: {}, outcomes: {}, said: {}, violations: {} };
  return { runs: 0, requests: 0, crashed: 0, milliseconds: 0, ...counts, failures: [] };
}

/** Adds a schedule. */
export function count(tally: Tally, seed: string, outcome: Outcome): void {
  const { scenario, requests, faults, entries, crashed, violations } = outcome;
  tally.runs += 1;
  tally.requests += requests;
  tally.crashed += crashed;
  add(tally.workloads, { [`${scenario.workload} by ${scenario.by}`]: 1 });
  add(tally.faults, faults);
  for (const { outcome = 'unknown', said } of entries) {
    add(tally.outcomes, { [outcome]: 1 });
    add(tally.said, { [`${outcome}: ${said}`]: 1 });
  }
  for (const { kind } of violations) add(tally.violations, { [kind]: 1 });
  if (violations.length > 0 && tally.failures.length < mostFailures)
    tally.failures.push({ seed, violations });
}

/** Adds what another thread has counted. */
export function addTally(tally: Tally, other: Tally): void {
  tally.runs += other.runs;
  tally.requests += other.requests;
  tally.crashed += other.crashed;
  for (const name of ['workloads', 'faults', 'outcomes', 'said', 'violations'] as const)
    add(tally[name], other[name]);
  tally.failures.push(...other.failures.slice(0, mostFailures - tally.failures.length));
}

/** Prints what was counted, and says whether all is well. */
export function printTally(tally: Tally, seed: string): boolean {
  const { runs, requests, crashed, milliseconds, outcomes, violations, failures } = tally;
  const seconds = milliseconds / 1_000;
  const writes = sum(outcomes);
  const lines = [
    `${whole(runs)} schedules of seed ${seed} in ${seconds.toFixed(1)} s: ${whole(runs / seconds)} a second`,
    `${whole(requests)} requests, ${whole(sum(tally.faults))} faults, ${whole(crashed)} clients crashed`,
    ...table('schedules', tally.workloads),
    ...table('faults', tally.faults),
    ...table('writes', tally.said),
    '',
    `writes      ${whole(writes)}`,
    `ok          ${whole(outcomes.ok ?? 0)}`,
    `failed      ${whole(outcomes.failed ?? 0)}, and the server has none of them`,
    `unknown     ${whole(outcomes.unknown ?? 0)}, and reported as that`,
    `lost        ${whole(violations.lost ?? 0)}`,
    `doubled     ${whole(violations.doubled ?? 0)}`,
    ...table('violations', violations),
  ];
  for (const { seed, violations } of failures)
    lines.push(
      '',
      ...violations.map(({ kind, what }) => `${kind}: ${what}`),
      `npm run simulate -- --schedule ${seed}`,
    );
  console.log(lines.join('\n'));
  return sum(violations) === 0;
}

function table(title: string, counts: Counts): readonly string[] {
  const rows = Object.entries(counts).sort(([, one], [, other]) => other - one);
  if (rows.length === 0) return [];
  return [
    '',
    `${title}:`,
    ...rows.map(([name, number]) => `  ${name.padEnd(36)} ${whole(number).padStart(12)}`),
  ];
}

function add(counts: Counts, more: Readonly<Partial<Record<string, number>>>): void {
  for (const [name, number = 0] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + number;
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, number) => total + number, 0);
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en');
}
