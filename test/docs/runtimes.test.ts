import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { home } from '../tarball/programs.ts';
import { oldestWorker, runtimes, versionOf } from '../tarball/runtimes.ts';
import { root, textOf } from './blocks.ts';
import { tableUnder } from './tables.ts';

const page = textOf('docs/runtimes.md');
const readme = textOf('README.md');
const heading = 'What is tested';

it('the page of runtimes tells of each runtime that the tarball is tried in, in the version that is installed for it', () => {
  const told = [...tableUnder(page, heading)].map(([name, row]) => [name, row.version]);
  expect(told).toEqual(runtimes.map(({ name, from }) => [name, versionOf(from)]));
  expect(told.flat()).not.toContain('none');
});

it('the page of runtimes tells of the first compatibility date of a worker, and of each TypeScript', () => {
  expect(page).toContain(`compatibility date has to be ${oldestWorker} or later`);
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly dependencies: object;
  };
  const compilers = Object.keys(dependencies).flatMap((name) => /^typescript-(.+)/.exec(name)?.[1] ?? []);
  expect(page).toContain(`TypeScript ${compilers.join(', ').replace(/, (?=[^,]+$)/, ' and ')}.`);
});

it('README tells of the versions that it takes as the page of runtimes does', () => {
  const { engines } = JSON.parse(textOf('package.json')) as { readonly engines: { readonly node: string } };
  const from = new Map(
    [...tableUnder(page, 'What it takes')].map(([name, row]) => [name, row['from version on']]),
  );
  expect(engines.node).toBe(`>=${from.get('Node') ?? ''}`);
  expect(readme).toMatch(new RegExp(`\\| Node +\\| ${from.get('Node') ?? ''} or later`));
  for (const browser of ['Chrome and Edge', 'Firefox', 'Safari'])
    expect(readme).toContain(`${browser} ${from.get(browser) ?? ''}, `);
});

it('the page of runtimes names the newest functions that the source calls, and no newer one is called', () => {
  const source = globSync('src/**/*.ts', { cwd: root }).map(textOf).join('\n');
  const named = [...page.matchAll(/^- `([\w.]+)` takes/gm)].map(([, name = '']) => name);
  expect(named).toEqual(['Map.groupBy', 'AbortSignal.any']);
  for (const name of named) expect(source).toContain(`${name}(`);
  // Each came to a browser later than those.
  for (const newer of [
    'URL.canParse',
    'URL.parse',
    'Promise.withResolvers',
    'Array.fromAsync',
    'Promise.try',
  ])
    expect(source).not.toContain(`${newer}(`);
});
