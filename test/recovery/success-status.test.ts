import {
  idempotencyKey,
  keepLocal,
  withConflictRecovery,
  type MergeContext,
  type RecoveryEvent,
  type RouteOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, reportOf, url } from '../support/write.ts';

/** A server that says 200 to everything, and in the body whether it was made. */
const says = (origin: Origin, ...verdicts: readonly ('no' | 'half')[]): Origin => {
  for (const verdict of verdicts) origin.once('PUT', () => Response.json({ made: verdict }));
  return origin;
};

const classify = (_: Response, body: unknown) => {
  const { made } = (body ?? {}) as { made?: string };
  return made === 'no' ? 'stale' : made === 'half' ? 'partial' : undefined;
};

const listed: RouteOptions = { server: { conflictStatuses: [200, 204, 412], classify } };

describe('a status of success that may mean a conflict', () => {
  it('means one if the route says so, and the write is merged and made', async () => {
    const origin = says(new Origin({ n: 1 }), 'no');
    origin.change({ n: 2 });
    const events: string[] = [];
    const onEvent = ({ kind }: RecoveryEvent): unknown => events.push(kind);
    const response = await recovering(origin, { defaults: listed, onEvent })(url, put({ n: 3 }));
    expect(origin.log).toEqual(['PUT 200 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(response.status).toBe(204);
    expect(reportOf(response)).toMatchObject({
      outcome: 'merged',
      attempts: [{ status: 200 }, { status: 204 }],
    });
    expect(events).toEqual(['write', 'conflict', 'read', 'merge', 'write', 'end']);
  });

  it('else is a success, whose body the caller reads, and whose state is a base to come', async () => {
    const origin = new Origin({ n: 1 });
    const said = { made: 'yes', n: 3 };
    origin.once('PUT', () => {
      origin.change({ n: 3 });
      return Response.json(said, { headers: { etag: '"v2"' } });
    });
    const bases: unknown[] = [];
    const merge = ({ base, local }: MergeContext) => {
      bases.push(base);
      return local;
    };
    const write = recovering(origin, { defaults: { ...listed, merge } });
    const response = await write(url, put({ n: 3 }));
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    expect(await response.json()).toEqual(said);
    origin.change({ n: 4 });
    await write(url, put({ n: 5 }, '"v2"'));
    expect(bases).toEqual([said]);
  });

  it('is not asked about where another status came, nor where nobody has a word on it', async () => {
    const origin = says(new Origin({ n: 1 }), 'no', 'no');
    for (const server of [{ conflictStatuses: [201], classify }, { conflictStatuses: [200] }]) {
      const response = await recovering(origin, { defaults: { server } })(url, put({ n: 3 }));
      expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    }
    expect(origin.requests).toHaveLength(2);
  });

  it('is a success where its body is longer than the cap, and that is still whole', async () => {
    const long = { made: 'no', text: 'x'.repeat(1000) };
    const origin = new Origin({ n: 1 }).once('PUT', () => Response.json(long));
    const response = await recovering(origin, { defaults: { ...listed, maxBytes: 100 } })(url, put({ n: 3 }));
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    expect(await response.json()).toEqual(long);
  });

  it('that a redirect led to is never taken for a conflict', async () => {
    const origin = new Origin({ n: 1 }).once('PUT', () => {
      const answer = Response.json({ made: 'no' });
      Object.defineProperty(answer, 'redirected', { value: true });
      return answer;
    });
    const response = await recovering(origin, { defaults: listed })(url, put({ n: 3 }));
    expect(origin.requests).toHaveLength(1);
    expect(reportOf(response)).toMatchObject({ code: 'redirect' });
  });

  it('of a version that did not move is no progress, and the caller gets the answer', async () => {
    const origin = says(new Origin({ n: 1 }), 'no');
    const response = await recovering(origin, { defaults: listed })(url, put({ n: 3 }));
    expect(origin.log).toEqual(['PUT 200 "v1"', 'GET 200 "v1"', 'GET 200 "v1"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'no-progress' });
    expect(await response.json()).toEqual({ made: 'no' });
  });

  it.each([
    ['no', 'failed', 'unrepeatable-body'],
    ['yes', 'applied', undefined],
  ])('of a stream is told by what it says: %s', async (made, outcome, code) => {
    const origin = new Origin({ n: 1 }).once('PUT', () => Response.json({ made }));
    const body = new Blob(['{"n":3}']).stream();
    const init = { method: 'PUT', body, duplex: 'half', headers: { 'if-match': '"v1"' } } as RequestInit;
    const response = await withConflictRecovery(origin.fetch, {
      defaults: { ...listed, merge: keepLocal() },
    })(url, init);
    expect(reportOf(response)).toMatchObject(code ? { outcome, code } : { outcome });
    expect(await response.json()).toEqual({ made });
  });
});

describe('a write that was made in part', () => {
  it('is over where it may not be sent again, and may have been made', async () => {
    const origin = says(new Origin({ n: 1 }), 'half');
    const response = await recovering(origin, { defaults: { ...listed, retry: 0 } })(url, put({ n: 3 }));
    expect(origin.log).toEqual(['PUT 200 "v1"']);
    expect(reportOf(response)).toMatchObject({ code: 'retry-limit', maybeApplied: true });
  });

  it('is found to be made whole where what is there is what was sent', async () => {
    const origin = says(new Origin({ n: 1 }), 'half');
    origin.change({ n: 3 });
    const merge = (): never => {
      throw new Error('There is nothing to merge.');
    };
    const response = await recovering(origin, { defaults: { ...listed, merge } })(url, put({ n: 3 }));
    expect(origin.log).toEqual(['PUT 200 "v1"', 'GET 200 "v2"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied' });
  });

  it('is not sent again by its key: the answer would be the same', async () => {
    const origin = says(new Origin({ n: 1 }), 'half');
    origin.change({ n: 2 });
    const write = recovering(origin, { defaults: { ...listed, writeId: idempotencyKey() } });
    await write(url, put({ n: 3 }));
    expect(origin.log).toEqual(['PUT 200 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    const [first, , second] = origin.requests.map(({ headers }) => headers.get('idempotency-key'));
    expect(first).not.toBe(second);
  });
});
