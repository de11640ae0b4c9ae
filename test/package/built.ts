import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The top of the package. */
export const root = join(import.meta.dirname, '../..');

/** Where the package's entry points and their types stand, by what its `exports` say. */
export const entryPoints: readonly { readonly types: string; readonly default: string }[] = Object.values(
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly exports: object }).exports,
).filter((target) => typeof target === 'object');

const writtenAt = (path: string): number =>
  statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const oldestOutput = Math.min(...entryPoints.flatMap((entry) => [entry.types, entry.default]).map(writtenAt));
const newestSource = Math.max(...globSync('src/**/*.ts', { cwd: root }).map(writtenAt));

// Whoever looks at what was built must not look at what was built of something else.
if (oldestOutput === 0) throw new Error('There is no dist. Run `npm run build`.');
if (oldestOutput < newestSource) throw new Error('dist is older than src. Run `npm run build`.');
