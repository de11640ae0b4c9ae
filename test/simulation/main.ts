// Ends with 1 where something was lost, doubled or otherwise wrong, so that a machine can watch it.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runMany, type Order } from './crew.ts';
import { replay } from './replay.ts';
import { printTally } from './tally.ts';
import { isWorld } from './world.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    schedule: { type: 'string' },
    // Up to the first violation of a kind, which is printed as JSON.
    until: { type: 'string' },
    // Every schedule of a small scope: small, one-fault or two-faults.
    exhaustive: { type: 'boolean', default: false },
    // Puts faults into a copy of the source, and looks for each.
    faults: { type: 'boolean', default: false },
  },
});
const [what = 'schedules', ...names] = positionals;
const { seed } = values;
const workers = Number(values.workers);

async function simulate(): Promise<boolean> {
  if (values.faults) {
    const runs = values.runs === undefined ? undefined : Number(values.runs);
    return (await import('./hunt.ts')).huntFaults(positionals, { runs, seed, workers });
  }
  if (values.exhaustive || what === 'exhaustive') {
    const [size = 'one-fault'] = what === 'exhaustive' ? names : positionals;
    return (await import('./walk/main.ts')).exhaust(size, workers, values.until);
  }
  if (what === 'storm') return (await import('./storm.ts')).storm(seed);
  if (what === 'lost') return (await import('./lost.ts')).lost(seed);
  if (!isWorld(what) || names.length > 0)
    throw new Error(
      `There is no simulation of '${positionals.join(' ')}': clients, parts, exhaustive, storm, lost, or none for schedules.`,
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
