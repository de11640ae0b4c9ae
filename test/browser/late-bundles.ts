import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build as esbuild, transform } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';
import { root } from '../package/built.ts';

/** Builds the app of a folder for production: a script `app.js` in another one, and beside it whatever that loads late. */
type LateBundler = (folder: string, site: string) => Promise<unknown>;

const mode = JSON.stringify('production');

const bundlers: Readonly<Record<string, LateBundler>> = {
  Vite: (folder, site) =>
    vite({
      root: folder,
      configFile: false,
      logLevel: 'error',
      // The page has it in a folder.
      base: './',
      build: {
        outDir: site,
        rolldownOptions: { input: join(folder, 'app.js'), output: { entryFileNames: 'app.js' } },
      },
    }),

  async webpack(folder, site) {
    const compiler = webpack({
      mode: 'production',
      context: folder,
      entry: './app.js',
      output: { path: site, filename: 'app.js' },
      performance: false,
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    if (!stats || stats.hasErrors()) throw new Error(stats?.toString());
  },

  async rollup(folder, site) {
    const replaced = {
      name: 'mode',
      transform: (code: string) => ({ code: code.replaceAll('process.env.NODE_ENV', mode), map: null }),
    };
    const plugins = [nodeResolve(), replaced];
    const bundle = await rollup({ input: join(folder, 'app.js'), plugins, logLevel: 'silent' });
    await bundle.write({ dir: site, format: 'es', entryFileNames: 'app.js' });
  },

  esbuild: (folder, site) =>
    esbuild({
      entryPoints: [join(folder, 'app.js')],
      bundle: true,
      splitting: true,
      format: 'esm',
      minify: true,
      target: 'es2022',
      define: { 'process.env.NODE_ENV': mode },
      outdir: site,
      logLevel: 'error',
    }),
};

/**
 * Builds the app in `late.ts` by each bundler, as a user would: beside the package as it is installed. Gives the folder in which
 * each has a folder of its own.
 */
export async function buildLateApps(): Promise<{
  readonly site: string;
  readonly remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'remerge-late-'));
  const site = join(folder, 'site');
  const source = await readFile(join(import.meta.dirname, 'late.ts'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules', 'remerge'));
  for (const [name, bundle] of Object.entries(bundlers)) {
    const define = { bundler: JSON.stringify(name) };
    const { code } = await transform(source, { loader: 'ts', define });
    await writeFile(join(folder, 'app.js'), code);
    await bundle(folder, join(site, name));
  }
  return { site, remove: () => rm(folder, { recursive: true }) };
}

/** What builds it. */
export const lateBundlers = Object.keys(bundlers);
