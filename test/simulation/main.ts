// Ends with 1 where something was lost, doubled or otherwise wrong, so that a machine can watch it.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { replay } from './replay.ts';
import { runMany } from './crew.ts';
import { printTally } from './tally.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    schedule: { type: 'string' },
  },
});
const [what = 'schedules'] = positionals;

async function simulate(): Promise<boolean> {
  if (what === 'storm') return (await import('./storm.ts')).storm(values.seed);
  if (what === 'lost') return (await import('./lost.ts')).lost(values.seed);
  if (what !== 'schedules' && what !== 'clients')
    throw new Error(`There is no simulation of '${what}': clients, storm, lost, or none for schedules.`);
  if (values.schedule !== undefined) return replay(what, values.schedule);
  const tally = await runMany(what, Number(values.runs), values.seed, Number(values.workers));
  return printTally(tally, what, values.seed);
}
process.exitCode = (await simulate()) ? 0 : 1;
