import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { once, type Check, type Suite } from '../check.ts';
import { comparePartsIn, parts, type Part } from '../parts.ts';
import { project } from '../place.ts';
import { succeed, tool } from '../programs.ts';
import { versionOf } from '../runtimes.ts';

/** What a bundler is told, to make one script of another. */
interface Bundler {
  readonly name: string;
  readonly program: string;
  readonly args: (from: string, folder: string, to: string, isProduction: boolean) => readonly string[];
}

const bundlers: readonly Bundler[] = [
  {
    name: 'webpack',
    program: 'webpack/bin/webpack.js',
    args: (from, folder, to, isProduction) => [
      ...['--entry', `./${from}`, '--output-path', folder, '--output-filename', to],
      ...['--mode', isProduction ? 'production' : 'none'],
    ],
  },
  {
    name: 'rollup',
    program: 'rollup/dist/bin/rollup',
    args: (from, folder, to, isProduction) => [
      ...[from, '--file', join(folder, to), '--format', 'es', '--plugin', 'node-resolve'],
      ...(isProduction
        ? [
            ...['--plugin', `replace={'process.env.NODE_ENV':'"production"',preventAssignment:true}`],
            ...['--plugin', 'terser'],
          ]
        : ['--plugin', 'commonjs']),
    ],
  },
  {
    name: 'esbuild',
    program: 'esbuild/bin/esbuild',
    args: (from, folder, to, isProduction) => [
      ...[from, `--outfile=${join(folder, to)}`, '--bundle', '--format=esm', '--log-level=warning'],
      ...(isProduction ? ['--minify', '--define:process.env.NODE_ENV="production"'] : []),
    ],
  },
];

const flow: readonly Part[] = ['recovery', 'p-retry'];

/** Programs that import little, and what a production build of each holds. */
const programs: Readonly<Record<string, { readonly what: string; readonly holds: readonly Part[] }>> = {
  'least.js': { what: 'withConflictRecovery and etag', holds: ['etag', ...flow] },
  'three-way.js': { what: 'threeWay of remerge/merge', holds: ['threeWay'] },
  'client.js': { what: 'createClient', holds: ['etag', ...flow, 'ky'] },
  'preset.js': { what: 'one preset', holds: ['the presets for Kubernetes'] },
};

/** Production builds: what isn't imported isn't there, nor is what only development needs. */
export const bundles: Suite = (place) => {
  const folder = once(() => project(place, 'bundles'));

  async function build(bundler: Bundler, from: string, isProduction: boolean): Promise<string> {
    const path = await folder();
    const to = `${bundler.name}-${from}`;
    const args = bundler.args(from, join(path, 'out'), to, isProduction);
    await succeed(execPath, [tool(bundler.program), ...args], path);
    return readFile(join(path, 'out', to), 'utf8');
  }

  return bundlers.flatMap((bundler): readonly Check[] => {
    const title = `${bundler.name} ${versionOf(bundler.name)}`;
    return [
      {
        promise: `${title}, for development, finds every part in everything`,
        run: async () => comparePartsIn(await build(bundler, 'everything.js', false), parts),
      },
      ...Object.entries(programs).map(([from, { what, holds }]) => ({
        promise: `${title}, for production, takes of ${what} only what is needed`,
        run: async () => comparePartsIn(await build(bundler, from, true), holds),
      })),
    ];
  });
};
