import { deepEqual } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { once, type Check, type Suite } from '../check.ts';
import { project } from '../place.ts';
import { run, tool } from '../programs.ts';
import { versionOf } from '../runtimes.ts';

const compilers = ['typescript-5.6', 'typescript-6', 'typescript-7'];

const resolutions = {
  node16: { module: 'node16', moduleResolution: 'node16' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

const strictly = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  // The types of packages are checked as well, and nothing of Node's is there.
  skipLibCheck: false,
  types: [],
};

const expecting = /^\s*\/\/ @ts-expect-error/;

/** Programs in TypeScript: one that is right compiles, and every mistake of another is found. */
export const consumers: Suite = (place) => {
  const folder = once(async () => {
    const path = await project(place, 'consumer');
    const refused = await readFile(join(path, 'refused.ts'), 'utf8');
    const lines = refused.split('\n');
    const bare = lines.map((line) => (expecting.test(line) ? '' : line)).join('\n');
    await writeFile(join(path, 'bare.ts'), bare);
    // A mistake stands on the line below the one that expects it.
    const mistakes = lines.flatMap((line, index) => (expecting.test(line) ? [index + 2] : []));
    for (const [name, resolution] of Object.entries(resolutions)) {
      const settings = { compilerOptions: { ...strictly, ...resolution }, files: ['program.ts', 'bare.ts'] };
      await writeFile(join(path, `${name}.json`), JSON.stringify(settings));
    }
    return { path, mistakes };
  });

  return compilers.flatMap((compiler) =>
    Object.keys(resolutions).map((name): Check => ({
      promise: `TypeScript ${versionOf(compiler)}, moduleResolution ${name}, takes a right program and refuses a wrong one`,
      run: async () => {
        const { path, mistakes } = await folder();
        const args = [tool(`${compiler}/bin/tsc`), '--pretty', 'false', '--project', `${name}.json`];
        const { output } = await run(execPath, args, path);
        const errors = output.matchAll(/^(.+)\((\d+),\d+\): error/gm);
        const found = new Set([...errors].map(([, file = '', line = '']) => `${file}:${line}`));
        deepEqual(
          [...found],
          mistakes.map((line) => `bare.ts:${line}`),
          output,
        );
        return `the right one compiles, strict and with its packages' types checked; all ${found.size} mistakes are found`;
      },
    })),
  );
};
