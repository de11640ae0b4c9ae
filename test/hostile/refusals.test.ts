import { field, header } from 'remerge';
import { describe, expect, it } from 'vitest';
import { clientOf } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf } from '../support/write.ts';
import { ended, expectStop } from './stop.ts';

/** A server that refuses every write, and shows what it is told to. */
function refusing(
  show: (read: number) => Response,
  refusal: () => Response = () => new Response('', { status: 412 }),
) {
  const log: string[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    const method = new Request(input, init).method;
    log.push(method);
    return Promise.resolve(method === 'GET' ? show(log.filter((line) => line === 'GET').length) : refusal());
  };
  return { fetch, log };
}

const note = (value: unknown, etag: string): Response => Response.json(value, { headers: { etag } });
const puts = (log: readonly string[]): number => log.filter((line) => line === 'PUT').length;

describe('a server that refuses whatever it is sent', () => {
  it.each([409, 412])('with %i and one version, ends the write after two reads', async (status) => {
    const { fetch, log } = refusing(
      () => note({ n: 1 }, '"v1"'),
      () => new Response('', { status }),
    );
    const { outcome } = await ended(fetch, { defaults: { retry: 1000 } });
    expectStop(outcome, 'no-progress');
    expect(log).toEqual(['PUT', 'GET', 'GET']);
  });

  it('with 428, whatever precondition it gets, ends the write after two reads', async () => {
    const { fetch, log } = refusing(
      () => note({ n: 1 }, '"v1"'),
      () => new Response('', { status: 428 }),
    );
    expectStop((await ended(fetch, { defaults: { retry: 1000 } })).outcome, 'no-progress');
    expect(log).toEqual(['PUT', 'GET', 'GET']);
  });

  it('with another state at each read, ends it where the limit or the time is', async () => {
    const moving = refusing((read) => note({ n: read * 10 }, `"r${String(read)}"`));
    expectStop((await ended(moving.fetch)).outcome, 'retry-limit');
    expect(moving.log).toHaveLength(11);

    const patient = refusing((read) => note({ n: read * 10 }, `"r${String(read)}"`));
    const { outcome, time } = await ended(patient.fetch, { defaults: { retry: 1e6 } });
    expectStop(outcome, 'timeout');
    expect(time).toBeLessThanOrEqual(30_000);
    expect(patient.log.length).toBeLessThan(100);
  });

  it('with “in progress” for ever, ends it where the limit is, and reads nothing', async () => {
    const { fetch, log } = refusing(
      () => note({ n: 1 }, '"v1"'),
      () => new Response('', { status: 409 }),
    );
    const { outcome } = await ended(fetch, { defaults: { server: { classify: () => 'in-progress' } } });
    expectStop(outcome, 'retry-limit');
    expect(log).toEqual(Array.from({ length: 6 }, () => 'PUT'));
  });
});

describe('a server that makes a new version for each read, though the state is the same', () => {
  const spinning = () => refusing((read) => note({ title: 'same', tags: [] }, `"r${String(read)}"`));

  it('is found out long before the limit', async () => {
    const { fetch, log } = spinning();
    const { outcome, report } = await ended(fetch, { defaults: { retry: 1000 } });
    expectStop(outcome, 'no-progress');
    expect(report).toMatchObject({ likely: 'unmatchable-etag', maybeApplied: false });
    expect([puts(log), log.length]).toEqual([4, 9]);
  });

  it('is found out where the version is a member of the state', async () => {
    const { fetch, log } = refusing((read) => Response.json({ n: 1, rev: `r${String(read)}` }));
    const init = put({ n: 3, rev: 'r0' });
    const { outcome } = await ended(
      fetch,
      { defaults: { version: field('/rev'), retry: 1000 } },
      { ...init, headers: { 'content-type': 'application/json' } },
    );
    expectStop(outcome, 'no-progress');
    expect(log).toHaveLength(9);
  });

  it('is found out where that member goes to a header of the write', async () => {
    const { fetch, log } = refusing((read) => Response.json({ n: 1, rev: `r${String(read)}` }));
    const headers = { 'content-type': 'application/json', 'x-rev': 'r0' };
    const version = { read: field('/rev'), write: header('X-Rev') };
    const { outcome } = await ended(
      fetch,
      { defaults: { version, retry: 1000 } },
      { ...put({ n: 3 }), headers },
    );
    expectStop(outcome, 'no-progress');
    expect(log).toHaveLength(9);
  });

  it('stops all updates that travel together, by one write', async () => {
    const { fetch, log } = spinning();
    const clock = new VirtualClock();
    const { note } = clientOf({ fetch }, { clock });
    const updates = ['a', 'b', 'c', 'd'].map((tag) =>
      rejectionOf(note.update(({ tags }) => void tags.push(tag))),
    );
    for (const error of await clock.run(Promise.all(updates))) expectStop(error, 'no-progress');
    expect([puts(log), log.length]).toEqual([4, 10]);
  });

  it('is not confused with writers who come to the same state', async () => {
    const origin = new Origin({ n: 1 });
    let others = 8;
    const contended: typeof fetch = (input, init) => {
      // Somebody else writes what is there already, just before each of our writes.
      if (init?.method === 'PUT' && (others -= 1) >= 0) origin.change({ n: 1 });
      return origin.fetch(input, init);
    };
    const { report } = await ended(contended, { defaults: { retry: 10 } });
    expect(report.outcome).toBe('merged');
    expect(report.attempts).toHaveLength(9);
    expect(origin.value).toEqual({ n: 3 });
  });
});

