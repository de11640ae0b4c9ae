import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced TypeScript block of a page. */
export interface Block {
  readonly code: string;
  /** The line of the page on which the code begins, counted from 1. */
  readonly line: number;
  /** What follows `ts` on the fence: nothing, `continues`, or `no-run: reason`. */
  readonly info: string;
}

/** A program of a page: a block, and those that continue it. */
export interface Example {
  readonly page: string;
  /** The line of its first block's code. */
  readonly line: number;
  /** The code, on the very lines that it has in the page. */
  readonly code: string;
  /** Why it is not run, where it isn't. */
  readonly excuse: string | undefined;
}

/** The pages whose TypeScript is run: the README, and what is in docs. */
export const pages: readonly string[] = ['README.md', ...globSync('docs/**/*.md', { cwd: root }).sort()];

/** Every page for people. */
export const allPages: readonly string[] = [
  ...pages,
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
];

export function textOf(file: string): string {
  return readFileSync(root + file, 'utf8');
}

/** The TypeScript blocks of a page. A fence in a list or a quotation counts, too. */
export function blocksIn(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^([ >]*)```(?:ts|typescript)\b(.*)\n([\s\S]*?)^\1```/gm)].map(
    ({ index, 1: margin = '', 2: info = '', 3: code = '' }) => ({
      code: code.replaceAll(new RegExp(`^${margin}`, 'gm'), ''),
      line: markdown.slice(0, index).split('\n').length + 1,
      info: info.trim(),
    }),
  );
}

/**
 * Puts the blocks of a page together into programs.
 *
 * @throws {Error} for a word on a fence that means nothing, or a block that continues none.
 */
export function examplesIn(page: string, markdown: string): readonly Example[] {
  const examples: Example[] = [];
  for (const { code, line, info } of blocksIn(markdown)) {
    const where = `${page}:${line}`;
    const excuse = /^no-run: (.{10,})$/.exec(info)?.[1];
    if (info !== '' && info !== 'continues' && excuse === undefined)
      throw new Error(`${where}: a fence says 'ts', 'ts continues' or 'ts no-run: why', not 'ts ${info}'.`);
    const last = info === 'continues' ? examples.pop() : undefined;
    if (info === 'continues' && !last) throw new Error(`${where} continues nothing.`);
    const before = last?.code ?? '';
    const gap = '\n'.repeat(line - before.split('\n').length);
    examples.push({ page, line: last?.line ?? line, code: before + gap + code, excuse });
  }
  return examples;
}
