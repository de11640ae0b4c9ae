import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, textOf } from './blocks.ts';

/** What package.json says of where the project is kept. */
const { repository, homepage, bugs } = JSON.parse(textOf('package.json')) as {
  readonly repository: { readonly url: string };
  readonly homepage: string;
  readonly bugs: { readonly url: string };
};

/** The address of the project. It is decided in package.json, by its `repository`, and nowhere else. */
export const project = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** The other addresses in package.json. */
export const others = { homepage, bugs: bugs.url };

/** The addresses at the forge, in a text, of the project or of one that has its name. */
export function projectLinks(text: string): readonly string[] {
  const name = project.split('/').at(-1) ?? '';
  const forge =
    /https?:\/\/(?:(?:www|api)\.)?(?:github\.com|raw\.githubusercontent\.com)\/[\w.-]+\/([\w.-]+)[^\s)\]'"`<>]*/g;
  return [...text.matchAll(forge)].filter(([, named]) => named === name).map(([link]) => link);
}

/** Whether an address is one of the project: a file or folder that is there, with its heading, or a place of the forge. */
export function leadsHome(link: string): boolean {
  const raw = project.replace('//github.com/', '//raw.githubusercontent.com/');
  if (link.startsWith(`${raw}/main/`)) return existsSync(root + link.slice(`${raw}/main/`.length));
  const [, place = link] = link.split(project);
  const [, file = ''] = /^\/(?:blob|tree)\/main\/(.+)$/.exec(place) ?? [];
  if (!link.startsWith(project)) return false;
  return file === ''
    ? /^(?:|#readme|\/(?:issues|discussions|security)(?:\/[\w/]+)?)$/.test(place)
    : leads('README.md', '', file);
}

/** The links of a page, outside of code, that lead to no file of the project, or to no heading of it. */
export function brokenLinks(page: string, markdown: string): readonly string[] {
  return relativeLinks(markdown)
    .filter((link) => !leads(page, markdown, link))
    .map((link) => `${page}: ${link}`);
}

/** The links of a page, outside of code, that have no scheme. */
export function relativeLinks(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^( *)```[\s\S]*?^\1```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  // A picture that is a link has its target behind its own.
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

function leads(page: string, markdown: string, link: string): boolean {
  const [path = '', anchor] = link.split('#', 2);
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(root + file)) return false;
  return anchor === undefined || anchorsIn(path === '' ? markdown : textOf(file)).includes(anchor);
}

/** The anchors that a forge makes of headings. */
function anchorsIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
