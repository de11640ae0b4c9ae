import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { meet, unfit } from './fate.ts';
import { mutants } from './list.ts';
import { staleness, type Mutant } from './mutant.ts';
import { copyProject } from './project.ts';
import { tryTests } from './trial.ts';
import { startingTime } from '../support/time.ts';

const root = join(import.meta.dirname, '../..');

const milliseconds: Mutant = {
  name: 'milliseconds-for-seconds',
  harm: 'A server that asks for a pause of a second gets a millisecond.',
  edits: [{ file: 'src/core/backoff.ts', find: 'Number(value) * 1000', put: 'Number(value)' }],
  killer: { file: 'test/core/backoff.test.ts', test: '%j is %i ms' },
};
const [edit] = milliseconds.edits as [Mutant['edits'][number]];

describe('every mutant', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s fits the source, and its test is there',
    (_, mutant) => {
      expect(staleness(root, mutant)).toEqual([]);
    },
  );

  it('has a name of its own', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });
});

describe('a mutant that the project has left behind', () => {
  const stale = (change: Partial<Mutant>): readonly string[] =>
    staleness(root, { ...milliseconds, ...change });

  it('is told by a text that is gone, or is there more than once', () => {
    expect(stale({ edits: [{ ...edit, find: 'Number(value) * 1001' }] })[0]).toContain(
      'has its text 0 times',
    );
    expect(stale({ edits: [{ ...edit, find: 'return ' }] })[0]).toMatch(/has its text [2-9] times/);
  });

  it('is told by a file that is gone', () => {
    expect(stale({ edits: [{ ...edit, file: 'src/gone.ts' }] })[0]).toContain('there is no src/gone.ts');
  });

  it('is told by a test that is gone', () => {
    const killer = { ...milliseconds.killer, test: 'is forgotten' };
    expect(stale({ killer })).toEqual(["test/core/backoff.test.ts has no test 'is forgotten'"]);
  });

  it('is told by a change that is none', () => {
    expect(stale({ edits: [{ ...edit, put: edit.find }] })[0]).toContain('changes nothing');
  });
});

describe('a copy of the project with a mutant', () => {
  const project = () => {
    const copy = copyProject(root);
    onTestFinished(() => copy.remove());
    return copy;
  };

  it('is killed by the test that it fails, and mended for the next', { timeout: startingTime }, async () => {
    const copy = project();
    const { killer, fault } = await meet(copy, milliseconds);
    expect(killer).toBe('Retry-After "120" is 120000 ms');
    expect(fault).toBeUndefined();
    const whole = await tryTests(copy.folder, [milliseconds.killer]);
    expect(unfit(whole, [milliseconds])).toEqual([]);
  });

  it('survives where its test notices nothing', { timeout: startingTime }, async () => {
    const harmless = { ...edit, put: '1000 * Number(value)' };
    const fate = await meet(project(), { ...milliseconds, edits: [harmless] });
    expect(fate).toMatchObject({ killer: undefined, fault: undefined });
  });

  it('proves nothing where it is no program any more', { timeout: startingTime }, async () => {
    const broken = { ...edit, put: 'Number(value) * * 1000' };
    const { killer, fault } = await meet(project(), { ...milliseconds, edits: [broken] });
    expect(killer).toBeUndefined();
    expect(fault).toContain("can't be loaded");
  });
});

describe('a test that is named as a killer', () => {
  it('must pass on the whole project', () => {
    const trial = { failed: [], passed: [], broken: [], endless: false, seconds: 1 };
    const { test } = milliseconds.killer;
    expect(unfit({ ...trial, passed: ['Retry-After "120" is 120000 ms'] }, [milliseconds])).toEqual([]);
    expect(unfit(trial, [milliseconds])).toEqual([`milliseconds-for-seconds: '${test}' doesn't run`]);
    expect(unfit({ ...trial, failed: ['another'], passed: ['"1" is 1 ms'] }, [milliseconds])).toEqual([
      'It fails without any mutant: another',
    ]);
  });
});
