import { judge, type Violation, type Written } from './history.ts';

/** An increment, and what the server's commits say of it. */
interface Increment extends Written {
  /** By how much the counter went up in the commits that were made in its name. */
  readonly applied: number;
}

/** Writers that each add 1 to one counter. */
export interface CounterHistory {
  readonly increments: readonly Increment[];
  readonly initial: number;
  readonly final: number;
}

/** Jepsen's counter: it ends between what was acknowledged and that with all that is unknown. */
export function checkCounter({ increments, initial, final }: CounterHistory): readonly Violation[] {
  const violations = increments.flatMap((increment) => judge(increment, increment.applied));
  const count = (outcome: Written['outcome']): number =>
    increments.filter((increment) => increment.outcome === outcome).length;
  const least = initial + count('ok');
  const most = least + count('unknown');
  if (final < least || final > most) {
    const what = `${final} is not from ${least} to ${most}`;
    violations.push({ kind: 'outside of the interval', what });
  }
  return violations;
}
