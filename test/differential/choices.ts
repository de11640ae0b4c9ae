import type { Chance } from '../simulation/chance.ts';

/** What may be chosen for each property of a call, each option with its weight. The first option is the plainest. */
export type Choices = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** One option of each property. */
export type Chosen<Table extends Choices> = { readonly [Name in keyof Table]: keyof Table[Name] & string };

/** Draws an option for each property. */
export function choose<Table extends Choices>(chance: Chance, table: Table): Chosen<Table> {
  return Object.fromEntries(
    Object.entries(table).map(([name, options]) => [name, pick(chance, options)]),
  ) as Chosen<Table>;
}

function pick(chance: Chance, options: Readonly<Record<string, number>>): string {
  const weights = Object.entries(options);
  let left = chance.next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [option, weight] of weights) if ((left -= weight) < 0) return option;
  return weights.at(-1)?.[0] ?? '';
}

/**
 * Makes a call as plain as it can be, so that only what matters is left of it.
 *
 * @param isAlike Whether a plainer call shows the same.
 */
export async function simplify<Plan extends Readonly<Record<string, string>>>(
  plan: Plan,
  table: Choices,
  isAlike: (plainer: Plan) => Promise<boolean>,
): Promise<Plan> {
  let simplest = plan;
  // What couldn't go at first may go when others have gone.
  for (let before: Plan | undefined; before !== simplest;) {
    before = simplest;
    for (const [name, options] of Object.entries(table)) {
      const [plainest] = Object.keys(options);
      if (plainest === undefined || simplest[name] === plainest) continue;
      const plainer = { ...simplest, [name]: plainest };
      if (await isAlike(plainer)) simplest = plainer;
    }
  }
  return simplest;
}

/** What of a call isn't as plain as can be, in words. */
export function told(plan: Readonly<Record<string, string>>, table: Choices): string {
  const said = Object.entries(plan).filter(([name, option]) => Object.keys(table[name] ?? {})[0] !== option);
  return said.map(([name, option]) => `${name}: ${option}`).join(', ') || 'all of the plainest';
}
