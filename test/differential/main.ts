// Ends with 1 where two sides differed, so that a machine can watch it.
import { parseArgs } from 'node:util';
import { kinds, type KindName } from './kinds.ts';
import { runMany } from './many.ts';
import { Origins } from './origins.ts';
import { Strays } from './strays.ts';
import { failureTold, printTally } from './tally.ts';
import { plainest, runTrial } from './trial.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string' },
    call: { type: 'string' },
  },
});
const only = values.kind as KindName | undefined;
if (only !== undefined && !(only in kinds))
  throw new Error(`There is no kind '${only}': ${Object.keys(kinds).join(', ')}.`);
/** Makes one call again, and prints all that came of it. */
async function replay(name: string, origins: Origins): Promise<boolean> {
  const trial = await runTrial(name, origins, only);
  console.log(failureTold(trial));
  if (trial.differences.length === 0) return true;
  console.log(`plainest: ${await plainest(trial, origins)}`);
  return false;
}

const strays = new Strays();
const origins = await Origins.open();
const begun = performance.now();
const { seed, calls, call } = values;
const isWell =
  call === undefined
    ? await runMany({ seed, calls: Number(calls), ...(only && { only }) }, origins).then((tally) =>
        printTally(tally, origins, (performance.now() - begun) / 1_000),
      )
    : await replay(call, origins);
await origins.close();
for (const error of strays.errors) console.log('A rejection that nobody hears:', error);
process.exitCode = isWell && strays.errors.length === 0 ? 0 : 1;
