import { describe, expect, it } from 'vitest';
import { runParts } from './parts/schedule.ts';
import { tallyOf, traceOf } from './trials.ts';

const runs = Number(process.env.SIMULATE_PARTS ?? 1_000);

describe('clients who change parts of one resource', () => {
  it(
    `change nothing else, each once, and are told the truth, in ${runs} schedules`,
    { timeout: 300_000 },
    async () => {
      const tally = await tallyOf(runParts, runs);
      // Replay one with: npm run simulate -- parts --schedule <seed>
      expect(tally.found).toEqual({});
      // All that is to happen has happened.
      const groups = Object.keys(tally.groups).join();
      for (const word of ['merge patch', 'plain', 'operations', 'shallow', 'deep', 'actions', 'lagging'])
        expect(groups).toContain(word);
      for (const by of ['fetch', 'verbs', 'handle']) expect(groups).toContain(`by ${by}`);
      expect(tally.outcomes.ok).toBeGreaterThan(runs);
      expect(tally.outcomes.unknown).toBeGreaterThan(0);
      expect(tally.outcomes.failed).toBeGreaterThan(0);
    },
  );

  it('do the same again under the same seed, to the last line', { timeout: 60_000 }, async () => {
    for (let run = 0; run < 30; run += 1)
      expect(await traceOf(runParts, `replay:${run}`)).toEqual(await traceOf(runParts, `replay:${run}`));
  });
});
