import { patternOf, type Mutant } from './mutant.ts';
import type { Project } from './project.ts';
import { tryTests, type Trial } from './trial.ts';

/** What became of a mutant. */
export interface Fate {
  readonly mutant: Mutant;
  /** The full name of the test that killed it; `undefined` if none did. */
  readonly killer: string | undefined;
  /** Why it is no mutant, where it isn't. */
  readonly fault: string | undefined;
  readonly seconds: number;
}

/** Breaks the project by one mutant, runs the test that is named for it, and mends the project. */
export async function meet(project: Project, mutant: Mutant): Promise<Fate> {
  const mend = project.edit(mutant.edits);
  const { failed, broken, endless, seconds } = await tryTests(project.folder, [mutant.killer]);
  mend();
  const [killer] = endless ? [`${mutant.killer.test} (without end)`] : failed;
  // What can't even be loaded fails every test, and proves nothing.
  const fault = broken[0] === undefined ? undefined : `it can't be loaded: ${broken[0]}`;
  return { mutant, killer: fault === undefined ? killer : undefined, fault, seconds };
}

/** Why named tests are none that can kill: one that fails on the whole project would kill whatever it meets. */
export function unfit({ failed, passed, broken }: Trial, mutants: readonly Mutant[]): readonly string[] {
  const missing = mutants.filter(
    ({ killer }) => !passed.some((name) => new RegExp(`${patternOf(killer)}$`).test(name)),
  );
  return [
    ...broken,
    ...failed.map((name) => `It fails without any mutant: ${name}`),
    ...missing.map(({ name, killer }) => `${name}: '${killer.test}' doesn't run`),
  ];
}
