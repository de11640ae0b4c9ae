import { defineMerge, keepLocal } from 'remerge';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/recovery/records.ts';
import { weigh } from '../../src/stages/weigh.ts';
import { aWrite, shown, writeOf } from './a-write.ts';
import { cellsOf } from './table.ts';

const base = { title: 'base' };

/** What is there, after a send that wanted `ours` in the place of `base` at version 1. */
const states = {
  'as it was': shown(base, '"v1"'),
  ours: shown({ title: 'ours' }, '"v2"'),
  'base again': shown(base, '"v2"'),
  another: shown({ title: 'theirs' }, '"v2"'),
  nothing: undefined,
};

/**
 * `not applied`: the last send was not made, and may go out again. `none applied`: no send was. `again`: the merge may be made once
 * more, onto a state that shows the change `there`, `back` as it was, or written `over`.
 */
const afterTheLastWasLost = `
                  | as it was    | ours         | base again   | another      | nothing
PUT If-Match      | not applied  | applied      | again, back  | again, over  | again
PUT If-None-Match | unclear      | unclear      | unclear      | unclear      | not applied
PUT               | unclear      | applied      | unclear      | unclear      | unclear
PATCH If-Match    | not applied  | again, there | again, back  | again, over  | again
PATCH             | unclear      | unclear      | unclear      | unclear      | unclear
PUT If-Match of a part    | not applied | again, there | again, back | again, over | again
PUT of a part     | unclear      | unclear      | unclear      | unclear      | unclear
PATCH If-Match of a state | not applied | applied      | again, back | again, over | again
PATCH of a state  | unclear      | applied      | unclear      | unclear      | unclear
POST If-Match     | not applied  | again, there | again, back  | again, over  | again
POST              | unclear      | unclear      | unclear      | unclear      | unclear
DELETE If-Match   | not applied  | unclear      | unclear      | unclear      | unclear
DELETE            | unclear      | unclear      | unclear      | unclear      | unclear
`;

const afterALaterWasRefused = `
                  | as it was    | ours         | base again   | another      | nothing
PUT If-Match      | none applied | applied      | again, back  | again, over  | again
PUT If-None-Match | unclear      | unclear      | unclear      | unclear      | unclear
PUT               | unclear      | applied      | unclear      | unclear      | unclear
PATCH If-Match    | none applied | again, there | again, back  | again, over  | again
DELETE If-Match   | none applied | unclear      | unclear      | unclear      | unclear
`;

function inWords(evidence: Evidence): string {
  if (evidence.kind !== 'unclear') return evidence.kind.replace('-', ' ');
  if (!evidence.mayRepeat) return 'unclear';
  return ['again', evidence.trace].filter(Boolean).join(', ');
}

async function found(row: string, column: string, isLast: boolean): Promise<string> {
  const creates = row.endsWith('If-None-Match');
  const { call, intent, sent } = await writeOf(row, {
    ...(row.endsWith('of a part') && { server: { means: 'part' } }),
    ...(row.endsWith('of a state') && { server: { replace: 'PATCH' }, state: { title: 'ours' } }),
    base: creates ? undefined : base,
    onConflict: { exists: 'fail' },
  });
  const latest = states[column as keyof typeof states];
  const reason = creates ? 'exists' : 'stale';
  const last = isLast ? sent : undefined;
  return inWords(weigh({ intent, id: undefined, inDoubt: [sent], last, reason, latest }, call.route));
}

describe('what a state proves of a send whose answer was lost', () => {
  it.each(cellsOf(afterTheLastWasLost))('%s, now %s: %s', async (row, column, expected) => {
    expect(await found(row, column, true)).toBe(expected);
  });
});

describe('what a state proves of an earlier send, after a later one was refused', () => {
  it.each(cellsOf(afterALaterWasRefused))('%s, now %s: %s', async (row, column, expected) => {
    expect(await found(row, column, false)).toBe(expected);
  });
});

describe('what a state proves', () => {
  it('is that nothing is in doubt where no answer was lost', async () => {
    const { call, intent } = await aWrite('PUT', 'If-Match', { base });
    const at = { intent, id: undefined, inDoubt: [], last: undefined, reason: 'stale' } as const;
    for (const latest of [states.another, undefined])
      expect(weigh({ ...at, latest }, call.route)).toEqual({ kind: 'none-applied' });
  });

  it('is never that equal changes were made where they add up, or the body is an action', async () => {
    for (const options of [
      { merge: defineMerge<unknown>(keepLocal(), { additive: true }) },
      { server: { means: 'actions' } },
    ] as const) {
      const { call, intent, sent } = await aWrite('PUT', 'If-Match', { base, ...options });
      const at = { intent, id: undefined, inDoubt: [sent], last: sent, reason: 'stale' } as const;
      expect(inWords(weigh({ ...at, latest: states.ours }, call.route))).toBe('unclear');
    }
  });

  it('shows nothing taken back where the route says that nobody does', async () => {
    const { call, intent, sent } = await aWrite('PUT', 'If-Match', { base, server: { reverts: false } });
    const at = { intent, id: undefined, inDoubt: [sent], last: sent, reason: 'stale' } as const;
    expect(inWords(weigh({ ...at, latest: states['base again'] }, call.route))).toBe('again, over');
  });
});
