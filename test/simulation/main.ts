// Ends with 1 where something was lost, doubled or otherwise wrong, so that a machine can watch it.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runMany, type Order } from './crew.ts';
import { replay } from './replay.ts';
import { printTally } from './tally.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    schedule: { type: 'string' },
    // Up to the first violation of a kind, which is printed as JSON.
    until: { type: 'string' },
    // Puts faults into a copy of the source, and looks for each.
    faults: { type: 'boolean', default: false },
  },
});
const [what = 'schedules', ...names] = positionals;
const { seed } = values;
const workers = Number(values.workers);

async function simulate(): Promise<boolean> {
  if (values.faults) {
    const faults = positionals.filter((name) => name !== 'clients');
    const runs = Number(values.runs ?? 10_000);
    const { hunt } = await import('../mutants/hunt.ts');
    const [{ planted }, { users }] = await Promise.all([import('./faults.ts'), import('./hunt.ts')]);
    return hunt(planted, faults, users({ runs, seed, workers }));
  }
  if (what === 'storm') return (await import('./storm.ts')).storm(seed);
  if (what === 'lost') return (await import('./lost.ts')).lost(seed);
  if ((what !== 'schedules' && what !== 'clients') || names.length > 0)
    throw new Error(
      `There is no simulation of '${positionals.join(' ')}': clients, storm, lost, or none for schedules.`,
    );
  if (values.schedule !== undefined) return replay(what, values.schedule);
  const order: Order = { world: what, seed, workers, to: Number(values.runs ?? 20_000) };
  if (values.until !== undefined) {
    const found = await (await import('./search.ts')).search(order, values.until);
    console.log(JSON.stringify(found ?? null));
    return true;
  }
  return printTally(await runMany(order), what, seed);
}
process.exitCode = (await simulate()) ? 0 : 1;
