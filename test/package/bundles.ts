import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import { root } from './built.ts';

/** What a bundler knows of the page it builds for. */
type Mode = 'production' | 'development' | 'unknown';

/** Makes one script of a page's code. What the code exports stands in the script's global `page`. */
export type Bundler = (code: string, mode: Mode) => Promise<string>;

function defined(mode: Mode): Record<string, string> {
  return mode === 'unknown' ? {} : { 'process.env.NODE_ENV': JSON.stringify(mode) };
}

const withEsbuild: Bundler = async (code, mode) => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    // `browser` would put a mode of its own where none is known.
    platform: mode === 'unknown' ? 'neutral' : 'browser',
    define: defined(mode),
    minify: mode === 'production',
    format: 'iife',
    globalName: 'page',
    target: 'es2022',
    // The repository's own settings would lead `remerge` to the sources.
    tsconfigRaw: {},
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('\n');
};

const withRolldown: Bundler = async (code, mode) => {
  const page = `${root}/page.js`;
  const bundle = await rolldown({
    input: page,
    platform: 'neutral',
    tsconfig: false,
    transform: { define: defined(mode) },
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === page ? id : undefined),
        load: (id) => (id === page ? code : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'page', minify: mode === 'production' });
  return output.map((part) => ('code' in part ? part.code : '')).join('\n');
};

export const bundlers: Readonly<Record<string, Bundler>> = { esbuild: withEsbuild, Rolldown: withRolldown };
