import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from './house.ts';

/** The top of the repository. */
export const root = join(import.meta.dirname, '../..');

/** Every file that people wrote in code, and the compiler's settings. */
export function readHouse(): Files {
  const paths = ['*.ts', '.config/*', '{src,test,docs}/**/*.{ts,js}', 'src/*/tsconfig.json'].flatMap(
    // The servers under test bring code of their own.
    (pattern) => globSync(pattern, { cwd: root, exclude: ['**/node_modules'] }),
  );
  return new Map(
    paths.sort().map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]),
  );
}
