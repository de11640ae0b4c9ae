import { worlds, type WorldName } from './world.ts';

/** Runs one schedule, and prints all that happens in it. */
export async function replay(world: WorldName, seed: string): Promise<boolean> {
  const { violations } = await worlds[world](seed, (line) => console.log(line()));
  return violations.length === 0;
}
