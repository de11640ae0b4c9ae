import { describe, expect, it } from 'vitest';
import type { Pace, Trouble } from '../../src/recovery/records.ts';
import { pace } from '../../src/stages/pace.ts';
import { aWrite } from './a-write.ts';
import { cellsOf } from './table.ts';

/**
 * What it goes on from, by how many sends there were where two may follow the first, and how much time is left. The numbers are
 * waits in milliseconds. `look, 200`: one last look after that wait.
 */
const table = `
                              | 1 send          | 2 sends         | 3 sends           | 3 sends, no time  | 2 sends, no time | 2 sends, no budget
a conflict                    | go, 0           | go, 100         | retry-limit | retry-limit | timeout          | retry-budget
a token                       | go, 0           | go, 100         | retry-limit | retry-limit | timeout          | retry-budget
lost, to be read              | go, 100         | go, 200         | look, 400         | outcome-unknown   | timeout          | retry-budget
lost, to be resent            | go, 100         | go, 200         | outcome-unknown   | outcome-unknown   | timeout          | retry-budget
lost, nothing to do           | outcome-unknown | outcome-unknown | outcome-unknown   | outcome-unknown   | outcome-unknown  | outcome-unknown
429, to be resent             | go, 100         | go, 200         | retry-limit | retry-limit | timeout          | retry-budget
429, nothing to do            | not-a-conflict  | not-a-conflict  | not-a-conflict    | not-a-conflict    | not-a-conflict   | not-a-conflict
never left, to be resent      | go, 100         | go, 200         | network-error     | network-error     | timeout          | retry-budget
never left, nothing to do     | network-error   | network-error   | network-error     | network-error     | network-error    | network-error
`;

async function paceOf(row: string, column: string): Promise<string> {
  const sends = Number(column[0]);
  const { call, sent } = await aWrite('PUT', 'If-Match', {
    sends,
    totalTimeout: column.includes('no time') ? 50 : 10_000,
    retry: { limit: 2, delay: (retry) => 200 * 2 ** (retry - 1), jitter: (delay) => delay / 2 },
    ...(column.includes('no budget') && { budget: { tokens: 0 } }),
  });
  const response = (status: number): Response => new Response(null, { status });
  const lost = {
    kind: 'ambiguous',
    sent,
    reason: 'stale',
    inDoubt: row.startsWith('lost') ? sent : undefined,
    response: row.startsWith('429') ? response(429) : undefined,
    canResend: row.endsWith('to be resent'),
    canBeRead: row.endsWith('to be read'),
  } as const;
  const verdict: Trouble =
    row === 'a conflict'
      ? { kind: 'conflict', reason: 'stale', creates: false, response: response(412) }
      : row === 'a token'
        ? { kind: 'resend', prepared: sent, response: response(412) }
        : lost;
  return inWords(pace(verdict, row.startsWith('lost'), call));
}

function inWords(paced: Pace): string {
  if (paced.kind === 'stop') return paced.failure.code;
  return `${paced.kind === 'go' ? 'go' : 'look'}, ${String(paced.delay)}`;
}

describe('whether a recovery goes on, and after which wait', () => {
  it.each(cellsOf(table))('%s, after %s: %s', async (row, column, expected) => {
    expect(await paceOf(row, column)).toBe(expected);
  });

  it('is at once where nothing was sent yet', async () => {
    const { call } = await aWrite('PUT', 'none', { sends: 0, retry: 0 });
    const unsent = { kind: 'conflict', reason: 'precondition-required', creates: false } as const;
    expect(pace(unsent, false, call)).toEqual({ kind: 'go', delay: 0 });
  });

  it('waits as long as the server asks', async () => {
    const { call } = await aWrite('PUT', 'If-Match', {
      totalTimeout: 60_000,
      retry: { maxRetryAfter: 60_000 },
    });
    const response = new Response(null, { status: 409, headers: { 'retry-after': '7' } });
    const verdict = { kind: 'conflict', reason: 'stale', creates: false, response } as const;
    expect(pace(verdict, false, call)).toEqual({ kind: 'go', delay: 7_000 });
  });
});
