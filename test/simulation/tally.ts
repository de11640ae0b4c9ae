import type { Find } from '../mutants/hunt.ts';
import type { Outcome } from './schedule.ts';
import type { WorldName } from './world.ts';

type Counts = Record<string, number>;

/** What many schedules have come to together. It crosses from thread to thread, so it is plain. */
export interface Tally {
  runs: number;
  requests: number;
  crashed: number;
  milliseconds: number;
  /** Schedules by their kind. */
  readonly groups: Counts;
  readonly faults: Counts;
  /** Writes by `ok`, `unknown` and `failed`; those of a crashed client are unknown. */
  readonly outcomes: Counts;
  /** Writes by what their report said, after how they came out. */
  readonly said: Counts;
  /** Violations by kind. */
  readonly violations: Counts;
  /** For each kind of violation the first schedule that has it, and what it says. */
  readonly found: Record<string, Find>;
  /** The first schedules that went wrong. */
  readonly failures: { readonly seed: string; readonly violations: Outcome['violations'] }[];
}

const mostFailures = 10;

export function emptyTally(): Tally {
  const counts = { groups: {}, faults: {}, outcomes: {}, said: {}, violations: {}, found: {} };
  return { runs: 0, requests: 0, crashed: 0, milliseconds: 0, ...counts, failures: [] };
}

/** Adds a schedule, which was the so-manyth of all. */
export function count(tally: Tally, seed: string, outcome: Outcome, runs = tally.runs + 1): void {
  const { group, requests, faults, entries, crashed, violations } = outcome;
  tally.runs += 1;
  tally.requests += requests;
  tally.crashed += crashed;
  add(tally.groups, { [group]: 1 });
  add(tally.faults, faults);
  for (const { outcome = 'unknown', said } of entries) {
    add(tally.outcomes, { [outcome]: 1 });
    add(tally.said, { [`${outcome}: ${said}`]: 1 });
  }
  for (const { kind, what } of violations) {
    add(tally.violations, { [kind]: 1 });
    find(tally, kind, { runs, seed, what });
  }
  if (violations.length > 0 && tally.failures.length < mostFailures)
    tally.failures.push({ seed, violations });
}

/** Adds what another thread has counted. */
export function addTally(tally: Tally, other: Tally): void {
  tally.runs += other.runs;
  tally.requests += other.requests;
  tally.crashed += other.crashed;
  for (const name of ['groups', 'faults', 'outcomes', 'said', 'violations'] as const)
    add(tally[name], other[name]);
  for (const [kind, found] of Object.entries(other.found)) find(tally, kind, found);
  tally.failures.push(...other.failures.slice(0, mostFailures - tally.failures.length));
}

/** Prints what was counted, and says whether all is well. */
export function printTally(tally: Tally, world: WorldName, seed: string): boolean {
  const { runs, requests, crashed, milliseconds, outcomes, violations, failures } = tally;
  const seconds = milliseconds / 1_000;
  const writes = sum(outcomes);
  const lines = [
    `${whole(runs)} schedules of seed ${seed} in ${seconds.toFixed(1)} s: ${whole(runs / seconds)} a second`,
    `${whole(requests)} requests, ${whole(sum(tally.faults))} faults, ${whole(crashed)} clients crashed`,
    ...table('schedules', tally.groups),
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
    ...finds(tally),
  ];
  for (const { seed, violations } of failures)
    lines.push(
      '',
      ...violations.map(({ kind, what }) => `${kind}: ${what}`),
      `npm run simulate -- ${world} --schedule ${seed}`,
    );
  console.log(lines.join('\n'));
  return sum(violations) === 0;
}

/** After how many schedules each kind of violation was found first. */
function finds({ found }: Tally): readonly string[] {
  const rows = Object.entries(found).sort(([, one], [, other]) => one.runs - other.runs);
  if (rows.length === 0) return [];
  const line = ([kind, { runs, seed, what }]: (typeof rows)[number]): string =>
    `  ${whole(runs).padStart(7)}  ${kind}: ${what.slice(0, 120)} (${seed})`;
  return ['', 'first found after so many schedules:', ...rows.map(line)];
}

function find({ found }: Tally, kind: string, one: Find): void {
  const before = found[kind];
  if (!before || one.runs < before.runs) found[kind] = one;
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
