import type { Clock } from 'remerge';
import type { Chance } from '../chance.ts';
import type { Timeline } from '../timeline.ts';
import type { Credentials } from './credentials.ts';
import type { Gate } from './gate.ts';
import type { Ledger } from './ledger.ts';
import type { Scenario } from './scenario.ts';
import type { DocumentServer } from './server.ts';

/** What everybody in a schedule shares. */
export interface World {
  readonly scenario: Scenario;
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly clock: Clock;
  readonly server: DocumentServer;
  readonly gate: Gate;
  readonly ledger: Ledger;
  readonly credentials: Credentials;
}

/** Lets so much virtual time pass. */
export function pause({ clock }: Pick<World, 'clock'>, delay: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delay, resolve);
  });
}
