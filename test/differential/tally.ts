import { inspect } from 'node:util';
import { told } from './choices.ts';
import { kinds } from './kinds.ts';
import { narrow } from './narrowing.ts';
import type { Origins } from './origins.ts';
import { plainest, type Trial } from './trial.ts';

type Counts = Record<string, number>;

/** What many calls have come to together. */
export interface Tally {
  calls: number;
  /** Calls by their kind. */
  readonly kinds: Counts;
  /** Differences by the comparison that shows them. */
  readonly differences: Counts;
  /** The calls in which both sides differed. */
  readonly failed: Trial[];
  /** The first call that each comparison has told from the usual side. */
  readonly first: Map<string, Trial>;
}

export function emptyTally(): Tally {
  return { calls: 0, kinds: {}, differences: {}, failed: [], first: new Map() };
}

/** Adds a call. */
export function count(tally: Tally, trial: Trial): void {
  tally.calls += 1;
  tally.kinds[trial.kind] = (tally.kinds[trial.kind] ?? 0) + 1;
  if (trial.differences.length > 0) tally.failed.push(trial);
  for (const { kind } of trial.differences) {
    const name = `${trial.kind}, ${kind}`;
    tally.differences[name] = (tally.differences[name] ?? 0) + 1;
    const known = tally.first.get(name);
    // Calls end in no order.
    if (!known || numberOf(trial) < numberOf(known)) tally.first.set(name, trial);
  }
}

/** Which call of its seed it was. */
export function numberOf({ name }: Trial): number {
  return Number(name.split(':').at(-1));
}

/** So much is told of one call that the rest can be guessed. */
const mostLines = 8;

/** A call that went wrong, with what replays it. */
export function failureTold({ name, kind, plan, differences }: Trial): string {
  const shown = (value: unknown): string => inspect(value, { depth: 5, breakLength: Infinity }).slice(0, 300);
  const lines = differences.flatMap(narrow).map(({ kind, usual, ours }) => {
    return `  ${kind}\n    usual: ${shown(usual)}\n    ours:  ${shown(ours)}`;
  });
  const more = lines.length > mostLines ? [`  and ${lines.length - mostLines} more`] : [];
  const head = `${kind}: ${told(plan, kinds[kind].choices)}`;
  return [
    head,
    ...lines.slice(0, mostLines),
    ...more,
    `npm run differential -- --kind ${kind} --call ${name}`,
  ].join('\n');
}

/** Prints what was counted, and says whether all is well. */
export async function printTally(tally: Tally, origins: Origins, seconds: number): Promise<boolean> {
  const { calls, differences, first, failed } = tally;
  console.log(`${calls} calls in ${seconds.toFixed(1)} s: ${inspect(tally.kinds)}, ${failed.length} differ`);
  for (const [name, number] of Object.entries(differences).sort(([, one], [, other]) => other - one))
    console.log(`${String(number).padStart(6)}  ${name}; first at ${first.get(name)?.name ?? ''}`);
  const alike = new Map<string, Trial[]>();
  for (const trial of failed.slice(0, mostSimplified)) {
    const plain = `${trial.kind}: ${await plainest(trial, origins)} → ${trial.differences[0]?.kind ?? ''}`;
    alike.set(plain, [...(alike.get(plain) ?? []), trial]);
  }
  console.log(`\nThe plainest that differ as the first ${Math.min(failed.length, mostSimplified)} do:`);
  for (const [plain, trials] of [...alike].sort(([, one], [, other]) => other.length - one.length))
    console.log(`${String(trials.length).padStart(6)}  ${plain}; such as ${trials[0]?.name ?? ''}`);
  return failed.length === 0;
}

/** To make a call as plain as can be takes dozens of others. */
const mostSimplified = 300;
