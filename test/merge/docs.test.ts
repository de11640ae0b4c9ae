import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as merges from '../../src/merge.ts';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const page = readFileSync(`${root}/docs/merging.md`, 'utf8');

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

const examples = page
  .slice(page.search(/^\| Rule +\| Base/m))
  .split('\n\n')[0]
  ?.split('\n')
  .slice(2)
  .map(cells);

describe('the table of rules in docs/merging.md', () => {
  it('has examples', () => {
    expect(examples?.length).toBeGreaterThan(25);
  });

  for (const [rule = '', base = '', local = '', remote = '', result = ''] of examples ?? []) {
    it(`${rule} makes ${result} of ${base}, ${local} and ${remote}`, () => {
      const code = rule.replaceAll('`', '');
      const rules =
        code === 'none' ? {} : { '/at': runInNewContext(`(${code})`, { ...merges }) as merges.Rule };
      const document = (cell: string): unknown =>
        cell === '–' ? {} : { at: JSON.parse(cell.replaceAll('`', '')) as unknown };
      const merged = merges.merge<unknown>(
        { base: document(base), local: document(local), remote: document(remote) },
        rules,
      );
      if (result === 'conflict') expect(merged.conflicts).not.toEqual([]);
      else expect(merged).toEqual({ value: document(result), conflicts: [] });
    });
  }
});

describe('the code in docs/merging.md', () => {
  const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);

  it('is there', () => {
    expect(blocks.length).toBeGreaterThan(1);
  });

  for (const [index, code] of blocks.entries()) {
    it(`prints what it says (block ${index + 1})`, () => {
      const printed: string[] = [];
      const body = stripTypeScriptTypes(code).replace(/^import .*$/gm, '');
      runInNewContext(body, {
        ...merges,
        console: { log: (...values: unknown[]) => printed.push(values.join(' ')) },
      });
      const said = [...code.matchAll(/^\/\/ ?(.*)$/gm)].map(([, line = '']) => line);
      expect(printed.join('\n').split('\n')).toEqual(said);
    });
  }
});
