import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { home } from '../tarball/programs.ts';
import { oldestWorker, runtimes, versionOf } from '../tarball/runtimes.ts';
import { textOf } from './blocks.ts';
import { tableUnder } from './tables.ts';

const readme = textOf('README.md');
const heading = 'Where it runs';

it('README tells of each runtime that the tarball is tried in, in the version that is installed for it', () => {
  const told = [...tableUnder(readme, heading)].map(([name, row]) => [name, row.version]);
  expect(told).toEqual(runtimes.map(({ name, from }) => [name, versionOf(from)]));
  expect(told.flat()).not.toContain('none');
});

it('README tells of the first compatibility date of a worker, and of each TypeScript', () => {
  expect(readme).toContain(`compatibility date has to be ${oldestWorker} or later`);
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly dependencies: object;
  };
  const compilers = Object.keys(dependencies).flatMap((name) => /^typescript-(.+)/.exec(name)?.[1] ?? []);
  expect(readme).toContain(`TypeScript ${compilers.join(', ').replace(/, (?=[^,]+$)/, ' and ')}.`);
});
