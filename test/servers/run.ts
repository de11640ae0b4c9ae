import { env } from 'node:process';
import type { Adapter } from './adapter.ts';
import { adapters } from './adapters.ts';
import { promises, type Result } from './contract.ts';
import { tryGateway } from './gateway.ts';
import { controls, markdown, marks } from './matrix.ts';
import { isUpToDate, pagePath, publish } from './page.ts';
import { tryServer, type Trial } from './trial.ts';

/** What is to be run: servers, and the gateway in front of our own. */
interface Chosen {
  readonly servers: readonly Adapter[];
  readonly isGated: boolean;
}

const gateway = 'gateway';

/** What has these names, all of it where there are none, or why there is nothing. */
export function chosen(names: readonly string[]): Chosen | { readonly unknown: string } {
  const all = [...adapters.map(({ name }) => name), gateway];
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined)
    return { unknown: `No server is called '${unknown}'. There are: ${all.join(', ')}.` };
  const isChosen = (name: string): boolean => names.length === 0 || names.includes(name);
  return { servers: adapters.filter(({ name }) => isChosen(name)), isGated: isChosen(gateway) };
}

function tell(result: Result): void {
  const promise = promises.find(({ name }) => name === result.name)?.promise ?? result.name;
  const time = `${result.milliseconds.toFixed(0)} ms`.padStart(8);
  if (result.kind === 'kept')
    console.log(`${time}  ✓ ${promise} (${[result.seen, result.once].filter(Boolean).join(', ')})`);
  else if (result.kind === 'skipped') console.log(`${time}  · ${promise}: skipped, ${result.why}`);
  else console.log(`${time}  ✗ ${promise}\n`, result.error);
}

/** Runs what was chosen, one after another. Gives whether all is well. */
export async function run({ servers, isGated }: Chosen): Promise<boolean> {
  const areWell = servers.length === 0 || (await runServers(servers));
  return !isGated || (await runGateway()) ? areWell : false;
}

/** Runs the promises that are about a gateway, and prints what was seen as a table. */
async function runGateway(): Promise<boolean> {
  console.log('\nnginx in front of the example server and a replica');
  const { kept, broken, missing, table } = await tryGateway();
  console.log(`\n${table}\n`);
  if (missing !== undefined) console.log('!!! NOT RUN: the gateway:', missing);
  console.log(`${kept} passed, ${broken} failed`);
  return broken === 0 && (missing === undefined || env.CI !== 'true');
}

/** Runs the contract against servers, one after another, and prints the matrix. */
async function runServers(servers: readonly Adapter[]): Promise<boolean> {
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
  const blind = trials.filter(({ control }) => control && !(control.isOverwritten && control.isKnown));
  console.log(`\n${markdown(trials)}\n\n${controls(trials)}\n\n${marks(trials)}\n`);
  for (const { adapter } of blind)
    console.log(
      `!!! ${adapter.title} is no control any more: it has protected a write, or no probe knows it`,
    );
  for (const { adapter } of missing) console.log(`!!! NOT RUN: ${adapter.title}`);
  console.log(`${count('kept')} passed, ${count('broken')} failed, ${count('skipped')} skipped`);
  if (count('broken') > 0 || blind.length > 0) return false;
  if (missing.length > 0) return env.CI !== 'true';
  return servers.length < adapters.length || tellPage(trials);
}

/** Puts the matrix of a full run on its page; in CI, sees that it is there. Gives whether all is well. */
async function tellPage(trials: readonly Trial[]): Promise<boolean> {
  if (env.CI !== 'true') {
    await publish(trials);
    console.log(`${pagePath} has this matrix`);
    return true;
  }
  if (await isUpToDate(trials)) return true;
  console.log(
    `!!! ${pagePath} has another matrix than this. Run \`npm run test:servers\`, and commit the page.`,
  );
  return false;
}
