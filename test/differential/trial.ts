import { Chance } from '../simulation/chance.ts';
import { simplify, told } from './choices.ts';
import type { Difference } from './comparison.ts';
import { kinds, type KindName } from './kinds.ts';
import type { Origins } from './origins.ts';

/** A call that both sides made, and in what they differed. */
export interface Trial {
  /** What replays it: `seed:number`. */
  readonly name: string;
  readonly kind: KindName;
  readonly plan: Readonly<Record<string, string>>;
  readonly differences: readonly Difference[];
}

let count = 0;

/** An id that no call of this process has had. All are of one length, as they are part of addresses. */
function freshId(): string {
  return String((count += 1)).padStart(8, '0');
}

/**
 * Makes one call by both sides.
 *
 * @param only The kind that it is to be of. Default: one is drawn.
 */
export async function runTrial(name: string, origins: Origins, only?: KindName): Promise<Trial> {
  const chance = new Chance(name);
  const drawn = chance.next() * Object.values(kinds).reduce((sum, { weight }) => sum + weight, 0);
  let left = drawn;
  const found = (Object.keys(kinds) as KindName[]).find((kind) => (left -= kinds[kind].weight) < 0);
  const kind = only ?? found ?? 'fetch';
  const plan = kinds[kind].draw(chance);
  return { name, kind, plan, differences: await kinds[kind].differences(plan, freshId(), origins) };
}

/** The plainest call that still differs in the first thing in which this one does, in words. */
export async function plainest({ kind, plan, differences }: Trial, origins: Origins): Promise<string> {
  const { choices } = kinds[kind];
  const [first] = differences;
  const simple = await simplify(plan, choices, async (plainer) => {
    const found = await kinds[kind].differences(plainer, freshId(), origins);
    return found.some((difference) => difference.kind === first?.kind);
  });
  return told(simple, choices);
}
