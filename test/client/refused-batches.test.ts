import { isRecoveryError, none, type ClientOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { clientOf, type Note } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';

const tag = (name: string) => (note: Note) => void note.tags.push(name);
const names = (count: number) => Array.from({ length: count }, (_, index) => `t${String(index)}`);

/**
 * A server that finds fault with some contents.
 *
 * @param isBad Whether a tag is refused, wherever it stands.
 * @param status What it answers then.
 */
function picky(isBad: (tag: string) => boolean, status = 422, more: ClientOptions<object> = {}) {
  const origin = new Origin({ title: 'a', tags: [] });
  const clock = new VirtualClock();
  const log: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = request.method === 'PUT' ? ((await request.clone().json()) as Note) : undefined;
    const answer = body?.tags.some(isBad) ? new Response('no', { status }) : await origin.fetch(request);
    log.push(`${request.method} ${String(answer.status)}`);
    return answer;
  };
  const { note } = clientOf({ fetch }, { clock, ...more });
  const settle = (tags: readonly string[]) =>
    clock.run(Promise.allSettled(tags.map((name) => note.update(tag(name)))));
  const count = (line: string): number => log.filter((one) => one.startsWith(line)).length;
  return { origin, clock, log, note, settle, count, tags: () => (origin.value as Note).tags };
}

const refusedIn = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.flatMap((one, index) => (one.status === 'rejected' ? [index] : []));

describe('a batch that is refused for what one of it has written', () => {
  it.each([400, 413, 422, 409])('by %i is sent in parts until that one is found', async (status) => {
    const { settle, count, tags } = picky((tag) => tag === 't5', status);
    const settled = await settle(names(16));
    expect(refusedIn(settled)).toEqual([5]);
    expect(tags()).toEqual(names(16).filter((name) => name !== 't5'));
    // Sixteen, eight, four, two and one are refused; and four parts are taken.
    expect(count('PUT')).toBe(9);
  });

  it('needs no read for a part, as nothing has been written since the refusal', async () => {
    const { settle, log } = picky((tag) => tag === 't1');
    await settle(names(2));
    expect(log).toEqual(['GET 200', 'PUT 422', 'PUT 204', 'PUT 422']);
  });

  it('reads for each part where the server has no version to compare', async () => {
    const { settle, log } = picky((tag) => tag === 't1', 422, { defaults: { version: none() } });
    await settle(names(2));
    expect(log.slice(0, 3)).toEqual(['GET 200', 'PUT 422', 'GET 200']);
  });

  it.each([0, 3, 100])(
    'costs no more than its size and a limit of %i, though all are refused',
    async (limit) => {
      const { settle, log, count } = picky(() => true, 422, { defaults: { retry: limit } });
      const settled = await settle(names(64));
      expect(refusedIn(settled)).toHaveLength(64);
      for (const one of settled)
        expect(one).toMatchObject({ reason: { code: 'not-a-conflict', response: { status: 422 } } });
      expect(count('PUT')).toBeLessThanOrEqual(64 + limit + 1);
      expect(log.length - count('PUT')).toBe(1);
    },
  );

  it('tells each that is taken, and each that is not, of its own write', async () => {
    const { settle } = picky((tag) => tag === 't1');
    const [one, two] = await settle(names(2));
    expect(one).toMatchObject({ value: { outcome: 'applied', value: { tags: ['t0'] }, version: '"v2"' } });
    expect(two).toMatchObject({ reason: { recovery: { attempts: [{ version: '"v2"' }] } } });
  });

  it('has its conflicts counted against one limit', async () => {
    const { origin, settle, count, tags } = picky((tag) => tag === 't0', 422, { defaults: { retry: 2 } });
    // Somebody else is faster each time that the server would take it.
    for (let turn = 0; turn < 20; turn += 1) origin.overtake({ title: `b${String(turn)}`, tags: [] });
    const settled = await settle(names(4));
    expect(refusedIn(settled)).toEqual([0, 1, 2, 3]);
    expect(count('PUT')).toBeLessThanOrEqual(4 + 2 + 1);
    expect(tags()).toEqual([]);
  });

  it('takes from the budget, and ends where that does', async () => {
    const { settle, count } = picky(() => true, 422, { budget: { tokens: 5 } });
    const settled = await settle(names(16));
    expect(count('PUT')).toBe(1 + 5);
    const codes = settled.map((one) =>
      one.status === 'rejected' ? (one.reason as { code: string }).code : '',
    );
    expect(new Set(codes)).toEqual(new Set(['not-a-conflict', 'retry-budget']));
    const last = (settled.at(-1) as PromiseRejectedResult).reason as unknown;
    expect(isRecoveryError(last) && last.recovery).toMatchObject({
      code: 'retry-budget',
      maybeApplied: false,
    });
  });

  it('leaves out who has gone since', async () => {
    const { note, clock, origin, tags } = picky((tag) => tag === 't0');
    const controller = new AbortController();
    const gone = note.update(tag('t1'), { signal: controller.signal });
    const all = Promise.allSettled([
      note.update(tag('t2')),
      note.update(tag('t0')),
      gone,
      note.update(tag('t3')),
    ]);
    origin.once('PUT', () => (controller.abort(new Error('left')), undefined));
    const settled = await clock.run(all);
    expect(refusedIn(settled)).toContain(1);
    expect(tags()).toContain('t3');
  });
});

describe('a caller whose batch is refused for one who has left', () => {
  it('is sent alone, and taken', async () => {
    const controller = new AbortController();
    const { note, clock, log, tags } = picky((tag) => {
      if (tag === 'bad') controller.abort(new Error('left'));
      return tag === 'bad';
    });
    const updates = [note.update(tag('bad'), { signal: controller.signal }), note.update(tag('good'))];
    const settled = await clock.run(Promise.allSettled(updates));
    expect(refusedIn(settled)).toEqual([0]);
    expect(log).toEqual(['GET 200', 'PUT 422', 'PUT 204']);
    expect(tags()).toEqual(['good']);
  });
});

describe('a batch that is refused for what its parts would be refused for as well', () => {
  it('is not taken apart after conflicts that never end', async () => {
    const { origin, note, clock } = picky(() => false, 409, { defaults: { retry: 3 } });
    // Somebody else is faster each time, and the server says so by 409.
    for (let turn = 0; turn < 500; turn += 1)
      origin.once('PUT', () => {
        origin.change({ title: `b${String(turn)}`, tags: [] });
        return new Response('It has moved on', { status: 409 });
      });
    const all = names(64).map((name) => note.update(tag(name)));
    for (const one of await clock.run(Promise.allSettled(all)))
      expect(one).toMatchObject({ reason: { code: 'retry-limit' } });
    expect(origin.log.filter((line) => line.startsWith('PUT'))).toHaveLength(4);
  });

  it.each([403, 412, 428])('by %i is not taken apart', async (status) => {
    const { settle, count } = picky(() => true, status);
    const settled = await settle(names(8));
    expect(refusedIn(settled)).toHaveLength(8);
    expect(count('PUT')).toBe(1);
  });
});
