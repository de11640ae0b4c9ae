import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planted as ofCalls } from '../differential/faults.ts';
import { ofEverySchedule, ofWriters } from '../simulation/doubts.ts';
import { planted as ofUsers } from '../simulation/faults.ts';
import { ofParts } from '../simulation/parts/faults.ts';
import { startingTime } from '../support/time.ts';
import { createNameCheck } from './compiler.ts';
import { mutants } from './list.ts';

const namesUnknown = createNameCheck(join(import.meta.dirname, '../..'));
const all = [...mutants, ...ofUsers, ...ofWriters, ...ofEverySchedule, ...ofParts, ...ofCalls];

describe('a mutant or a planted fault', { timeout: startingTime }, () => {
  it.each([...new Map(all.map(({ name, edits }) => [name, edits]))])(
    '%s names only what is there',
    (_, edits) => {
      expect(namesUnknown(edits)).toEqual([]);
    },
  );

  it('is told by a name that is gone, and by what is no program', () => {
    const edit = { file: 'src/core/backoff.ts', find: 'Number(value) * 1000' };
    expect(namesUnknown([{ ...edit, put: 'Number(valued) * 1000' }])).toEqual([
      expect.stringContaining("Cannot find name 'valued'"),
    ]);
    expect(namesUnknown([{ ...edit, put: 'Number(value) * * 1000' }])).not.toEqual([]);
    expect(namesUnknown([{ ...edit, put: 'Number(value)' }])).toEqual([]);
  });
});
