import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { misfits } from '../mutants/mutant.ts';
import { copyProject, type Project } from '../mutants/project.ts';
import { planted, type Planted } from './faults.ts';
import type { search } from './search.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** How far a fault is looked for. */
export interface Bounds {
  readonly runs: number;
  readonly seed: string;
  readonly workers: number;
}

/** Looks for the faults of these names, or for all of them. */
export async function hunt(names: readonly string[], bounds: Bounds): Promise<boolean> {
  const unknown = names.find((name) => !planted.some((fault) => fault.name === name));
  if (unknown !== undefined) throw new Error(`No fault is called '${unknown}'.`);
  const chosen = planted.filter(({ name }) => names.length === 0 || names.includes(name));
  return seek(chosen, bounds, (line) => console.log(line));
}

/** Puts each fault into a copy of the project, tells after how many schedules it was found, and gives whether all were. */
export async function seek(
  faults: readonly Planted[],
  bounds: Bounds,
  tell: (line: string) => void,
): Promise<boolean> {
  const project = copyProject(root);
  let isWell = true;
  try {
    for (const fault of faults) {
      const [misfit] = misfits(root, fault.edits);
      const found = misfit === undefined ? await meet(project, fault, bounds) : undefined;
      isWell &&= found !== undefined;
      const missing = misfit ?? `NOT FOUND in ${bounds.runs} schedules: ${fault.harm}`;
      const line = found && `${found.runs} ${found.kind}: ${found.what.slice(0, 100)} (${found.seed})`;
      tell(`${fault.name.padEnd(32)}  ${line ?? missing}`);
    }
  } finally {
    project.remove();
  }
  return isWell;
}

async function meet(
  project: Project,
  { edits, kind }: Planted,
  { runs, seed, workers }: Bounds,
): ReturnType<typeof search> {
  const mend = project.edit(edits);
  const node = (...words: readonly string[]): ReturnType<typeof run> =>
    run(process.execPath, [...words], { cwd: project.folder });
  try {
    await node('node_modules/tsup/dist/cli-default.js', '--no-dts', '--silent');
    const order = ['--runs', String(runs), '--seed', seed, '--workers', String(workers)];
    const { stdout } = await node('test/simulation/main.ts', 'clients', ...order, '--until', kind);
    return (JSON.parse(stdout.toString()) as Awaited<ReturnType<typeof search>> | null) ?? undefined;
  } finally {
    mend();
  }
}
