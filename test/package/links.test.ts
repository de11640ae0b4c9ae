import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../src/errors.ts';
import { allPages, root, textOf } from '../docs/blocks.ts';
import { leadsHome, others, project, projectLinks, relativeLinks } from '../docs/links.ts';

const texts = [
  ...allPages,
  ...globSync(['src/**/*.ts', 'docs/**/*.ts', '.github/**/*.yml'], { cwd: root }).sort(),
];

describe('the address of the project', () => {
  it('is that of the repository in package.json, for its homepage and its bugs as well', () => {
    expect(project).toMatch(/^https:\/\/[^/]+\/[^/]+\/[^/]+$/);
    expect(others).toEqual({ homepage: `${project}#readme`, bugs: `${project}/issues` });
  });

  it('begins every link to the project, and a file with that heading is behind it', () => {
    const links = texts.flatMap((file) => projectLinks(textOf(file)).map((link) => ({ file, link })));
    expect(new Set(links.map(({ file }) => file)).size).toBeGreaterThan(2);
    expect(links.filter(({ link }) => !leadsHome(link))).toEqual([]);
  });

  it('is told from another one, and a link from one that leads nowhere', () => {
    const [owner = '', name = ''] = project.split('/').slice(-2);
    const good = [`${project}/blob/main/docs/errors.md#every-code`, `${project}/issues`];
    const bad = [
      `https://github.com/not-${owner}/${name}`,
      `${project}.git.example`,
      `${project}/blob/main/docs/none.md`,
      `${project}/blob/main/docs/errors.md#none`,
      `${project}/blob/next/docs/errors.md`,
    ];
    expect(good.filter((link) => !leadsHome(link))).toEqual([]);
    expect(bad.filter((link) => leadsHome(link))).toEqual([]);
    expect(
      projectLinks(`[a](${good[0] ?? ''}) '${bad[0] ?? ''}' https://github.com/sindresorhus/ky`),
    ).toEqual([good[0], bad[0]]);
  });
});

describe('the link in the message of an error', () => {
  it('begins with the address of the project, and its page is there', () => {
    expect(projectLinks(errorsPage)).toEqual([errorsPage]);
    expect(leadsHome(errorsPage)).toBe(true);
  });
});

describe('README, which npm shows without the files beside it', () => {
  it('has no link that needs them', () => {
    const elsewhere = relativeLinks(textOf('README.md')).filter((link) => !link.startsWith('#'));
    expect(elsewhere).toEqual([]);
    expect(relativeLinks('[![a](b.png)](c.md) [d](https://e.example)')).toEqual(['b.png', 'c.md']);
  });
});
