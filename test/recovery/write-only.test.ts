import { etag, field, keepLocal, type RecoveryOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { reportOf, url } from '../support/write.ts';

const version = field('/rev');
const server = { writeOnly: ['/comment'] };

/** A write that says more than the server will show. */
const save = (source: string): RequestInit => ({
  method: 'PUT',
  body: JSON.stringify({ source, comment: 'Typo', rev: 1 }),
  headers: { 'content-type': 'application/json' },
});

async function lost(shown: unknown, options: RecoveryOptions<Record<string, unknown>>) {
  const origin = new Origin(shown).lose('PUT', 'before', 503);
  const response = await recovering(origin, { ...options, defaults: { version, ...options.defaults } })(
    url,
    save('Milk'),
  );
  return { origin, report: reportOf(response) };
}

describe('a write that says more than the server shows', () => {
  it('is found to be made by what the server does show', async () => {
    const { report } = await lost({ source: 'Milk', rev: 2 }, { defaults: { server } });
    expect(report).toMatchObject({ outcome: 'already-applied' });
  });

  it('is not found by anything else, nor where nobody says what to look at', async () => {
    const other = await lost({ source: 'Eggs', rev: 2 }, { defaults: { server } });
    expect(other.report).toMatchObject({ code: 'outcome-unknown' });
    const all = await lost({ source: 'Milk', rev: 2 }, {});
    expect(all.report).toMatchObject({ code: 'outcome-unknown' });
  });

  it('is not found in what is no object', async () => {
    const { report } = await lost('"Milk"', {
      defaults: { version: etag(), server },
    });
    expect(report).toMatchObject({ code: 'outcome-unknown' });
  });

  it('is not made where the server shows what it comes to', async () => {
    const origin = new Origin({ source: 'Milk', rev: 2 }).once(
      'PUT',
      () => new Response(null, { status: 409 }),
    );
    const response = await recovering(origin, {
      defaults: { merge: keepLocal(), version, server },
    })(url, save('Milk'));
    expect(reportOf(response)).toMatchObject({ outcome: 'unchanged' });
    expect(origin.requests).toHaveLength(2);
  });
});
