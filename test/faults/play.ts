import type { Outcome } from '../../src/report.ts';
import { recoveryOf, type Recovery, type StopCode } from 'remerge';
import { scriptOf, type Case } from './case.ts';
import type { FaultServer } from './server.ts';
import { NetworkClock } from './traffic.ts';
import type { Venue } from './venue.ts';
import { startOf, writeByClient, writeByFetch } from './writing.ts';

/** How a case came out, as the caller and the server saw it. */
export interface Seen {
  readonly venue: Venue;
  readonly report: Recovery;
  readonly how: Exclude<Outcome['outcome'], 'failed'> | StopCode;
  /** The requests that reached the resource: `W` for a write, `R` for a read. */
  readonly trail: string;
  /** Virtual milliseconds. */
  readonly elapsed: number;
  /** Timers that are still set. */
  readonly timers: number;
}

/** Makes the write of a case, and waits until all is over. */
export async function play(server: FaultServer, one: Case, script = scriptOf(one)): Promise<Seen> {
  const venue = server.open(startOf(one), script);
  const clock = new NetworkClock(server.traffic, venue.path);
  const write = one.maker === 'fetch' ? writeByFetch(one, venue, clock) : writeByClient(one, venue, clock);
  const began = clock.now();
  const outcome = await clock.run(write.catch((error: unknown) => error));
  const elapsed = clock.now() - began;
  const report = recoveryOf(outcome);
  if (!report) throw new Error('There is no report.', { cause: outcome });
  const trail = venue.log.map(({ method }) => (method === 'GET' ? 'R' : 'W')).join(' ');
  const how = report.outcome === 'failed' ? report.code : report.outcome;
  return { venue, report, how, trail, elapsed, timers: clock.timers };
}
