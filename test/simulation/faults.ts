import { mutants } from '../mutants/list.ts';
import type { Edit } from '../mutants/mutant.ts';

/** A fault of the source that users of one client have to run into. */
export interface Planted {
  readonly name: string;
  /** What happens to a user. */
  readonly harm: string;
  readonly edits: readonly Edit[];
  /** Which kind of violation has to be found, or how it begins. */
  readonly kind: string;
}

/** A fault for which there is a named test, too. */
function mutant(name: string, kind: string): Planted {
  const found = mutants.find((one) => one.name === name);
  if (!found) throw new Error(`No mutant is called '${name}'.`);
  return { name, harm: found.harm, edits: found.edits, kind };
}

/** Every fault that has to be found within 10,000 schedules. */
export const planted: readonly Planted[] = [
  mutant('if-match-dropped', 'unconditional write'),
  mutant('no-limit', 'too many requests: overtaken 412'),
];
