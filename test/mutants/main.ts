// Breaks a copy of the project, one mutant at a time, and sees whether the test that is named for it notices.
import { join } from 'node:path';
import { meet, unfit, type Fate } from './fate.ts';
import { mutants } from './list.ts';
import { staleness, type Mutant } from './mutant.ts';
import { copyProject } from './project.ts';
import { tryTests } from './trial.ts';

const root = join(import.meta.dirname, '../..');

function line({ mutant, killer, fault, seconds }: Fate): string {
  const by = killer ?? fault ?? `SURVIVED: ${mutant.harm}`;
  return `${mutant.name.padEnd(width)}  ${seconds.toFixed(1).padStart(7)}  ${by}`;
}

const width = Math.max(...mutants.map(({ name }) => name.length));

async function run(chosen: readonly Mutant[]): Promise<boolean> {
  const stale = chosen.flatMap((mutant) => staleness(root, mutant).map((why) => `${mutant.name}: ${why}`));
  if (stale.length > 0) return complain('The source has moved on, and mutants have stayed behind:', stale);
  const project = copyProject(root);
  try {
    const whole = await tryTests(
      project.folder,
      chosen.map(({ killer }) => killer),
    );
    const faults = unfit(whole, chosen);
    if (faults.length > 0) return complain('The named tests have to pass first:', faults);
    console.log(`${'mutant'.padEnd(width)}  seconds  killed by`);
    const fates: Fate[] = [];
    for (const mutant of chosen) {
      const fate = await meet(project, mutant);
      fates.push(fate);
      console.log(line(fate));
    }
    const killed = fates.filter(({ killer }) => killer !== undefined);
    console.log(`\n${killed.length} of ${fates.length} mutants killed.`);
    return killed.length === fates.length;
  } finally {
    project.remove();
  }
}

function complain(what: string, reasons: readonly string[]): false {
  console.error([what, ...reasons].join('\n'));
  return false;
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !mutants.some((mutant) => mutant.name === name));
if (unknown === undefined) {
  const chosen = mutants.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  process.exitCode = (await run(chosen)) ? 0 : 1;
} else {
  console.error(
    `No mutant is called '${unknown}'. There are: ${mutants.map(({ name }) => name).join(', ')}.`,
  );
  process.exitCode = 2;
}
