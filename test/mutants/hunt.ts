import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mutants } from './list.ts';
import { misfits, type Edit } from './mutant.ts';
import { copyProject, type Project } from './project.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** A fault of the source that a machine which makes up its own cases has to run into. */
export interface Planted {
  readonly name: string;
  /** What happens to a user. */
  readonly harm: string;
  readonly edits: readonly Edit[];
  /** Which kind of violation has to be found, or how its name begins. */
  readonly kind: string;
}

/** A violation, and how many cases it took to find it. */
export interface Find {
  readonly runs: number;
  readonly seed: string;
  readonly what: string;
}

/** What looks for faults. */
export interface Machine {
  /** What its cases are called. */
  readonly unit: string;
  /** How many there are at most. */
  readonly runs: number | 'all';
  /** What node is told so that it looks for a kind, and prints its `Find` as JSON, or null. */
  readonly command: (kind: string) => readonly string[];
}

/** A fault in one text of the source. */
export function fault(name: string, harm: string, kind: string, edit: Edit): Planted {
  return { name, harm, kind, edits: [edit] };
}

/** A fault for which there is a named test, too. */
export function mutant(name: string, kind: string): Planted {
  const found = mutants.find((one) => one.name === name);
  if (!found) throw new Error(`No mutant is called '${name}'.`);
  return { name, harm: found.harm, edits: found.edits, kind };
}

/** Looks for the faults of these names, or for all of them. */
export async function hunt(
  planted: readonly Planted[],
  names: readonly string[],
  machine: Machine,
): Promise<boolean> {
  const unknown = names.find((name) => !planted.some((one) => one.name === name));
  if (unknown !== undefined) throw new Error(`No fault is called '${unknown}'.`);
  const chosen = planted.filter(({ name }) => names.length === 0 || names.includes(name));
  return seek(chosen, machine, (line) => console.log(line));
}

/** Puts each fault into a copy of the project, tells after how many cases it was found, and gives whether all were. */
export async function seek(
  faults: readonly Planted[],
  machine: Machine,
  tell: (line: string) => void,
): Promise<boolean> {
  const project = copyProject(root);
  let isWell = true;
  try {
    for (const fault of faults) {
      const [misfit] = misfits(root, fault.edits);
      const found = misfit === undefined ? await meet(project, fault, machine) : undefined;
      isWell &&= found !== undefined;
      const missing = misfit ?? `NOT FOUND in ${machine.runs} ${machine.unit}: ${fault.harm}`;
      const line = found && `${found.runs} ${found.kind}: ${found.what.slice(0, 100)} (${found.seed})`;
      tell(`${fault.name.padEnd(32)}  ${line ?? missing}`);
    }
  } finally {
    project.remove();
  }
  return isWell;
}

type Found = Find & { readonly kind: string };

async function meet(
  project: Project,
  { edits, kind }: Planted,
  { command }: Machine,
): Promise<Found | undefined> {
  const mend = project.edit(edits);
  const node = (...words: readonly string[]): ReturnType<typeof run> =>
    run(process.execPath, [...words], { cwd: project.folder });
  try {
    await node('node_modules/tsup/dist/cli-default.js', '--no-dts', '--silent');
    const { stdout } = await node(...command(kind));
    return (JSON.parse(stdout.toString()) as Found | null) ?? undefined;
  } finally {
    mend();
  }
}
