import { runClients } from './clients/schedule.ts';
import { runSchedule } from './schedule.ts';

/** What is simulated: writers of one resource, each with a client of its own; or users of one client. */
export const worlds = { schedules: runSchedule, clients: runClients } as const;
export type WorldName = keyof typeof worlds;
