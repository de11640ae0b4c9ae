import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { printTable, verdict } from './table.ts';

/** A page's code, as esbuild makes it for production. */
async function bundle(code: string, external: readonly string[] = []): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(import.meta.dirname, '../..') },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: [...external],
    // The repository's own settings would lead `remerge` to the sources.
    tsconfigRaw: {},
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

const least = "export { withConflictRecovery, etag } from 'remerge';";

/** What the package adds to a page. */
export async function benchSize(): Promise<void> {
  const bytes = { whole: await bundle(least), own: await bundle(least, ['p-retry']) };
  const compressed = {
    whole: brotliCompressSync(bytes.whole).length,
    own: brotliCompressSync(bytes.own).length,
  };
  const row = (what: string, minified: number, brotli: number, atMost?: number): readonly string[] => [
    what,
    String(minified),
    String(brotli),
    atMost === undefined ? '' : String(atMost),
    verdict({ figure: brotli, ...(atMost === undefined ? {} : { atMost }) }),
  ];
  const all = await bundle("export * from 'remerge';");
  printTable(
    'Bytes in a production bundle',
    ['what', 'minified', 'brotli', 'at most', ''],
    [
      row('withConflictRecovery and etag, everything included', bytes.whole.length, compressed.whole, 6_500),
      row('  of that p-retry', bytes.whole.length - bytes.own.length, compressed.whole - compressed.own),
      row('all public names', all.length, brotliCompressSync(all).length),
    ],
  );
}
