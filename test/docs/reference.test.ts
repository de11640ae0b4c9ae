import { describe, expect, it } from 'vitest';
import { chapters } from '../../docs/reference/chapters.ts';
import {
  declarationOf,
  defaultIn,
  everyName,
  everyPublicName,
  membersOf,
} from '../../docs/reference/declarations.ts';
import { pagePath, referencePage } from '../../docs/reference/page.ts';
import { textOf } from './blocks.ts';
import { startingTime } from '../support/time.ts';

const names = chapters.flatMap((chapter) => chapter.names);

/** The source, with one comment changed. */
const changed = (file: string): string =>
  file === 'src/options.ts' ? textOf(file).replace('in bytes. Past it', 'in bits. Past it') : textOf(file);

describe('the reference', { timeout: startingTime }, () => {
  it('says what the comments say: else `npm run reference`', async () => {
    expect(textOf(pagePath)).toBe(await referencePage());
  });

  it('is old as soon as one comment has changed', async () => {
    const page = await referencePage(changed);
    expect(page).toContain('in bits. Past it');
    expect(page).not.toBe(textOf(pagePath));
  });

  it('has every public name, each once', () => {
    expect(everyName.size).toBeGreaterThan(90);
    expect([...names].sort()).toEqual([...everyName.keys()].sort());
  });

  it('has few public names beside its presets, and tells of the types that only they use', () => {
    const isIn =
      (folder: string) =>
      ([, file]: readonly [string, string]) =>
        file.startsWith(folder);
    const own = [...everyPublicName].filter((name) => !isIn('src/presets/')(name));
    // What tests are made of is never in an app.
    const forTests = own.filter(isIn('src/testing/'));
    expect(forTests.length).toBeLessThanOrEqual(14);
    expect(own.length - forTests.length).toBeLessThanOrEqual(100);
    expect(everyName.size).toBeGreaterThan(everyPublicName.size);
  });

  it('says the default of every option', () => {
    const options = [...everyName]
      .filter(([name]) => /Options?$|Init$|Wide$/.test(name))
      .map(([name, file]) => declarationOf(file, name));
    const optional = options.flatMap((node) => membersOf(node).filter(({ isOptional }) => isOptional));
    expect(optional.length).toBeGreaterThan(40);
    expect(optional.filter(({ doc }) => defaultIn(doc) === undefined).map(({ name }) => name)).toEqual([]);
  });
});
