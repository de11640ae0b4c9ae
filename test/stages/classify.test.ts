import { describe, expect, it } from 'vitest';
import type { SendResult, Verdict } from '../../src/recovery/records.ts';
import { classify, screen } from '../../src/stages/classify.ts';
import { aWrite, writeOf } from './a-write.ts';
import { cellsOf } from './table.ts';

/** `stale`, `exists`, `none named`: a conflict, and why. `resend`, `read`: what may find out, after an answer that doesn't tell. */
const table = `
                      | 200  | 400  | 404  | 409        | 412        | 428        | 408          | 429     | 503          | lost         | unsent
PUT If-Match          | over | over | gone | stale      | stale      | stale      | read         | resend  | read         | read         | resend
PUT If-None-Match     | over | over | over | exists     | exists     | exists     | read         | resend  | read         | read         | resend
PUT                   | over | over | over | no-version | no-version | none named | read         | nothing | read         | read         | nothing
PUT with a key        | over | over | over | no-version | no-version | none named | resend, read | resend  | resend, read | resend, read | resend
PATCH If-Match        | over | over | gone | stale      | stale      | stale      | read         | resend  | read         | read         | resend
PATCH                 | over | over | over | no-version | no-version | none named | nothing      | nothing | nothing      | nothing      | nothing
PATCH with a key      | over | over | over | no-version | no-version | none named | resend       | resend  | resend       | resend       | resend
POST If-Match         | over | over | over | stale      | stale      | stale      | read         | resend  | read         | read         | resend
POST                  | over | over | over | no-version | no-version | none named | nothing      | nothing | nothing      | nothing      | nothing
POST with a key       | over | over | over | no-version | no-version | none named | resend       | resend  | resend       | resend       | resend
DELETE If-Match       | over | over | over | stale      | stale      | stale      | read         | resend  | read         | read         | resend
DELETE                | over | over | over | no-version | no-version | none named | read         | nothing | read         | read         | nothing
`;

function resultOf(column: string): SendResult {
  if (column === 'lost' || column === 'unsent')
    return { kind: 'unanswered', cause: new TypeError('failed'), isUnsent: column === 'unsent' };
  return { kind: 'answered', response: new Response(null, { status: Number(column) }) };
}

function inWords(verdict: Verdict): string {
  if (verdict.kind === 'rejected') return verdict.failure.code;
  if (verdict.kind === 'conflict')
    return verdict.reason === 'precondition-required' ? 'none named' : verdict.reason;
  if (verdict.kind !== 'ambiguous') return verdict.kind === 'final' ? 'over' : verdict.kind;
  const ways = [verdict.canResend && 'resend', verdict.canBeRead && 'read'].filter(Boolean);
  return ways.join(', ') || 'nothing';
}

async function verdictOn(row: string, result: SendResult): Promise<Verdict> {
  const { call, intent, sent } = await writeOf(row, { onConflict: { exists: 'fail' } });
  return (await screen(result, undefined, call.write, call)) ?? (await classify(result, sent, intent, call));
}

describe('what an answer means', () => {
  it.each(cellsOf(table))('%s, %s: %s', async (row, column, expected) => {
    expect(inWords(await verdictOn(row, resultOf(column)))).toBe(expected);
  });

  it('leaves a send in doubt that may have been made, and no other', async () => {
    for (const [column, isInDoubt] of [
      ['408', true],
      ['503', true],
      ['lost', true],
      ['429', false],
      ['unsent', false],
    ] as const) {
      const verdict = await verdictOn('PUT If-Match', resultOf(column));
      expect(verdict).toMatchObject({ kind: 'ambiguous' });
      expect('inDoubt' in verdict && verdict.inDoubt !== undefined, column).toBe(isInDoubt);
    }
  });

  it('is the route’s own word where it has one', async () => {
    for (const [word, expected] of [
      ['stale', 'stale'],
      ['partial', 'stale'],
      ['final', 'over'],
      ['in-progress', 'resend'],
    ] as const) {
      const { call, intent, sent } = await aWrite('PUT', 'If-Match', { server: { classify: () => word } });
      expect(inWords(await classify(resultOf('409'), sent, intent, call)), word).toBe(expected);
    }
  });

  it('is to send the same again with the token that a refusal shows, but not twice with one', async () => {
    const { call, intent, sent } = await aWrite('PUT', 'If-Match', {
      server: { classify: () => ({ kind: 'resend', header: 'x-csrf-token' }) },
    });
    const refused = (): SendResult => ({
      kind: 'answered',
      response: new Response(null, { status: 412, headers: { 'x-csrf-token': 'fresh' } }),
    });
    const verdict = await classify(refused(), sent, intent, call);
    const prepared = verdict.kind === 'resend' ? verdict.prepared : sent;
    expect(prepared.request.headers.get('x-csrf-token')).toBe('fresh');
    expect(prepared.request.headers.get('if-match')).toBe('"v1"');
    expect(inWords(await classify(refused(), prepared, intent, call))).toBe('no-progress');
  });

  it('is over for a body that could be sent only once, unless it was refused', async () => {
    const { call } = await aWrite('PUT', 'If-Match');
    const spent = { ...call, write: { ...call.write, body: undefined } };
    const verdict = async (column: string) =>
      screen(resultOf(column), undefined, spent.write, spent).then(
        (screened) => screened && inWords(screened),
      );
    expect(await verdict('409')).toBe('unrepeatable-body');
    expect(await verdict('503')).toBe('over');
  });
});
