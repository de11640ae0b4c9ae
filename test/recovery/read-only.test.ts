import { threeWay, type RouteOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, reportOf, url } from '../support/write.ts';

type Stamp = (written: Record<string, unknown>, version: number) => unknown;

const updatedAt: Stamp = (written, version) => ({ ...written, updatedAt: version });

/** A PUT to a server that stamps what it is given, and whose answer is lost: how it ends. */
async function lost(
  defaults: RouteOptions,
  stamp = updatedAt,
  local: object = { title: 'Journey', updatedAt: 1 },
) {
  const origin = new Origin({ title: 'Trip', updatedAt: 1 }).once('PUT', async (request) => {
    origin.change(stamp((await request.json()) as Record<string, unknown>, 2));
    throw new TypeError('fetch failed');
  });
  // A merge that may not be made twice: the state alone has to prove that the write was made.
  const merge = ({ local }: { local: unknown }): unknown => local;
  const writing = recovering(origin, { defaults: { merge, ...defaults } })(url, put(local));
  const report = reportOf(await writing.catch((error: unknown) => error));
  expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
  return report.outcome === 'failed' ? report.code : report.outcome;
}

describe('a write whose answer is lost, to a server that stamps each write', () => {
  it('is known to be made where the route names the stamp, and else in doubt', async () => {
    expect(await lost({ readOnly: ['/updatedAt'] })).toBe('already-applied');
    expect(await lost({ server: { readOnly: ['/updatedAt'] } })).toBe('already-applied');
    expect(await lost({})).toBe('outcome-unknown');
    expect(await lost({ readOnly: ['/createdAt'] })).toBe('outcome-unknown');
  });

  it('is in doubt where anything else is another', async () => {
    const others: Stamp = (written, version) => ({ ...written, title: 'Theirs', updatedAt: version });
    expect(await lost({ readOnly: ['/updatedAt'] }, others)).toBe('outcome-unknown');
  });

  it('may have a stamp in each of many members, or items', async () => {
    const byName: Stamp = ({ rows }) => ({ rows: { a: { ...(rows as { a: object }).a, at: 2 } } });
    const inList: Stamp = ({ rows }) => ({ rows: (rows as object[]).map((row) => ({ ...row, at: 2 })) });
    for (const [stamp, rows] of [
      [byName, { a: { n: 1, at: 1 } }],
      [inList, [{ n: 1, at: 1 }, { n: 2 }]],
    ] as const) {
      expect(await lost({ readOnly: ['/rows/*/at'] }, stamp, { rows })).toBe('already-applied');
      expect(await lost({ readOnly: ['/rows/*/n'] }, stamp, { rows })).toBe('outcome-unknown');
    }
  });

  it('has the members of its route beside those of its server', async () => {
    const both: Stamp = (written, version) => ({ ...written, rev: version, updatedAt: version });
    const server = { readOnly: ['/rev'] };
    expect(await lost({ server, readOnly: ['/updatedAt'] }, both)).toBe('already-applied');
    expect(await lost({ server }, both)).toBe('outcome-unknown');
    expect(await lost({ readOnly: ['/updatedAt'] }, both)).toBe('outcome-unknown');
  });
});

describe('a merge of states with members that the server manages', () => {
  /** A form that shows the title alone, and meets somebody else's change. */
  async function merged(defaults: RouteOptions, local: object = { title: 'Journey' }) {
    const base = { title: 'Trip', tags: ['a'], updatedAt: 1 };
    const origin = new Origin(base);
    origin.change({ ...base, tags: ['a', 'b'], updatedAt: 2 });
    const write = recovering(origin, { defaults: { merge: threeWay(), ...defaults } });
    const report = reportOf(await write(url, put({ tags: ['a'], ...local }, '"v1"', { base })));
    return { report, value: origin.value };
  }
  const theirs = { tags: ['a', 'b'], updatedAt: 2 };

  it('meets no conflict there: the members are the server’s, whatever a form says of them', async () => {
    for (const more of [{}, { updatedAt: 1 }, { updatedAt: 0 }, { updatedAt: null }]) {
      const { report, value } = await merged({ readOnly: ['/updatedAt'] }, { title: 'Journey', ...more });
      expect(report.outcome).toBe('merged');
      expect(value).toEqual({ title: 'Journey', ...theirs });
    }
  });

  it('meets one where nobody says that the server manages them', async () => {
    const { report } = await merged({});
    expect(report).toMatchObject({
      code: 'merge-conflict',
      question: { conflicts: [{ path: '/updatedAt' }] },
    });
  });

  it('writes nothing where only such a member would differ', async () => {
    const { report, value } = await merged(
      { readOnly: ['/updatedAt'] },
      { title: 'Trip', tags: ['a', 'b'], updatedAt: 0 },
    );
    expect(report.outcome).toBe('unchanged');
    expect(value).toEqual({ title: 'Trip', ...theirs });
  });
});
