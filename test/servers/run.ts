import { env } from 'node:process';
import type { Adapter } from './adapter.ts';
import { adapters } from './adapters.ts';
import { promises, type Result } from './contract.ts';
import { controls, markdown, marks } from './matrix.ts';
import { tryServer, type Trial } from './trial.ts';

/** The servers of these names, all of them where there are none, or why there are none. */
export function chosen(names: readonly string[]): readonly Adapter[] | { readonly unknown: string } {
  const unknown = names.find((name) => !adapters.some((adapter) => adapter.name === name));
  if (unknown === undefined) return adapters.filter(({ name }) => names.length === 0 || names.includes(name));
  const all = adapters.map(({ name }) => name).join(', ');
  return { unknown: `No server is called '${unknown}'. There are: ${all}.` };
}

function tell(result: Result): void {
  const promise = promises.find(({ name }) => name === result.name)?.promise ?? result.name;
  const time = `${result.milliseconds.toFixed(0)} ms`.padStart(8);
  if (result.kind === 'kept') console.log(`${time}  ✓ ${promise} (${result.seen})`);
  else if (result.kind === 'skipped') console.log(`${time}  · ${promise}: skipped, ${result.why}`);
  else console.log(`${time}  ✗ ${promise}\n`, result.error);
}

/** Runs the contract against servers, one after another, and prints the matrix. Gives whether all is well. */
export async function run(servers: readonly Adapter[]): Promise<boolean> {
  const trials: Trial[] = [];
  for (const adapter of servers) {
    console.log(`\n${adapter.title}`);
    const trial = await tryServer(adapter, tell);
    if (trial.missing !== undefined) console.log(`!!! NOT RUN: ${adapter.title}:`, trial.missing);
    trials.push(trial);
  }
  const results = trials.flatMap(({ results }) => results);
  const count = (kind: Result['kind']): number => results.filter((result) => result.kind === kind).length;
  const missing = trials.filter(({ missing }) => missing !== undefined);
  const blind = trials.filter(({ control }) => control?.isOverwritten === false);
  console.log(`\n${markdown(trials)}\n\n${controls(trials)}\n\n${marks(trials)}\n`);
  for (const { adapter } of blind)
    console.log(`!!! ${adapter.title} has protected a write: it is no control any more`);
  for (const { adapter } of missing) console.log(`!!! NOT RUN: ${adapter.title}`);
  console.log(`${count('kept')} passed, ${count('broken')} failed, ${count('skipped')} skipped`);
  return count('broken') === 0 && blind.length === 0 && (missing.length === 0 || env.CI !== 'true');
}
