import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, textOf } from './blocks.ts';

/** The links of a page, outside of code, that lead to no file of the project, or to no heading of it. */
export function brokenLinks(page: string, markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^( *)```[\s\S]*?^\1```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const links = [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link) && !leads(page, markdown, link))
    .map((link) => `${page}: ${link}`);
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
