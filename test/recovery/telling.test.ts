import {
  giveUp,
  keepLocal,
  recoveryOf,
  withConflictRecovery,
  type RecoveryEvent,
  type RecoveryListener,
  type RouteOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../src/errors.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, reportOf, url } from '../support/write.ts';

/** A write that takes two recoveries. */
async function twiceRefused(onEvent: RecoveryListener) {
  const origin = new Origin({ n: 0 });
  origin.overtake({ n: 1 }).overtake({ n: 2 });
  const clock = new VirtualClock();
  const fetch = withConflictRecovery(origin.fetch, { clock, onEvent, defaults: { merge: keepLocal() } });
  const headers = { authorization: 'Bearer secret-token' };
  const secret = put({ n: 'secret-body' }, '"v1"', { headers });
  return reportOf(await clock.run(fetch(`https://api.test/notes/42?key=secret-query`, secret)));
}

describe('a listener', () => {
  it('hears what happens, in order', async () => {
    const events: RecoveryEvent[] = [];
    const report = await twiceRefused((event) => events.push(event));
    expect(events.map(({ kind, attempt }) => `${kind} ${String(attempt)}`)).toEqual([
      'write 1',
      'conflict 1',
      'read 2',
      'merge 2',
      'write 2',
      'conflict 2',
      'wait 3',
      'read 3',
      'merge 3',
      'write 3',
      'end 3',
    ]);
    expect(events[0]).toEqual({
      kind: 'write',
      attempt: 1,
      status: 412,
      version: '"v1"',
      method: 'PUT',
      url,
    });
    expect(events.at(-1)).toMatchObject({ kind: 'end', recovery: report });
    expect(events.find(({ kind }) => kind === 'wait')).toMatchObject({ delay: 50 });
  });

  it('hears of answers that are lost, and of what is done about it', async () => {
    const origin = new Origin({ n: 0 }).lose('PUT', 'before').lose('PUT', 'after', 502);
    const events: RecoveryEvent[] = [];
    const options = { onEvent: (event: RecoveryEvent) => events.push(event) };
    await recovering(origin, options)(url, put({ n: 1 }));
    expect(events.map(({ kind, attempt }) => `${kind} ${String(attempt)}`)).toEqual([
      ...['lost 1', 'wait 2', 'read 2'],
      ...['write 2', 'lost 2', 'wait 3', 'read 3', 'end 2'],
    ]);
    expect(events.filter(({ kind }) => kind === 'lost')).toEqual([
      { kind: 'lost', attempt: 1, method: 'PUT', url },
      { kind: 'lost', attempt: 2, method: 'PUT', url, status: 502 },
    ]);
  });

  it.each<[string, RecoveryListener]>([
    [
      'throwing',
      () => {
        throw new Error('listener');
      },
    ],
    ['rejecting', () => Promise.reject(new Error('listener'))],
  ])('changes nothing by %s', async (_, listener) => {
    expect((await twiceRefused(listener)).outcome).toBe('merged');
  });

  it('and the report hear no body, no credential and no query', async () => {
    const events: RecoveryEvent[] = [];
    const report = await twiceRefused((event) => events.push(event));
    expect(events).not.toHaveLength(0);
    expect(JSON.stringify([events, report])).not.toContain('secret');
    expect(report.url).toBe(url);
  });
});

describe('an abort', () => {
  /** Writes under one signal; the first is on its way when that aborts, and nobody answers. */
  async function abortedBy(reason: unknown, count: number) {
    const ends: RecoveryEvent[] = [];
    const controller = new AbortController();
    const fetch = withConflictRecovery(
      (_, init) => {
        controller.abort(reason);
        return new Promise((_, reject) =>
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)),
        );
      },
      { onEvent: (event) => event.kind === 'end' && ends.push(event), defaults: { merge: keepLocal() } },
    );
    const writes = Array.from({ length: count }, () =>
      fetch(url, put({ n: 1 }, '"v1"', { signal: controller.signal })),
    );
    const settled = await Promise.allSettled(writes);
    return {
      ends,
      errors: settled.map((one) => (one.status === 'rejected' ? (one.reason as unknown) : one)),
    };
  }

  it.each([new Error('left'), 'left', undefined])(
    'ends a write in one event, whatever its reason: %s',
    async (reason) => {
      const { ends } = await abortedBy(reason, 1);
      expect(ends).toMatchObject([{ recovery: { code: 'abort' } }]);
    },
  );

  it('of several writes rejects each with the same reason, which tells of none; the events tell of each', async () => {
    const reason = new Error('left');
    const { ends, errors } = await abortedBy(reason, 2);
    expect(errors).toEqual([reason, reason]);
    expect(recoveryOf(reason)).toBeUndefined();
    expect(ends).toHaveLength(2);
    const { errors: later } = await abortedBy(reason, 1);
    expect(later).toEqual([reason]);
    expect(reportOf(reason)).toMatchObject({ code: 'abort' });
  });
});

describe('the message of a stop', () => {
  it('says what failed, where, with which answer, why, and what to do', async () => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    const address = `${url}?key=secret`;
    const told = async (options: RouteOptions, version = '"v1"'): Promise<unknown> => {
      const report = reportOf(
        await withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal(), ...options } })(
          address,
          put({ n: 3 }, version),
        ),
      );
      return report.outcome === 'failed' ? report.message : report.outcome;
    };
    expect(await told({ retry: 0 })).toBe(
      `PUT ${url} failed (412): retry-limit. Others are faster. Raise retry.limit, or queue the writers. ${errorsPage}#retry-limit`,
    );
    expect(await told({ merge: () => giveUp('The note is locked.') })).toBe(
      `PUT ${url} failed (412): merge-conflict. It is left open. Show error.question to a person, then resume. The note is locked. ${errorsPage}#merge-conflict`,
    );
    expect(await told({}, '*')).toBe(
      `PUT ${url} failed (412): no-version. The write names no version. Send the one it is based on. ${errorsPage}#no-version`,
    );
    origin.once('PUT', () => new Response('no', { status: 409 }));
    expect(await told({ retry: { backoffLimit: 0 } }, origin.tag)).toBe(
      `PUT ${url} failed (409): no-progress. The server refuses the very version it shows. See likely. Most likely: business-rule. ${errorsPage}#no-progress`,
    );
  });
});
