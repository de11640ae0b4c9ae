import { format, resolveConfig } from 'prettier';
import { chapters, opening } from './chapters.ts';
import { declarationOf, everyName, type Read } from './declarations.ts';
import { entryOf } from './entry.ts';

/** Where the page stands. */
export const pagePath = 'docs/reference.md';

/** The whole page, as Prettier has it. */
export async function referencePage(read?: Read): Promise<string> {
  const sections = chapters.map(({ title, intro, names }) => {
    const entries = names.map((name) => entryOf(name, declarationOf(everyName.get(name) ?? '', name, read)));
    return [`## ${title}`, intro, ...entries].join('\n\n');
  });
  const path = new URL(`../../${pagePath}`, import.meta.url);
  return format([opening, ...sections].join('\n\n'), { ...(await resolveConfig(path)), parser: 'markdown' });
}