describe('a pause that a server asks for', () => {
  const pauses: readonly (readonly [string, string, number])[] = [
    ['of a thousand million seconds', '1000000000', 10_000],
    ['of more seconds than there are numbers', '9'.repeat(400), 10_000],
    ['until the year 9999', 'Fri, 31 Dec 9999 23:59:59 GMT', 10_000],
    ['of a negative time', '-1000', 0],
    ['until a day that there is not', 'Fri, 31 Feb 2026 25:61:61 GMT', 0],
    ['in words', 'soon', 0],
    ['twice', '3, 5', 0],
    ['with a fraction', '1.5', 0],
    ['of nothing', '', 0],
  ];

  it.each(pauses)('%s delays the first recovery by no more than the cap', async (_, retryAfter, wait) => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    origin.once('PUT', () => new Response('', { status: 412, headers: { 'retry-after': retryAfter } }));
    const { report, time } = await ended(origin.fetch);
    expect(report.outcome).toBe('merged');
    expect([report.attempts[1]?.wait, time]).toEqual([wait, wait]);
  });

  it.each(pauses)(
    '%s delays a write whose answer was lost by no more than the cap',
    async (_, retryAfter) => {
      const origin = new Origin({ n: 1 });
      origin.once('PUT', () => new Response('', { status: 503, headers: { 'retry-after': retryAfter } }));
      const { report, time } = await ended(origin.fetch);
      expect(report.outcome).toBe('applied');
      expect(time).toBeLessThanOrEqual(10_000);
      expect(origin.requests.length).toBeLessThanOrEqual(3);
    },
  );

  it.each(pauses)('%s at each re-read ends the write within its time', async (_, retryAfter) => {
    const headers = { 'retry-after': retryAfter };
    const { fetch, log } = refusing(() => new Response('', { status: 503, headers }));
    const { outcome, report, time } = await ended(fetch);
    expectStop(outcome, report.outcome === 'failed' && report.code === 'timeout' ? 'timeout' : 'read-error');
    expect(time).toBeLessThanOrEqual(30_000);
    expect(log.length).toBeLessThanOrEqual(7);
  });

  it('longer than any timer, where no cap and no end are set, is waited for where the caller wants that', async () => {
    const { fetch, log } = refusing(
      () => note({ n: 2 }, '"v2"'),
      () => new Response('', { status: 412, headers: { 'retry-after': '1000000000' } }),
    );
    const { outcome } = await ended(fetch, { defaults: { retry: { maxRetryAfter: Infinity } } });
    expectStop(outcome, 'timeout');
    expect(log).toEqual(['PUT']);
    const { outcome: late, time } = await ended(fetch, {
      defaults: { totalTimeout: false, retry: { maxRetryAfter: Infinity, limit: 1 } },
    });
    expectStop(late, 'retry-limit');
    expect(time).toBe(1e12);
  });
});
