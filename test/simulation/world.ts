import { runClients } from './clients/schedule.ts';
import { runParts } from './parts/schedule.ts';
import { runSchedule } from './schedule.ts';

/** What is simulated: writers of one resource, each with a client of its own; users of one client; or clients who change parts of one resource. */
export const worlds = { schedules: runSchedule, clients: runClients, parts: runParts } as const;
export type WorldName = keyof typeof worlds;

export function isWorld(name: string): name is WorldName {
  return Object.hasOwn(worlds, name);
}
