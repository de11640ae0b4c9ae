import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { spreadOf, type Entry } from '../figures.ts';
import type { Bench } from '../bench.ts';

/** A page's code, as esbuild makes it for production. */
async function bundle(code: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(import.meta.dirname, '../../..') },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    // The repository's own settings would lead `remerge` to the sources.
    tsconfigRaw: {},
    // It warns of parts of ours that nothing is needed of; of those in node_modules it wouldn't.
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

const clients: Readonly<Record<string, string>> = {
  'remerge, withConflictRecovery': "export { withConflictRecovery, etag } from 'remerge';",
  'remerge, createClient (ky in it)': "export { createClient, etag } from 'remerge';",
  ky: "export { default } from 'ky';",
  'ky and p-retry': "export { default as ky } from 'ky'; export { default as retry } from 'p-retry';",
  'axios and axios-retry':
    "export { default as axios } from 'axios'; export { default as retry } from 'axios-retry';",
  ofetch: "export { ofetch } from 'ofetch';",
  'wretch and its retry': "export { default } from 'wretch'; export { retry } from 'wretch/middlewares';",
};
const merges: Readonly<Record<string, string>> = {
  'remerge/merge, threeWay': "export { threeWay } from 'remerge/merge';",
  'trimerge, for objects': "export { combineMergers, trimergeEquality, trimergeJsonObject } from 'trimerge';",
  'json-diff3': "export { diff3 } from 'json-diff3';",
  'node-diff3': "export { diff3Merge } from 'node-diff3';",
};

export const sizes: Bench = {
  name: 'size',
  question: 'What does it add to a page?',
  how: 'Each is bundled and minified by esbuild, for browsers and for production, with everything that it needs, and compressed by brotli. The clients can less: a loop that recovers is still to be written around each.',
  async run() {
    const entries: Entry[] = [];
    for (const [name, codes] of [
      ['a client', clients],
      ['a merge', merges],
    ] as const) {
      for (const [way, code] of Object.entries(codes)) {
        const bytes = await bundle(code);
        const brotli = brotliCompressSync(bytes).length / 1e3;
        entries.push({
          case: name,
          way,
          figures: { 'minified kB': spreadOf([bytes.length / 1e3]), 'brotli kB': spreadOf([brotli]) },
        });
      }
    }
    return {
      name: 'size',
      measured: 'once, as it comes out the same',
      columns: [
        { name: 'minified kB', digits: 1 },
        { name: 'brotli kB', digits: 1 },
      ],
      entries,
      targets: [],
      remarks: [
        'Not ahead: `withConflictRecovery` and `createClient` are larger than each of the clients alone. What they are larger by is the recovery: versions, lost answers, bounds, merging, reports.',
      ],
    };
  },
};
