import { threeWay, type RecoveryOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

type Options = RecoveryOptions<Record<string, unknown>>;

const base = { title: 'Trip', likes: 1 };
const local = { title: 'Journey', likes: 1 };

describe('a doubt', () => {
  it('outlasts a replica that lags: after the refusal of the second send the same is asked', async () => {
    const origin = new Origin(base).lose('PUT', 'after');
    origin.once('GET', () => Response.json(base, { headers: { etag: '"v1"' } }));
    const response = await recovering(origin, { defaults: { merge: ({ local }) => local } })(url, put(local));
    expect(origin.log).toEqual(['PUT 204, lost "v1"', 'GET 200 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied', attempts: [{}, { status: 412 }] });
  });

  it('outlasts a server that is too busy for the second send', async () => {
    const origin = new Origin(base).lose('PUT', 'after');
    origin.once('GET', () => Response.json(base, { headers: { etag: '"v1"' } }));
    origin.once('PUT', () => new Response('', { status: 429 }));
    const response = await recovering(origin, { defaults: { merge: ({ local }) => local } })(url, put(local));
    expect(origin.log.slice(2)).toEqual(['PUT 429 "v1"', 'PUT 412 "v1"', 'GET 200 "v2"']);
    expect(reportOf(response).outcome).toBe('already-applied');
  });

  it('ends as one where the replica shows for good what was refused', async () => {
    const origin = new Origin(base).lose('PUT', 'after');
    const lagging = () => Response.json(base, { headers: { etag: '"v1"' } });
    origin.once('GET', lagging).once('GET', lagging).once('GET', lagging);
    const response = await recovering(origin)(url, put(local));
    expect(origin.log).toHaveLength(5);
    expect(reportOf(response)).toMatchObject({
      ...{ code: 'outcome-unknown', reason: 'The re-read came to no-progress', maybeApplied: true },
    });
  });

  it('is over for a write that is merged again, once that is answered', async () => {
    const origin = new Origin(base).lose('PUT', 'before').once('GET', () => {
      origin.change({ title: 'Trip', likes: 2 });
      return undefined;
    });
    origin.overtake({ title: 'Trip', likes: 3 });
    const options = { defaults: { merge: threeWay(), server: { reverts: false } } };
    const response = await recovering(origin, options)(url, put(local, '"v1"', { base }));
    expect(origin.log.slice(2)).toEqual(['PUT 412 "v2"', 'GET 200 "v3"', 'PUT 204 "v3"']);
    expect(reportOf(response).outcome).toBe('merged');
    expect(origin.value).toEqual({ title: 'Journey', likes: 3 });
  });
});

describe('a write that may have been made, of what is gone since', () => {
  const gone = (options: Options) => {
    const origin = new Origin(base).lose('PUT', 'after').once('GET', () => {
      origin.remove();
      return undefined;
    });
    return { origin, writing: recovering(origin, options)(url, put(local)) };
  };

  it('stays gone', async () => {
    const { origin, writing } = gone({});
    expect(await rejectionOf(writing)).toMatchObject({ code: 'gone' });
    expect(origin.log).toEqual(['PUT 204, lost "v1"', 'GET 404']);
  });

  it('is made anew by a route that says so, if its merge may be made twice', async () => {
    const made = gone({ defaults: { onConflict: { gone: 'recreate' } } });
    expect(reportOf(await made.writing).outcome).toBe('merged');
    expect(made.origin.log.at(-1)).toBe('PUT 201 *');

    const left = gone({ defaults: { merge: ({ local }) => local, onConflict: { gone: 'recreate' } } });
    expect(reportOf(await rejectionOf(left.writing))).toMatchObject({ code: 'gone', maybeApplied: true });
  });
});

describe('a DELETE that may have been made, of what has changed since', () => {
  it.each([
    ['fail', ['DELETE lost "v1"', 'GET 200 "v2"'], { outcome: 'failed', code: 'outcome-unknown' }],
    ['delete', ['DELETE lost "v1"', 'GET 200 "v2"', 'DELETE 204 "v2"'], { outcome: 'merged' }],
  ] as const)('goes by onConflict.changed: %s', async (changed, log, report) => {
    const origin = new Origin(base).lose('DELETE', 'before').once('GET', () => {
      origin.change(local);
      return undefined;
    });
    const writing = recovering(origin, { defaults: { onConflict: { changed } } })(url, {
      method: 'DELETE',
      headers: { 'if-match': '"v1"' },
    });
    const outcome = await writing.catch((error: unknown) => error);
    expect(origin.log).toEqual(log);
    expect(reportOf(outcome)).toMatchObject(report);
  });
});
