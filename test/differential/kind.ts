import type { Chance } from '../simulation/chance.ts';
import type { Choices } from './choices.ts';
import type { Difference } from './comparison.ts';
import type { Origins } from './origins.ts';

type AnyPlan = Readonly<Record<string, string>>;

/** A kind of calls: what is drawn of each, and in what both sides may not differ. */
export interface Kind<Plan extends AnyPlan = AnyPlan> {
  readonly choices: Choices;
  readonly draw: (chance: Chance) => Plan;
  /** @param id A name that no other call under way has. */
  differences(plan: Plan, id: string, origins: Origins): Promise<readonly Difference[]>;
}
