import { hunt, type Machine, type Planted } from '../mutants/hunt.ts';
import { ofEverySchedule, ofWriters } from './doubts.ts';
import { planted as ofUsers } from './faults.ts';
import { ofParts } from './parts/faults.ts';

/** Which schedules are to be run. */
interface Order {
  /** How many at most. */
  readonly runs: number;
  readonly seed: string;
  readonly workers: number;
}

/** Simulated users of one client, as what looks for faults. */
export function users(order: Order): Machine {
  return byChance('clients', order);
}

/** Simulated writers of one resource, as what looks for faults. */
export function writers(order: Order): Machine {
  return byChance('schedules', order);
}

/** Simulated clients who change parts of one resource, as what looks for faults. */
export function parts(order: Order): Machine {
  return byChance('parts', order);
}

/** Every schedule of a small scope, as what looks for faults. */
export function everySchedule(size: string): Machine {
  return {
    unit: 'schedules',
    runs: 'all',
    command: (kind) => ['test/simulation/main.ts', 'exhaustive', size, '--until', kind],
  };
}

function byChance(world: string, { runs, seed, workers }: Order): Machine {
  const order = ['--runs', String(runs), '--seed', seed, '--workers', String(workers)];
  const command = (kind: string): readonly string[] => {
    return ['test/simulation/main.ts', world, ...order, '--until', kind];
  };
  return { unit: 'schedules', runs, command };
}

/** What looks for which faults, by the name of its world. */
function machinesFor(runs: number | undefined, seed: string, workers: number) {
  const order = (most: number): Order => ({ runs: runs ?? most, seed, workers });
  return {
    clients: [ofUsers, users(order(10_000))],
    schedules: [ofWriters, writers(order(20_000))],
    parts: [ofParts, parts(order(20_000))],
    exhaustive: [ofEverySchedule, everySchedule('small')],
  } as const;
}

/**
 * Puts faults into a copy of the source, and looks for each.
 *
 * @param words Worlds, or names of faults. Default: all of them.
 */
export async function huntFaults(
  words: readonly string[],
  { runs, seed, workers }: Omit<Order, 'runs'> & { readonly runs: number | undefined },
): Promise<boolean> {
  const machines = Object.entries(machinesFor(runs, seed, workers));
  const worlds = machines.filter(([world]) => words.includes(world));
  const names = words.filter((word) => !machines.some(([world]) => world === word));
  let isWell = true;
  for (const [world, [planted, machine]] of worlds.length > 0 ? worlds : machines) {
    // A name that none of them knows is told by the first.
    const own = names.filter((name) => isIn(planted, name) || !machines.some(([, [all]]) => isIn(all, name)));
    if (own.length === 0 && names.length > 0) continue;
    console.log(`${world}:`);
    isWell = (await hunt(planted, own, machine)) && isWell;
  }
  return isWell;
}

function isIn(planted: readonly Planted[], name: string): boolean {
  return planted.some((one) => one.name === name);
}
