import { runSchedule } from './schedule.ts';

/** Runs one schedule, and prints all that happens in it. */
export async function replay(seed: string): Promise<boolean> {
  const { violations } = await runSchedule(seed, (line) => console.log(line()));
  return violations.length === 0;
}
