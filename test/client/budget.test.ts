import type { BudgetOptions } from '../../src/core/budget.ts';
import { createClient, giveUp, isRecoveryError, type ClientOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { baseUrl, clientOf } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { rejectionOf, reportOf } from '../support/write.ts';
import { crowdTime } from '../support/time.ts';

/** A client, and how a write of its comes out whose version is fresh, stale, or that gets lost. */
function spending(budget: BudgetOptions | false | undefined, more: ClientOptions<object> = {}) {
  const origin = new Origin({ title: 'Trip', tags: [] });
  const clock = new VirtualClock();
  const { api } = clientOf(origin, { clock, ...(budget === undefined ? {} : { budget }), ...more });
  let count = 0;
  const write = async (how: 'fresh' | 'stale' | 'lost', path = 'notes/42', by = api): Promise<string> => {
    const tag = origin.tag;
    if (how === 'stale') origin.change({ title: `Theirs ${String((count += 1))}`, tags: [] });
    if (how === 'lost') origin.lose('PUT', 'before');
    const options = {
      json: { title: `Mine ${String((count += 1))}`, tags: [] },
      headers: { 'if-match': tag },
    };
    try {
      return reportOf(await clock.run(by.put(path, options))).outcome;
    } catch (error) {
      if (!isRecoveryError(error)) throw error;
      return error.code;
    }
  };
  return { api, origin, clock, write };
}

/** Conflicts of a client whose merges come to nothing. */
const invalid = { defaults: { merge: () => ({ nothing: 'valid' }) } };

/** Room for three conflicts, or one failure. */
const failing = { tokens: 3, conflictCost: 1, failureCost: 3, successIncrement: 1 };

describe('the budget of a client', () => {
  it('stays full as long as its writes come through, however many meet a conflict', async () => {
    const { write } = spending({ tokens: 1 });
    for (let nth = 0; nth < 20; nth += 1) expect(await write('stale')).toBe('merged');
  });

  it('is spent by writes that fail, and then others fail at once', async () => {
    const { origin, write } = spending(failing, invalid);
    for (let nth = 0; nth < 3; nth += 1) expect(await write('stale')).toBe('merged-invalid');
    const before = origin.log.length;
    expect(await write('stale')).toBe('retry-budget');
    expect(origin.log.slice(before)).toHaveLength(1);
  });

  it('says of a write that is refused so that it was not made, and of a lost one that it may have been', async () => {
    const { origin, clock, api } = spending({ tokens: 0 });
    const stale = api
      .put('notes/42', { json: { title: '', tags: [] }, headers: { 'if-match': '"v0"' } })
      .catch((error: unknown) => error);
    const refused = await clock.run(stale);
    expect(reportOf(refused)).toMatchObject({ code: 'retry-budget', maybeApplied: false });
    expect(isRecoveryError(refused) && refused.response?.status).toBe(412);
    expect(isRecoveryError(refused) && refused.message).toContain(
      'retry-budget. Too many writes fail. Wait, or see budget.',
    );

    const failure = new TypeError('reset');
    origin.lose('PUT', 'after', failure);
    const losing = api
      .put('notes/42', { json: { title: '', tags: [] }, headers: { 'if-match': '"v1"' } })
      .catch((error: unknown) => error);
    const lost = await clock.run(losing);
    expect(lost).toMatchObject({ code: 'retry-budget', cause: failure });
    expect(reportOf(lost)).toMatchObject({ maybeApplied: true });
    expect(origin.requests).toHaveLength(2);
  });

  it('is refilled by writes that come through', async () => {
    const { write } = spending(failing, invalid);
    for (let nth = 0; nth < 3; nth += 1) await write('stale');
    expect(await write('lost')).toBe('retry-budget');
    for (let nth = 0; nth < 3; nth += 1) expect(await write('fresh')).toBe('applied');
    expect(await write('lost')).toBe('applied');
  });

  it('is shared by all its routes, handles and instances, and not by those of another client', async () => {
    const { api, write } = spending(failing, invalid);
    await write('stale');
    await write('stale', 'notes/7');
    await write('stale', 'notes/42', api.extend({}));
    expect(await write('stale', 'notes/9')).toBe('retry-budget');
    expect(await spending(failing).write('stale')).toBe('merged');
  });

  it('is one for each origin', async () => {
    const origin = new Origin({ n: 1 });
    const api = createClient({
      ...{ baseUrl, fetch: origin.fetch, budget: { tokens: 1 }, defaults: { merge: () => giveUp('no') } },
      routes: { 'notes/:id': {}, 'https://people.test/people/:id': {} },
    });
    const stale = { json: { title: '', tags: [] }, headers: { 'if-match': '"v0"' } };
    const codeOf = async (address: string) => reportOf(await rejectionOf(api.put(address, stale)));
    expect(await codeOf('notes/42')).toMatchObject({ code: 'merge-conflict' });
    expect(await codeOf('notes/42')).toMatchObject({ code: 'retry-budget' });
    expect(await codeOf('https://people.test/people/7')).toMatchObject({ code: 'merge-conflict' });
  });

  it('pays for re-reads that fail on their way', async () => {
    const { origin, write } = spending({ tokens: 10, conflictCost: 1, failureCost: 5 });
    for (let nth = 0; nth < 3; nth += 1) origin.once('GET', () => new Response('', { status: 503 }));
    expect(await write('stale')).toBe('retry-budget');
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 503', 'GET 503']);
  });

  it('has no end where it is false', { timeout: crowdTime }, async () => {
    const { write } = spending(false, invalid);
    for (let nth = 0; nth < 600; nth += 1) await write('stale');
    expect(await write('lost')).toBe('applied');
  });

  it('lasts for a hundred failures by default', { timeout: crowdTime }, async () => {
    const { origin, write } = spending(undefined, { defaults: { retry: 1 } });
    const codes: string[] = [];
    for (let nth = 0; nth < 101; nth += 1) {
      origin.lose('PUT', 'before').once('GET', () => new Response('', { status: 501 }));
      codes.push(await write('fresh'));
    }
    expect(codes.filter((code) => code === 'outcome-unknown')).toHaveLength(100);
    expect(codes.at(-1)).toBe('retry-budget');
  });
});
