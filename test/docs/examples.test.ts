import { describe, expect, it } from 'vitest';
import { startingTime } from '../support/time.ts';
import { examplesIn, pages, textOf } from './blocks.ts';
import { instrument, run } from './run.ts';
import { startExampleServer } from './server.ts';
import { typeFaults } from './compiler.ts';

const examples = pages.flatMap((page) => examplesIn(page, textOf(page)));
const toRun = examples.filter(({ excuse }) => excuse === undefined);

describe('the TypeScript in the README and the docs', { timeout: startingTime }, () => {
  it('is there', () => {
    expect(toRun.map(({ page }) => page)).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/asking-a-person.md',
        'docs/bundle-size.md',
        'docs/errors.md',
        'docs/fetch.md',
        'docs/getting-started.md',
        'docs/how-recovery-works.md',
        'docs/operations.md',
        'docs/patch-and-delete.md',
        'docs/servers-without-a-version.md',
      ]),
    );
  });

  it('type-checks against the source, where a wrong type would be found', () => {
    const wrong = "import { etag } from 'remerge';\netag();\netag({ weak: 'maybe' });\n";
    expect(typeFaults([...examples, { page: 'wrong.md', code: wrong }])).toEqual([
      expect.stringMatching(/^wrong\.md:3: .*maybe/),
    ]);
  });
});

describe.concurrent('a program in the README or the docs', { timeout: startingTime }, () => {
  it.for(toRun)('runs and prints what it says: $page, line $line', async (example) => {
    await using server = await startExampleServer();
    const { code, lines } = instrument(example);
    const { compared, error } = await run(example, code, server.origin);
    expect(error).toBe('');
    expect([...new Set(compared)].sort((one, other) => one - other)).toEqual(lines);
  });
});
