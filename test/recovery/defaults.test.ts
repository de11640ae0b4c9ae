import { keepLocal, keepRemote, type RouteOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, reportOf, url } from '../support/write.ts';

/** Writes on a route of its own options, beside those for all routes. */
const routed = (origin: Origin, defaults: RouteOptions, own: RouteOptions) =>
  recovering(origin, { defaults, routes: { 'notes/:id': own } });

const create = { ...put({ n: 2 }), headers: { 'content-type': 'application/json', 'if-none-match': '*' } };

describe('the options for all routes', () => {
  it('have each kind of conflict chosen by itself', async () => {
    const defaults: RouteOptions = { onConflict: { gone: 'recreate', exists: 'adopt' } };
    const outcomes = async (own: RouteOptions) => {
      const gone = new Origin(undefined);
      const there = new Origin({ n: 1 });
      return [
        reportOf(await routed(gone, defaults, own)(url, put({ n: 2 }))).outcome,
        reportOf(await routed(there, defaults, own)(url, create)).outcome,
      ];
    };
    expect(await outcomes({})).toEqual(['merged', 'unchanged']);
    expect(await outcomes({ onConflict: { exists: 'merge' } })).toEqual(['merged', 'merged']);
    expect(await outcomes({ onConflict: { exists: 'fail' } })).toEqual(['merged', 'failed']);
    expect(await outcomes({ onConflict: { gone: 'fail' } })).toEqual(['failed', 'unchanged']);
  });

  it('have each part of `retry` chosen by itself, be it a number', async () => {
    const waits = async (shared: RouteOptions['retry'], own: RouteOptions['retry']) => {
      const origin = new Origin({ n: 0 });
      for (let n = 1; n < 9; n += 1) origin.overtake({ n });
      const write = routed(
        origin,
        { ...(shared !== undefined && { retry: shared }) },
        { ...(own !== undefined && { retry: own }) },
      );
      const { attempts } = reportOf(await write(url, put({ n: 10 })));
      return attempts.map(({ wait }) => wait);
    };
    const parts = { limit: 1, delay: (retry: number) => retry * 1_000, jitter: false };
    expect(await waits(parts, undefined)).toEqual([0, 0]);
    expect(await waits(parts, 3)).toEqual([0, 0, 1_000, 2_000]);
    expect(await waits(parts, { limit: 3 })).toEqual([0, 0, 1_000, 2_000]);
    expect(await waits(3, { delay: () => 7, jitter: false })).toEqual([0, 0, 7, 7]);
    expect(await waits({ ...parts, limit: 3 }, { backoffLimit: 1_500 })).toEqual([0, 0, 1_000, 1_500]);
  });

  it('have a server that is one value: that of a route takes its place as a whole', async () => {
    const shared: RouteOptions = { server: { conflictStatuses: [422], readOnly: ['/at'] } };
    const refusing = () => {
      const origin = new Origin({ n: 1 });
      origin.change({ n: 2 });
      return origin.once('PUT', () => new Response('stale', { status: 422 }));
    };
    const outcome = async (own: RouteOptions) =>
      reportOf(await routed(refusing(), shared, own)(url, put({ n: 3 }))).outcome;
    expect(await outcome({})).toBe('merged');
    // The members of a route are added to those of its server, and leave the server as it is.
    expect(await outcome({ readOnly: ['/by'] })).toBe('merged');
    expect(await outcome({ server: { reverts: false } })).toBe('failed');
    expect(await outcome({ server: { conflictStatuses: [422], reverts: false } })).toBe('merged');
  });

  it('have every other option replaced by that of the route; one that is undefined is left out', async () => {
    const outcome = async (own: object) => {
      const origin = new Origin({ n: 1 });
      origin.change({ n: 2 });
      return reportOf(await routed(origin, { merge: keepLocal(), maxBytes: 100 }, own)(url, put({ n: 3 })))
        .outcome;
    };
    expect(await outcome({})).toBe('merged');
    expect(await outcome({ merge: keepRemote() })).toBe('unchanged');
    expect(await outcome({ maxBytes: 1 })).toBe('failed');
    expect(await outcome({ merge: undefined, maxBytes: undefined, onConflict: undefined })).toBe('merged');
    expect(await outcome({ retry: undefined, server: undefined })).toBe('merged');
  });
});
