import type { Files } from './house.ts';

/** How a sentence begins that doesn't name what it is about. */
const vague = /^\s*(?:\/\*\*|\*|\/\/) +(?:What|Who|Whose|Whoever) /;

/** Comments of the source that begin without a noun. A comment is about a thing, and names it. */
export function vagueComments(files: Files): readonly string[] {
  return [...files]
    .filter(([path]) => path.startsWith('src/') && path.endsWith('.ts'))
    .flatMap(([path, source]) =>
      source
        .split('\n')
        .flatMap((line, index) =>
          vague.test(line) ? [`${path} is vague in line ${String(index + 1)}`] : [],
        ),
    );
}
