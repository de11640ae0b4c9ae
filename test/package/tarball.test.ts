import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entryPoints, root } from './built.ts';

interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

// What is there is packed as it is: the scripts would build it anew, under the tests that look at it.
const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--dry-run', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
) as readonly Packed[];

const paths = (packed?.files ?? []).map(({ path }) => path).sort();
const dist = globSync('dist/**/*', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the package that is published', () => {
  it('is what was built, its description, README, changelog and licence, and nothing else', () => {
    const beside = paths.filter((path) => !path.startsWith('dist/'));
    expect(beside).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    expect(paths.filter((path) => path.startsWith('dist/'))).toEqual([...dist].sort());
  });

  it('holds every file that it exports', () => {
    const exported = entryPoints.flatMap((entry) => [entry.types, entry.default]);
    expect(exported).toContain('./dist/index.js');
    expect(paths).toEqual(expect.arrayContaining(exported.map((path) => path.replace('./', ''))));
  });

  it('runs no script of its own where it is installed', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: object };
    expect(Object.keys(scripts)).toContain('build');
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(Object.keys(scripts)).not.toContain(script);
  });

  const scripts = dist.filter((path) => path.endsWith('.js'));

  it.each(scripts)('brings the sources of %s, under the paths they have in the repository', (path) => {
    expect(read(path)).toContain(`//# sourceMappingURL=${posix.basename(path)}.map`);
    const map = JSON.parse(read(`${path}.map`)) as {
      readonly sources: readonly string[];
      readonly sourcesContent?: readonly (string | null)[];
    };
    const sources = map.sources.map((source) => posix.join(posix.dirname(path), source));
    // An entry whose code is all in parts that it shares only names them.
    const isList = !/^(?!import|export|\s|\}|\/\/)./m.test(read(path));
    if (!isList) expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((source) => !/^src\/.*\.ts$/.test(source))).toEqual([]);
    // `src` isn't in the package: a debugger must find it here.
    expect(map.sourcesContent).toEqual(sources.map(read));
  });
});
