import { globSync, statSync } from 'node:fs';
import type ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { declarationOf, defaultIn, membersOf, plain } from '../../docs/reference/declarations.ts';
import { compileRoute } from '../../src/route.ts';
import { allPages, root, textOf } from './blocks.ts';
import { brokenLinks } from './links.ts';
import { amountIn, tableUnder } from './tables.ts';
import { defaultMemory } from '../../src/defaults.ts';

const readme = textOf('README.md');
const guide = textOf('docs/how-recovery-works.md');

/** What holds where nobody says otherwise. */
const held = compileRoute('/', {}, { merge: ({ local }) => local });

describe('a default', () => {
  it('that a doc comment says is the one that holds', () => {
    const stated = (file: string, name: string, by: object) =>
      membersOf(declarationOf(file, name)).flatMap(({ name, doc }) => {
        const value = valueIn(defaultIn(doc) ?? '');
        return value === undefined || !(name in by) ? [] : [[name, value]];
      });
    const { onConflict, retry, ...others } = held;
    for (const [file, name, by, least] of [
      ['src/options.ts', 'RouteOptions', others, 4],
      ['src/options.ts', 'OnConflict', onConflict, 4],
      ['src/options.ts', 'RetryOptions', retry, 4],
      ['src/server.ts', 'Server', others, 4],
    ] as const) {
      const found = stated(file, name, by);
      expect(found.length, name).toBeGreaterThanOrEqual(least);
      expect(by).toMatchObject(Object.fromEntries(found));
    }
  });

  it('that the table of bounds says is the one that holds, and none is left out', () => {
    const told = [...tableUnder(guide, 'Bounds')].map(([name, row]) => [name, amountIn(row.default ?? '')]);
    const { retry, totalTimeout, maxBytes } = held;
    const bounds = {
      'retry.limit': retry.limit,
      'retry.delay': retry.delay(1, 0),
      'retry.backoffLimit': retry.backoffLimit,
      'retry.maxRetryAfter': retry.maxRetryAfter,
      totalTimeout,
      maxBytes,
    };
    expect(Object.fromEntries(told)).toEqual({ ...bounds, memory: defaultMemory });
  });
});

/** A value as a comment spells it: `'fail'`, `true`, `[409, 412]`, an amount. `undefined`: it says it in words. */
function valueIn(stated: string): unknown {
  const [, literal] = /^`([^`]+)`/.exec(stated) ?? [];
  if (literal === undefined) {
    const amount = amountIn(stated.replace(/,.*/, ''));
    return Number.isNaN(amount) ? undefined : amount;
  }
  try {
    return JSON.parse(literal.replaceAll("'", '"'));
  } catch {
    return undefined;
  }
}

/** The strings of a union. */
function stringsOf(file: string, name: string): readonly string[] {
  const { type } = declarationOf(file, name) as ts.TypeAliasDeclaration;
  return plain(type).match(/(?<=')[^' |]+(?=')/g) ?? [];
}

describe('a write that stops', () => {
  it('has a row for each code, and no other, that says what to do, and whether it may have been made', () => {
    const table = tableUnder(textOf('docs/errors.md'), 'Every code');
    expect([...table.keys()].sort()).toEqual([...stringsOf('src/report.ts', 'StopCode')].sort());
    for (const [code, row] of table) {
      // The message of an error leads there.
      expect(textOf('docs/errors.md')).toContain(`<a id="${code}"></a>\`${code}\``);
      expect(row['what to do'], code).toMatch(/\w/);
      expect(row['made?'], code).toMatch(/^(?:no|perhaps)$/);
    }
  });

  it("has a row for each likely reason where the version didn't move", () => {
    const table = tableUnder(guide, 'Step by step', 'business-rule');
    expect([...table.keys()].sort()).toEqual([...stringsOf('src/core/verdict.ts', 'Likely')].sort());
  });
});

describe('a size', () => {
  const budgets = JSON.parse(textOf('.size-limit.json')) as { name: string; limit: string }[];
  const limitOf = (start: string) => budgets.find(({ name }) => name.startsWith(start))?.limit;

  it('of a bundle is the budget that the size check holds it to', () => {
    const table = tableUnder(textOf('docs/bundle-size.md').replace(/^# .+$/m, '## Sizes'), 'Sizes');
    const told = [...table.values()].map((row) => row['at most']).sort();
    expect(told).toEqual(budgets.map(({ limit }) => limit).sort());
  });

  it('in the text is the budget, too', () => {
    const late = textOf('docs/bundle-size.md');
    expect(/`withConflictRecovery` \(at most ([\d.]+ kB)\)/.exec(late)?.[1]).toBe(
      limitOf('withConflictRecovery from remerge/lazy'),
    );
    expect(/`createClient` \(at most ([\d.]+ kB)\)/.exec(late)?.[1]).toBe(
      limitOf('createClient from remerge/lazy'),
    );
  });

  it('in the README is that of its own example, of a wrapped fetch, and of a page that loads the rest late', () => {
    expect(/`threeWay`, as above, is at most ([\d.]+ kB)/.exec(readme)?.[1]).toBe(
      limitOf("the README's example"),
    );
    expect(/`withConflictRecovery` at most ([\d.]+ kB)/.exec(readme)?.[1]).toBe(
      limitOf('withConflictRecovery and etag'),
    );
    expect(/a page starts with ([\d.]+ kB)/.exec(readme)?.[1]).toBe(
      limitOf('withConflictRecovery from remerge/lazy'),
    );
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

describe('a picture', () => {
  const pictures = globSync('docs/**/*.png', { cwd: root });

  it('is small, and stands on a page', () => {
    expect(pictures.length).toBeGreaterThan(0);
    for (const picture of pictures) {
      expect(statSync(root + picture).size, picture).toBeLessThan(150_000);
      expect(allPages.some((page) => textOf(page).includes(picture.replace('docs/', '')))).toBe(true);
    }
  });
});

describe('a page', () => {
  const machine = /(?<![\w.])\/(?:home|tmp|root|Users|work)\//;

  it('names no path of a machine', () => {
    expect('Look into /home/ann/remerge.').toMatch(machine);
    expect(allPages.filter((page) => machine.test(textOf(page)))).toEqual([]);
  });
});
