import { describe, expect, it } from 'vitest';
import { runClients } from './clients/schedule.ts';
import { tallyOf, traceOf } from './trials.ts';

const runs = Number(process.env.SIMULATE_CLIENTS ?? 1_000);

describe('users who call through one client', () => {
  it(
    `change only what is theirs, once, and are told the truth, in ${runs} schedules`,
    { timeout: 300_000 },
    async () => {
      const tally = await tallyOf(runClients, runs);
      // Replay one with: npm run simulate -- clients --schedule <seed>
      expect(tally.found).toEqual({});
      // All that is to happen has happened.
      const groups = Object.keys(tally.groups).join();
      for (const word of ['crowd', 'static', 'headers', 'hook', 'fetch', 'page', 'server'])
        expect(groups).toContain(word);
      for (const word of ['etag', 'field', 'weak', 'date', 'none']) expect(groups).toContain(word);
      for (const fault of ['lost after', 'late', 'duplicated', 'hangs after', 'throttled'])
        expect(Object.keys(tally.faults)).toContain(fault);
      expect(tally.outcomes.ok).toBeGreaterThan(runs);
      expect(tally.outcomes.unknown).toBeGreaterThan(0);
      expect(tally.outcomes.failed).toBeGreaterThan(0);
    },
  );

  it('do the same again under the same seed, to the last line', { timeout: 60_000 }, async () => {
    let lines = 0;
    for (let run = 0; run < 30; run += 1) {
      const trace = await traceOf(runClients, `replay:${run}`);
      lines += trace.length;
      expect(await traceOf(runClients, `replay:${run}`)).toEqual(trace);
    }
    expect(lines).toBeGreaterThan(1_000);
  });
});
