// Ends with 1 where two sides differed, so that a machine can watch it.
import { parseArgs } from 'node:util';
import { hunt } from '../mutants/hunt.ts';
import { calls, planted } from './faults.ts';
import { kinds, type KindName } from './kinds.ts';
import { firstOf, runMany } from './many.ts';
import { Origins } from './origins.ts';
import { Strays } from './strays.ts';
import { failureTold, printTally } from './tally.ts';
import { plainest, runTrial } from './trial.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    calls: { type: 'string' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string' },
    call: { type: 'string' },
    // Up to the first difference whose name begins so, which is printed as JSON.
    until: { type: 'string' },
    // Puts faults into a copy of the source, and looks for each.
    faults: { type: 'boolean', default: false },
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

/** Makes many calls, and prints what they come to. */
async function many(origins: Origins): Promise<boolean> {
  const { seed, calls = '20000', until } = values;
  const begun = performance.now();
  const order = { seed, calls: Number(calls), ...(only && { only }), ...(until !== undefined && { until }) };
  const tally = await runMany(order, origins);
  if (until === undefined) return printTally(tally, origins, (performance.now() - begun) / 1_000);
  console.log(JSON.stringify(firstOf(tally, until) ?? null));
  return true;
}

async function compared(): Promise<boolean> {
  const strays = new Strays();
  const origins = await Origins.open();
  const isWell = await (values.call === undefined ? many(origins) : replay(values.call, origins));
  await origins.close();
  if (values.until !== undefined) return isWell;
  for (const error of strays.errors) console.log('A rejection that nobody hears:', error);
  return isWell && strays.errors.length === 0;
}

const isWell = values.faults
  ? await hunt(planted, positionals, calls({ calls: Number(values.calls ?? 5_000), seed: values.seed }))
  : await compared();
process.exitCode = isWell ? 0 : 1;
