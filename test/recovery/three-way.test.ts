import { list, set, threeWay, withConflictRecovery } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { put, reportOf, url } from '../support/write.ts';

describe('a route with a three-way merge', () => {
  const base = { title: 'Trip', tags: ['a'], items: [{ id: 1, done: false }] };
  const merge = threeWay({ '/tags': set(), '/items': list({ key: 'id' }) });

  it('keeps what both sides changed', async () => {
    const origin = new Origin(base);
    origin.change({ ...base, tags: ['a', 'b'], items: [{ id: 1, done: true }] });
    const local = { ...base, title: 'Journey', tags: [], items: [...base.items, { id: 2, done: false }] };
    const fetch = withConflictRecovery(origin.fetch, { routes: { 'notes/:id': { merge } } });

    expect((await fetch(url, put(local, '"v1"', { base }))).status).toBe(204);
    expect(origin.value).toEqual({
      title: 'Journey',
      tags: ['b'],
      items: [
        { id: 1, done: true },
        { id: 2, done: false },
      ],
    });
  });

  it('writes nothing where they clash, and the report carries the conflicts, but shows them to no log', async () => {
    const origin = new Origin(base);
    origin.change({ ...base, title: 'Voyage' });
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge } });

    const report = reportOf(await fetch(url, put({ ...base, title: 'Journey' }, '"v1"', { base })));

    expect(report).toMatchObject({ outcome: 'failed', code: 'merge-conflict' });
    expect(report.outcome === 'failed' && report.question?.conflicts).toEqual([
      { path: '/title', base: 'Trip', local: 'Journey', remote: 'Voyage' },
    ]);
    expect(JSON.stringify(report)).not.toMatch(/Trip|Journey|Voyage/);
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
  });
});
