import { describe, expect, it } from 'vitest';
import { runLosses } from './lost.ts';
import { faults } from './scenario.ts';
import { runSchedule } from './schedule.ts';
import { byHand, byRemerge, runStorm } from './storm.ts';
import { count, emptyTally } from './tally.ts';
import { traceOf } from './trials.ts';

const runs = Number(process.env.SIMULATE_RUNS ?? 2_000);

describe('clients of one resource, on a network where anything may happen', () => {
  it(
    `lose nothing, double nothing and know what they don't know, in ${runs} schedules`,
    { timeout: 300_000 },
    async () => {
      const tally = emptyTally();
      for (let run = 0; run < runs; run += 1) {
        const seed = `ci:${run}`;
        count(tally, seed, await runSchedule(seed));
        if (tally.failures.length > 0) break;
      }
      // Replay one with: npm run simulate -- --schedule <seed>
      expect(tally.failures).toEqual([]);
      // All that is to happen has happened.
      expect(Object.keys(tally.faults).sort()).toEqual([...faults].sort());
      expect(tally.outcomes.ok).toBeGreaterThan(runs);
      expect(tally.outcomes.unknown).toBeGreaterThan(0);
      expect(tally.outcomes.failed).toBeGreaterThan(0);
      expect(tally.crashed).toBeGreaterThan(0);
    },
  );

  it('do the same again under the same seed, to the last line', async () => {
    const traces: (readonly string[])[] = [];
    for (let run = 0; run < 50; run += 1) traces.push(await traceOf(runSchedule, `replay:${run}`));
    expect(traces.flat().length).toBeGreaterThan(1_000);
    for (const [run, trace] of traces.entries())
      expect(await traceOf(runSchedule, `replay:${run}`)).toEqual(trace);
    // One after another or all at once makes no difference, as they share nothing.
    expect(await Promise.all(traces.map((_, run) => traceOf(runSchedule, `replay:${run}`)))).toEqual(traces);
  });
});

describe('clients that lose a fifth of all answers after commit', () => {
  it('make each update exactly once, with less than 1.5 requests each', async () => {
    const { requests, lost, doubled, unknown, answersLost } = await runLosses(25, '7');
    expect({ lost, doubled, unknown }).toEqual({ lost: 0, doubled: 0, unknown: 0 });
    expect(answersLost).toBeGreaterThan(30);
    expect(requests / 200).toBeLessThan(1.5);
  });
});

describe('a storm on one resource', () => {
  it('is over with every update made, and with far fewer requests than by a loop without jitter', async () => {
    const storm = await runStorm(50, '7', byRemerge());
    const loop = await runStorm(
      50,
      '7',
      byHand(() => 100),
      [10, 10],
    );
    expect([storm.applied, loop.applied]).toEqual([50, 50]);
    expect(loop.requests).toBe(50 * 51);
    expect(storm.requests).toBeLessThan(loop.requests / 3);
  });
});
