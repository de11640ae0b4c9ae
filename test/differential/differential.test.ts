import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kinds, type KindName } from './kinds.ts';
import { runMany } from './many.ts';
import { Origins } from './origins.ts';
import { Strays } from './strays.ts';
import { failureTold } from './tally.ts';

const calls = Number(process.env.DIFFERENTIAL_CALLS ?? 2_500);

let origins: Origins;
let strays: Strays;
beforeAll(async () => {
  strays = new Strays();
  origins = await Origins.open();
});
afterAll(async () => {
  await origins.close();
  strays.stop();
});

describe('a call by remerge, beside the same call without it', () => {
  it.each(Object.keys(kinds) as KindName[])(
    'comes to the same for the server and its caller: %s',
    { timeout: 300_000 },
    async (only) => {
      const share = Math.ceil((calls * kinds[only].weight) / 100);
      const { calls: made, first } = await runMany(
        { seed: `ci-${only}`, calls: share, only, most: 60 },
        origins,
      );
      // Replay one with: npm run differential -- --kind <kind> --call <seed>:<number>
      const told = [...new Set(first.values())].map(failureTold);
      expect(told.join('\n\n')).toBe('');
      expect(made).toBe(share);
      expect(strays.errors).toEqual([]);
    },
  );
});
