import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A text of the source, and what stands in its place in the mutant. */
export interface Edit {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly put: string;
}

/** A fault that somebody could make, and the test that has to notice it. */
export interface Mutant {
  readonly name: string;
  /** The rule that it breaks, as what would happen to a user. */
  readonly harm: string;
  readonly edits: readonly Edit[];
  readonly killer: Killer;
}

/** A test by its file and its title, as it stands in the file: `%s` and the like included. */
export interface Killer {
  readonly file: string;
  readonly test: string;
}

/** What is wrong with edits: the source has moved on, and they have stayed behind. */
export function misfits(root: string, edits: readonly Edit[]): readonly string[] {
  return edits.flatMap(({ file, find, put }) => {
    if (globSync(file, { cwd: root }).length === 0) return [`there is no ${file}`];
    const times = readFileSync(join(root, file), 'utf8').split(find).length - 1;
    if (find === put) return [`it changes nothing in ${file}`];
    return times === 1 ? [] : [`${file} has its text ${times} times: ${find}`];
  });
}

/** What is wrong with a mutant: the source or the tests have moved on, and it has stayed behind. */
export function staleness(root: string, { edits, killer }: Mutant): readonly string[] {
  const texts = misfits(root, edits);
  return titlesIn(root, killer.file).includes(killer.test)
    ? texts
    : [...texts, `${killer.file} has no test '${killer.test}'`];
}

const titles = new Map<string, readonly string[]>();

/** The title of each test in a file, as it is written there. */
function titlesIn(root: string, file: string): readonly string[] {
  const path = join(root, file);
  const known = titles.get(path);
  if (known) return known;
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const [title] = ts.isCallExpression(node) ? node.arguments : [];
    if (title && ts.isStringLiteralLike(title)) found.push(title.text);
    ts.forEachChild(node, visit);
  };
  if (globSync(file, { cwd: root }).length > 0)
    visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  titles.set(path, found);
  return found;
}

/** A pattern that finds the test by its title when it runs, where `%s` and `$name` have become values. */
export function patternOf({ test }: Killer): string {
  return test.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/%[a-z]|\\\$[\w.]+/g, '.*');
}
