import { random } from './documents.ts';

/** Calls made one after the other. What they need is made by `prepare`, outside of the measured time. */
export interface Batch {
  readonly calls: number;
  readonly prepare: () => () => Promise<unknown>;
}

async function microsecondsPerCall({ calls, prepare }: Batch): Promise<number> {
  const call = prepare();
  const start = process.hrtime.bigint();
  for (let done = 0; done < calls; done++) await call();
  return Number(process.hrtime.bigint() - start) / calls / 1e3;
}

/**
 * Microseconds per call of some batches, measured in turns, so that all meet the same machine; in each round in another order,
 * as one may leave garbage to the next. The first rounds are the compiler's, and don't count.
 */
export async function inTurns(
  batches: ReadonlyMap<string, Batch>,
  rounds: number,
): Promise<ReadonlyMap<string, readonly { readonly µs: number }[]>> {
  const ways = [...batches.keys()];
  const all = new Map(ways.map((way) => [way, [] as { readonly µs: number }[]]));
  const chance = random(rounds);
  for (let round = -Math.ceil(rounds / 4); round < rounds; round++) {
    for (const way of shuffled(ways, chance)) {
      const batch = batches.get(way);
      if (!batch) continue;
      const µs = await microsecondsPerCall(batch);
      if (round >= 0) all.get(way)?.push({ µs });
    }
  }
  return all;
}

/** The same ones in another order. */
export function shuffled<Item>(items: readonly Item[], chance: (below: number) => number): readonly Item[] {
  return items
    .map((item) => ({ item, place: chance(1_000_000) }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
