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
  /** The first call that each comparison has told from the usual side. */
  readonly first: Map<string, Trial>;
}

export function emptyTally(): Tally {
  return { calls: 0, kinds: {}, differences: {}, first: new Map() };
}

/** Adds a call. */
export function count(tally: Tally, trial: Trial): void {
  tally.calls += 1;
  tally.kinds[trial.kind] = (tally.kinds[trial.kind] ?? 0) + 1;
  for (const { kind } of trial.differences) {
    const name = `${trial.kind}, ${kind}`;
    tally.differences[name] = (tally.differences[name] ?? 0) + 1;
    const known = tally.first.get(name);
    // Calls end in no order.
    if (!known || numberOf(trial) < numberOf(known)) tally.first.set(name, trial);
  }
}

function numberOf({ name }: Trial): number {
  return Number(name.split(':').at(-1));
}

/** A call that went wrong, with what replays it. */
export function failureTold({ name, kind, plan, differences }: Trial): string {
  const lines = differences.flatMap(narrow).map((difference) => {
    const [usual, ours] = [difference.usual, difference.ours].map((value) =>
      inspect(value, { depth: 6, breakLength: 120 }),
    );
    return `${difference.kind}\n  usual: ${usual ?? ''}\n  ours:  ${ours ?? ''}`;
  });
  return [
    `${kind}: ${told(plan, kinds[kind].choices)}`,
    ...lines,
    `npm run differential -- --call ${name}`,
  ].join('\n');
}

/** Prints what was counted, and says whether all is well. */
export async function printTally(tally: Tally, origins: Origins, seconds: number): Promise<boolean> {
  console.log(`${tally.calls} calls in ${seconds.toFixed(1)} s: ${inspect(tally.kinds)}`);
  const rows = Object.entries(tally.differences).sort(([, one], [, other]) => other - one);
  for (const [name, number] of rows) {
    const trial = tally.first.get(name);
    console.log(`${String(number).padStart(6)}  ${name}; first at ${trial?.name ?? ''}`);
  }
  // One call may show in several ways that the same is wrong.
  for (const trial of new Set(tally.first.values())) {
    console.log(`\n${failureTold(trial)}\nplainest: ${await plainest(trial, origins)}`);
  }
  return rows.length === 0;
}
