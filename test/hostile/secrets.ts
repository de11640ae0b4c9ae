import { inspect } from 'node:util';

/** Secrets that were planted, each of which is unlike anything else. */
export class Secrets {
  readonly #seeds: readonly string[];
  readonly planted: string[] = [];

  constructor(seeds: readonly string[]) {
    this.#seeds = seeds;
  }

  /** A secret of its own for one place. */
  readonly plant = (): string => {
    const count = this.planted.length;
    const secret = `${this.#seeds[count % this.#seeds.length] ?? ''}${String(count)}q`;
    this.planted.push(secret);
    return secret;
  };

  /** The secrets that a text gives away. */
  in(text: string): readonly string[] {
    return this.planted.filter((secret) => text.includes(secret));
  }
}

/** All that a console, a logger and an error tracker make of a value. */
export function logsOf(value: unknown): string {
  return [
    inspect(value, { depth: 12, maxStringLength: null, breakLength: Infinity }),
    String(value),
    JSON.stringify(value),
    JSON.stringify({ ...Object(value) }),
    ...chainOf(value).flatMap((one) => [inspect(structuredClone(one), { depth: 12 }), trackedOf(one)]),
  ].join('\n');
}

/** An error, and those behind it. */
function chainOf(value: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let one = value; one instanceof Error && chain.length < 9; one = one.cause) chain.push(one);
  return chain;
}

/** What an error tracker sends home: the text of an error, and its members as `for … in` finds them. */
function trackedOf(error: Error): string {
  const members: unknown[] = [error.name, error.message, error.stack];
  for (const name in error) members.push(name, inspect(error[name as keyof Error], { depth: 12 }));
  return members.join('\n');
}
