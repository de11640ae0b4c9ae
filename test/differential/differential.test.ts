import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kinds, type KindName } from './kinds.ts';
import { runMany } from './many.ts';
import { Origins } from './origins.ts';
import { Strays } from './strays.ts';
import { failureTold } from './tally.ts';

const calls = Number(process.env.DIFFERENTIAL_CALLS ?? 5_000);

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

/**
 * Differences that are known. Two are to be mended: an error for a signal that is none has other words, and a Request that
 * can't be sent rejects one timer later. Two are so by nature: recovery reads a refusal before it hands it over, so it waits
 * for a body that stalls, within the time of the write; and a lost write that is found to be made has an answer, whose
 * json(null) fails as ky's does.
 */
const open = [
  /setting: signal wrong/,
  /address: (blocked port|no scheme|about|data|file|another scheme)[^]*waits/,
  /signal: aborted while[^]*'pending'/,
  /clientLook: json\(null\)/,
];

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
      expect(told.filter((one) => !open.some((known) => known.test(one))).join('\n\n')).toBe('');
      expect(made).toBe(share);
      expect(strays.errors).toEqual([]);
    },
  );
});
