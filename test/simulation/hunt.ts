import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { misfits } from '../mutants/mutant.ts';
import { copyProject, type Project } from '../mutants/project.ts';
import { planted, type Planted } from './faults.ts';
import type { search } from './search.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** What a hunt goes by. */
export interface Hunt {
  /** Which faults; all if none is named. */
  readonly names: readonly string[];
  readonly runs: number;
  readonly seed: string;
  readonly workers: number;
}

/** Puts each fault into a copy of the project, and says after how many schedules it was found, and whether all were. */
export async function hunt({ names, ...bounds }: Hunt): Promise<boolean> {
  const chosen = planted.filter(({ name }) => names.length === 0 || names.includes(name));
  const missing = names.filter((name) => !chosen.some((fault) => fault.name === name));
  if (missing.length > 0) throw new Error(`No fault is called '${missing.join("' or '")}'.`);
  const project = copyProject(root);
  let isWell = true;
  try {
    for (const fault of chosen) {
      const [stale] = misfits(root, fault.edits);
      const line = stale ?? (await meet(project, fault, bounds));
      isWell &&= line !== undefined && stale === undefined;
      console.log(`${fault.name.padEnd(32)}  ${line ?? `NOT FOUND in ${bounds.runs} schedules: ${fault.harm}`}`);
    }
  } finally {
    project.remove();
  }
  return isWell;
}

async function meet(
  { folder, edit }: Project,
  { edits, kind }: Planted,
  { runs, seed, workers }: Omit<Hunt, 'names'>,
): Promise<string | undefined> {
  const mend = edit(edits);
  try {
    const node = (...words: readonly string[]): ReturnType<typeof run> => run(process.execPath, [...words], { cwd: folder });
    await node('node_modules/tsup/dist/cli-default.js', '--no-dts', '--silent');
    const bounds = ['--runs', String(runs), '--seed', seed, '--workers', String(workers)];
    const { stdout } = await node('test/simulation/main.ts', 'clients', ...bounds, '--until', kind);
    const found = JSON.parse(stdout.toString()) as Awaited<ReturnType<typeof search>> | null;
    return found ? `${String(found.runs).padStart(6)}  ${found.kind}: ${found.what.slice(0, 100)} (${found.seed})` : undefined;
  } finally {
    mend();
  }
}
