import { counter, createClient, threeWay } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { baseUrl } from '../support/client.ts';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

/** A server whose lock fails by a 500 with a text, as many frameworks' do. */
const lock = {
  conflictStatuses: [412, 500, 503],
  classify: (_: Response, body: unknown) =>
    String(body).includes('OptimisticLock') ? ('stale' as const) : undefined,
};

const locked = () => new Response('OptimisticLockException', { status: 500 });

/** An origin that makes the next PUT, and answers by a status of its own all the same. */
const failing = (status: number): Origin => new Origin({ count: 1 }).lose('PUT', 'after', status);

describe('a listed 5xx', () => {
  it('that the route knows for a conflict is merged', async () => {
    const origin = new Origin({ n: 1, m: 1 }).once('PUT', () => {
      origin.change({ n: 1, m: 2 });
      return locked();
    });
    const write = recovering(origin, { defaults: { merge: threeWay(), server: lock } });
    const response = await write(url, { ...put({ n: 2, m: 1 }), base: { n: 1, m: 1 } });
    expect(reportOf(response)).toMatchObject({
      outcome: 'merged',
      attempts: [{ status: 500 }, { status: 204 }],
    });
    expect(origin.value).toEqual({ n: 2, m: 2 });
  });

  it.each([500, 503])(
    'that it says nothing of is a lost answer: %i, and the write is found made',
    async (status) => {
      const origin = failing(status);
      const write = recovering(origin, { defaults: { merge: threeWay(), server: lock } });
      const response = await write(url, put({ count: 2 }));
      expect(reportOf(response)).toMatchObject({ outcome: 'already-applied' });
      expect(origin.log.filter((line) => line.startsWith('PUT'))).toEqual([
        'PUT 500 "v1"'.replace('500', String(status)),
      ]);
    },
  );

  it('counts nothing twice, where equal changes add up', async () => {
    const origin = failing(500);
    const write = recovering(origin, {
      defaults: { merge: threeWay({ '/count': counter() }), server: lock },
    });
    const response = await write(url, { ...put({ count: 2 }), base: { count: 1 } });
    expect(reportOf(response)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(origin.value).toEqual({ count: 2 });
  });

  it('has an update made once, or told as unknown', async () => {
    const origin = failing(500);
    const clock = new VirtualClock();
    const api = createClient({
      baseUrl,
      fetch: origin.fetch,
      clock,
      scope: () => 'ann',
      routes: { 'notes/:id': { merge: threeWay<{ count: number }>(), server: lock } },
    });
    const note = api.resource('notes/:id', { id: '42' });
    const error = await rejectionOf(clock.run(note.update((draft) => void (draft.count += 1))));
    expect(error).toMatchObject({ code: 'outcome-unknown', recovery: { maybeApplied: true } });
    expect(origin.value).toEqual({ count: 2 });
  });
});
