import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calls, planted as ofCalls } from '../differential/faults.ts';
import { planted as ofUsers } from '../simulation/faults.ts';
import { ofEverySchedule, ofWriters } from '../simulation/doubts.ts';
import { everySchedule, parts, users, writers } from '../simulation/hunt.ts';
import { ofParts } from '../simulation/parts/faults.ts';
import { seek, type Machine, type Planted } from './hunt.ts';
import { misfits } from './mutant.ts';

const root = join(import.meta.dirname, '../..');

const machines: readonly [name: string, planted: readonly Planted[], machine: Machine][] = [
  ['users of one client', ofUsers, users({ runs: 20, seed: 'ci', workers: 1 })],
  ['writers of one resource', ofWriters, writers({ runs: 800, seed: 'ci', workers: 1 })],
  ['clients who change parts of one resource', ofParts, parts({ runs: 800, seed: 'ci', workers: 1 })],
  ['every schedule of a small scope', ofEverySchedule, everySchedule('small')],
  ['calls beside the same calls without remerge', ofCalls, calls({ calls: 40, seed: '1' })],
];

describe.each(machines)('the faults that are found by %s', (_, planted, machine) => {
  it.each(planted.map(({ name, edits }) => [name, edits] as const))('%s fits the source', (_, edits) => {
    expect(misfits(root, edits)).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(planted.map(({ name }) => name)).size).toBe(planted.length);
  });

  it('are told by what they are', { timeout: 300_000 }, async () => {
    const [first] = planted;
    if (!first) throw new Error('There is no fault.');
    const lines: string[] = [];
    expect(await seek([first], machine, (line) => void lines.push(line))).toBe(true);
    expect(lines[0]).toContain(first.kind);
  });
});

describe('a hunt', () => {
  it('says so where a fault is not found', { timeout: 300_000 }, async () => {
    const machine = calls({ calls: 40, seed: '1' });
    const unsaid = ofCalls.slice(0, 1).map((fault) => ({ ...fault, kind: 'what nobody says' }));
    const lines: string[] = [];
    expect(await seek(unsaid, machine, (line) => void lines.push(line))).toBe(false);
    expect(lines[0]).toContain(`NOT FOUND in ${machine.runs} ${machine.unit}`);
  });
});
