import { describe, expect, it } from 'vitest';
import { compileRoute } from '../../src/route.ts';
import { allPages, textOf } from './blocks.ts';
import { defaultIn, membersOf, stringsOf } from './declarations.ts';
import { brokenLinks } from './links.ts';
import { amountIn, tableUnder } from './tables.ts';

const readme = textOf('README.md');
const guide = textOf('docs/how-recovery-works.md');
const plain = (cell: string | undefined): string => (cell ?? '').replaceAll(/[`\\]/g, '');

describe('a table of the options', () => {
  it.for([
    { of: 'a route', file: 'src/route.ts', name: 'RouteOptions', first: 'merge' },
    { of: 'the whole', file: 'src/fetch.ts', name: 'RecoveryOptions', first: 'routes' },
  ])('names each option of $of, and the default that its doc comment says', ({ file, name, first }) => {
    const members = membersOf(file, name);
    const table = tableUnder(readme, 'Options', first);
    expect([...table.keys()]).toEqual([...members.keys()]);
    for (const [option, comment] of members) {
      const stated = defaultIn(comment);
      if (stated !== undefined) expect(plain(table.get(option)?.default), option).toBe(plain(stated));
    }
  });

  it('gives the bounds that hold if nobody sets one, and all of them', () => {
    const bounds = tableUnder(guide, 'Bounds');
    const route = compileRoute('/', {}, { merge: ({ local }) => local });
    const { limit, totalTimeout, delay, backoffLimit, maxRetryAfter, maxBytes } = route;
    const held = { limit, totalTimeout, delay: delay(1), backoffLimit, maxRetryAfter, maxBytes };
    const memory = amountIn(
      defaultIn(membersOf('src/fetch.ts', 'RecoveryOptions').get('memory') ?? '') ?? '',
    );
    const told = Object.fromEntries([...bounds].map(([name, row]) => [name, amountIn(row.default ?? '')]));
    expect(told).toEqual({ ...held, memory });
  });
});

describe('a write that stops', () => {
  it('has a row for each code, and no other, that says what to do', () => {
    const table = tableUnder(guide, 'Why it stops');
    expect([...table.keys()].sort()).toEqual([...stringsOf('src/report.ts', 'StopCode')].sort());
    for (const [code, row] of table) expect(row['what to do'], code).toMatch(/\w/);
  });

  it("has a row for each likely reason where the version didn't move", () => {
    const table = tableUnder(guide, 'Step by step', 'business-rule');
    expect([...table.keys()].sort()).toEqual([...stringsOf('src/core/outcome.ts', 'Likely')].sort());
  });
});

describe('the size in the README', () => {
  it('is the budget that the size check holds the bundle to', () => {
    const [budget] = JSON.parse(textOf('.size-limit.json')) as { limit: string }[];
    const section = readme.slice(readme.indexOf('## Size'));
    expect(/At most ([\d.]+ kB)/.exec(section)?.[1]).toBe(budget?.limit);
  });
});

describe('a link to a file of the project', () => {
  it('leads somewhere, on every page', () => {
    expect(allPages.flatMap((page) => brokenLinks(page, textOf(page)))).toEqual([]);
  });

  it('is found where it leads nowhere', () => {
    expect(
      brokenLinks('README.md', '[a](docs/none.md) [b](LICENSE) [c](#size) [d](#none)\n## Size\n'),
    ).toEqual(['README.md: docs/none.md', 'README.md: #none']);
  });
});

describe('a page', () => {
  const machine = /(?<![\w.])\/(?:home|tmp|root|Users|work)\//;

  it('names no path of a machine', () => {
    expect('Look into /home/ann/remerge.').toMatch(machine);
    expect(allPages.filter((page) => machine.test(textOf(page)))).toEqual([]);
  });
});
