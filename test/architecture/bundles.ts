import { build } from 'esbuild';
import { join } from 'node:path';
import { root } from './files.ts';

/**
 * Folders of the source that are in an entry's bundle. Types are in none, and what the entry imports but never uses
 * isn't there either.
 */
export async function foldersIn(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^src\/(\w+)\//.exec(path)?.[1] ?? []);
  return [...new Set(folders)].sort();
}
