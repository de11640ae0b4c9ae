import { env } from 'node:process';
import { engines, missing } from './engines.ts';

/** Says before the first test which browsers are missing; in CI none may be. */
export default function callRoll(): void {
  for (const line of missing(engines, env.CI === 'true')) console.warn(line);
}
