import type { TextOptions } from '../../src/merge/text.ts';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { merge, text } from '../../src/merge.ts';
import { random } from '../bench/documents.ts';
import { startingTime } from '../support/time.ts';

/** Merges three texts; `undefined` where they conflict. */
function merged(base: string, local: string, remote: string, options?: TextOptions): string | undefined {
  const { value, conflicts } = merge<string>({ base, local, remote }, { '': text(options) });
  return conflicts.length === 0 ? value : undefined;
}

describe('a text that two sides edited', () => {
  it('has the lines of both', () => {
    expect(merged('a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nc\nd\n')).toBe('A\nb\nc\nd\n');
    expect(merged('a\nb\nc\nd\n', 'a\nc\nd\n', 'a\nb\nc\nD')).toBe('a\nc\nD');
  });

  it('keeps its line breaks, of each kind', () => {
    expect(merged('a\r\nb\r\nc', 'A\r\nb\r\nc', 'a\r\nb\r\nC')).toBe('A\r\nb\r\nC');
    expect(merged('', 'a', 'a')).toBe('a');
    expect(merged('a\nb\nc', 'a\nb\nc\n', 'A\nb\nc')).toBe('A\nb\nc\n');
  });

  it('conflicts in the same and in adjacent lines, and where it is one line', () => {
    expect(merged('a\nb\n', 'a\nB\n', 'a\nb!\n')).toBeUndefined();
    expect(merged('a\nb\n', 'A\nb\n', 'a\nB\n')).toBeUndefined();
    expect(merged('one line', 'One line', 'one line!')).toBeUndefined();
  });

  it('chooses between the contested lines alone when told a side', () => {
    const [base, local, remote] = ['a\nb\nc\nd\n', 'A\nb\nc\nX\n', 'a!\nb\nc\nd\ne\n'];
    expect(merged(base, local, remote, { resolve: 'local' })).toBe('A\nb\nc\nX\n');
    expect(merged(base, 'A\nb\nc\nd\n', remote, { resolve: 'local' })).toBe('A\nb\nc\nd\ne\n');
    expect(merged(base, 'A\nb\nc\nd\n', 'a!\nb\nc\nd!\n', { resolve: 'remote' })).toBe('a!\nb\nc\nd!\n');
  });

  it('is one value past its cap, counted where the sides differ', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `${index}\n`);
    const [base, local, remote] = [lines, ['x\n', ...lines.slice(1)], [...lines.slice(0, -1), 'y\n']].map(
      (all) => all.join(''),
    );
    expect(merged(base ?? '', local ?? '', remote ?? '', { maxLines: 1 })).toContain('x\n1\n');
    const shuffled = [...lines].reverse().join('');
    expect(merged(base ?? '', shuffled, remote ?? '', { maxLines: 50 })).toBeUndefined();
  });

  it('is merged in a fraction of a second even where all lines are alike', () => {
    const same = (count: number, mark: string) => `${mark}${'a\nb\n'.repeat(count)}${mark}`;
    const start = process.threadCpuUsage();
    merged(same(2400, '1\n'), same(2300, '2\n'), same(2200, '3\n'));
    // Of its own time: others may use the machine as well.
    expect(process.threadCpuUsage(start).user).toBeLessThan(1_000_000);
  });

  it('conflicts, and is no text, where a side has none', () => {
    const { conflicts } = merge<unknown>(
      { base: { t: 'a' }, local: { t: null }, remote: { t: 'b' } },
      { '/t': text() },
    );
    expect(conflicts).toHaveLength(1);
  });
});

const run = promisify(execFile);

/** What git makes of it; `undefined` where it conflicts. */
async function byGit(
  folder: string,
  index: number,
  base: string,
  local: string,
  remote: string,
): Promise<string | undefined> {
  const names = ['local', 'base', 'remote'].map((name) => join(folder, `${index}-${name}`));
  const texts = [local, base, remote];
  await Promise.all(names.map((name, side) => writeFile(name, texts[side] ?? '')));
  try {
    return (await run('git', ['merge-file', '-p', '--quiet', ...names])).stdout;
  } catch (error) {
    // git's exit code is the number of conflicts.
    if (typeof (error as { code?: unknown }).code !== 'number') throw error;
    return undefined;
  }
}

describe('random edits of a text', () => {
  const count = Number(process.env.GIT_RUNS ?? 150);

  // The fewer different lines there are, the more ways there are to explain an edit.
  for (const [kinds, length, edits] of [
    [1000, 40, 5],
    [60, 40, 5],
    [12, 20, 3],
  ] as const) {
    it(
      `merge as git merges them, where it does (${length} lines of ${kinds} kinds)`,
      // Each case starts git.
      { timeout: 5 * startingTime },
      async () => {
        const chance = random(kinds);
        const line = () => (chance(8) === 0 ? '\n' : `line ${chance(kinds)}\n`);
        const edit = (lines: readonly string[]) => {
          const edited = [...lines];
          for (let change = chance(edits); change >= 0; change--) {
            const at = chance(edited.length + 1);
            edited.splice(at, chance(3), ...Array.from({ length: chance(3) }, line));
          }
          if (chance(10) === 0) edited.push('no break at the end');
          return edited.join('');
        };
        const folder = await mkdtemp(join(tmpdir(), 'merge-'));
        let clean = 0;
        try {
          for (let from = 0; from < count; from += 4) {
            const cases = [0, 1, 2, 3].map((offset) => {
              const base = Array.from({ length }, line);
              return { index: from + offset, base: base.join(''), local: edit(base), remote: edit(base) };
            });
            const results = await Promise.all(
              cases.map(({ index, base, local, remote }) => byGit(folder, index, base, local, remote)),
            );
            for (const [offset, expected] of results.entries()) {
              const { base = '', local = '', remote = '' } = cases[offset] ?? {};
              if (expected === undefined) continue;
              clean++;
              expect(merged(base, local, remote), JSON.stringify({ base, local, remote })).toBe(expected);
            }
          }
        } finally {
          await rm(folder, { recursive: true });
        }
        expect(clean).toBeGreaterThan(count / 5);
      },
    );
  }
});
