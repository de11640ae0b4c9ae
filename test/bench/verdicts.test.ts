import { describe, expect, it } from 'vitest';
import { entriesOf, type Answer } from './figures.ts';
import { verdictsOf } from './report/verdicts.ts';

/** An answer of two rounds, in which remerge takes 10 ms. */
function answer(theirs: readonly number[], gaveUp = 0, more: Partial<Answer> = {}): Answer {
  const rounds = new Map([
    ['remerge', theirs.map(() => ({ ms: 10, 'gave up': 0 }))],
    ['a loop', theirs.map((ms) => ({ ms, 'gave up': gaveUp }))],
  ]);
  return {
    name: 'any',
    measured: '',
    columns: [
      { name: 'ms', digits: 0, isCompared: true },
      { name: 'gave up', digits: 0, isFault: true },
    ],
    entries: entriesOf('8 at once', rounds, { ratios: ['ms'] }),
    targets: [],
    remarks: [],
    ...more,
  };
}

const notAhead = ["Not ahead: 8 at once: `a loop` needs 0.8 of remerge's ms."];

describe('a way that is quicker than remerge', () => {
  it('is told', () => expect(verdictsOf(answer([7, 8, 8, 9]))).toEqual(notAhead));

  it('is told where the machine was noisy in some rounds', () => {
    expect(verdictsOf(answer([7, 8, 8, 8, 30]))).toEqual(notAhead);
  });

  it('is not told where it is quicker in less than three quarters of the rounds', () => {
    expect(verdictsOf(answer([7, 8, 9, 11, 12])).join()).not.toContain('Not ahead');
  });

  it('is not told where it is quick because it gives up', () => {
    expect(verdictsOf(answer([7, 8, 8, 9], 1)).join()).not.toContain('Not ahead');
  });

  it('is not told where it stands there for scale only', () => {
    const scale = answer([7, 8, 8, 9], 0, { yardsticks: ['a loop'] });
    expect(verdictsOf(scale).join()).not.toContain('Not ahead');
  });
});

describe('what was to be reached', () => {
  const verdictOf = (figure: number) =>
    verdictsOf(answer([20, 20], 0, { targets: [{ what: 'requests', figure, atMost: 4 }] }))[0];

  it('is reached by as much as was allowed', () => {
    expect(verdictOf(4)).toBe('requests: 4, within the target of 4.');
  });

  it('is missed by more, and by what was not measured', () => {
    expect(verdictOf(4.5)).toBe('requests: 4.5, above the target of 4.');
    expect(verdictOf(NaN)).toContain('above the target');
  });
});
