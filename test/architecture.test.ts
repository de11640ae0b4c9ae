import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldersIn } from './architecture/bundles.ts';
import { vagueComments } from './architecture/comments.ts';
import { readHouse, root } from './architecture/files.ts';
import {
  arrows,
  cycles,
  drawers,
  impureFolders,
  longFiles,
  strayDependencies,
  strayExports,
  wrongArrows,
} from './architecture/house.ts';
import { mapFaults } from './architecture/map.ts';
import { strayStages } from './architecture/stages.ts';
import { startingTime } from './support/time.ts';

const house = readHouse();

describe('the house', { timeout: startingTime }, () => {
  it('has its imports read: the flow runs from the index down to the loop', () => {
    const graph = arrows(house);
    expect(graph.get('src/index.ts')).toContain('src/fetch.ts');
    expect(graph.get('src/fetch.ts')).toContain('src/wrap.ts');
    expect(graph.get('src/fetch.ts')).toContain('src/recover.ts');
    expect(graph.get('src/wrap.ts')).toContain('src/write.ts');
    // The door is given what recovers: a page may load it late.
    expect(graph.get('src/write.ts')).not.toContain('src/recover.ts');
    expect(graph.get('src/recover.ts')).toContain('src/shell/retry.ts');
    // A type import is an arrow like any other.
    expect(graph.get('src/recover.ts')).toContain('src/report.ts');
  });

  it('has arrows that run one way', () => expect(wrongArrows(house)).toEqual([]));
  it('has stages that know of no other, and one conductor', () => expect(strayStages(house)).toEqual([]));
  it('has no cycle, types included', () => expect(cycles(house)).toEqual([]));
  it('re-exports in its entry points alone', () => expect(strayExports(house)).toEqual([]));
  it('imports each dependency in one file', () => expect(strayDependencies(house)).toEqual([]));
  it('has no file over 300 lines', () => expect(longFiles(house)).toEqual([]));
  it('has comments that name what they are about', () => expect(vagueComments(house)).toEqual([]));
  it('has no drawer', () => expect(drawers(house)).toEqual([]));
  it('compiles its pure folders without a page or Node', () => expect(impureFolders(house)).toEqual([]));

  // A new capability is a folder of its own, and a line here: nobody else's bundle holds it.
  it.each<[entry: string, folders: readonly string[]]>([
    ['index', ['client', 'core', 'merge', 'recovery', 'shell', 'stages']],
    // The door sends by a stage; the conductor, which calls the others, is loaded late.
    ['lazy', ['client', 'core', 'merge', 'recovery', 'shell', 'stages']],
    ['recovery', ['core', 'recovery', 'shell', 'stages']],
    ['probe', ['core', 'merge', 'probe', 'recovery', 'shell', 'stages']],
    ['presets', ['core', 'presets']],
    ['poll', ['core', 'poll', 'recovery', 'shell']],
    ['testing', ['core', 'merge', 'shell', 'testing']],
    ['merge', ['core', 'merge']],
    ['merge/json-patch', ['core', 'merge']],
  ])('has nothing in the bundle of %s but what it is made of', async (entry, folders) => {
    expect(await foldersIn(`src/${entry}.ts`)).toEqual(folders);
  });

  it('has a map that names every source file, and none that is not there', () => {
    const path = join(root, 'ARCHITECTURE.md');
    expect(existsSync(path), 'ARCHITECTURE.md is missing').toBe(true);
    expect(mapFaults(readFileSync(path, 'utf8'), house)).toEqual([]);
  });
});
