import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { misfits } from '../mutants/mutant.ts';
import { planted } from './faults.ts';
import { seek } from './hunt.ts';

const root = join(import.meta.dirname, '../..');

describe('every fault that users of one client have to run into', () => {
  it.each(planted.map(({ name, edits }) => [name, edits] as const))('%s fits the source', (_, edits) => {
    expect(misfits(root, edits)).toEqual([]);
  });

  it('has a name of its own', () => {
    expect(new Set(planted.map(({ name }) => name)).size).toBe(planted.length);
  });
});

describe('a fault that is put into a copy of the project', () => {
  const bounds = { runs: 20, seed: 'ci', workers: 1 };

  it('is found, and is told by what it is', { timeout: 300_000 }, async () => {
    const [first] = planted;
    if (!first) throw new Error('There is no fault.');
    const lines: string[] = [];
    expect(
      await seek([first, { ...first, kind: 'what nobody says' }], bounds, (line) => lines.push(line)),
    ).toBe(false);
    expect(lines[0]).toContain(first.kind);
    expect(lines[1]).toContain('NOT FOUND in 20 schedules');
  });
});
