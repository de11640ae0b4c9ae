import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Edit } from './mutant.ts';

/** What is made, or would be changed by whoever works in it. */
const leftOut = ['node_modules', '.git', 'dist', 'coverage'];

/** A copy of the project that may be broken. */
export interface Project {
  readonly folder: string;
  /** Makes the edits, and gives back what takes them back. */
  edit(edits: readonly Edit[]): () => void;
  remove(): void;
}

/** Copies the project to a temporary folder. The packages are linked, as nobody changes them. */
export function copyProject(root: string): Project {
  const folder = mkdtempSync(join(tmpdir(), 'remerge-mutants-'));
  cpSync(root, folder, { recursive: true, filter: (path) => !leftOut.includes(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    edit(edits) {
      const before = new Map<string, string>();
      for (const { file, find, put } of edits) {
        const path = join(folder, file);
        const source = readFileSync(path, 'utf8');
        if (!before.has(path)) before.set(path, source);
        // A function, as `$&` in a text would mean what was found.
        writeFileSync(
          path,
          source.replace(find, () => put),
        );
      }
      return () => before.forEach((source, path) => writeFileSync(path, source));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
