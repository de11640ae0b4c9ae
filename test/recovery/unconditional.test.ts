import { recoveryOf, withConflictRecovery, type RecoveringInit } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { rejectionOf, reportOf, url } from '../support/write.ts';

const base = { title: 'Trip' };
const done = { title: 'Journey' };
const methods = ['PUT', 'PATCH', 'DELETE', 'POST'];
const json = { 'content-type': 'application/json' };

/** A server that takes a write without a version. */
function lenient(body: unknown = base): Origin {
  return Object.assign(new Origin(body), { isLenient: true });
}

const write = (method: string, more: RecoveringInit = {}): RecoveringInit => ({
  method,
  ...(method !== 'DELETE' && { body: JSON.stringify(done) }),
  headers: json,
  ...more,
});

describe('a write without a version whose answer is lost', () => {
  it.each(['before', 'after'] as const)('is never sent again: PATCH and POST, lost %s', async (when) => {
    for (const method of ['PATCH', 'POST']) {
      const origin = lenient().lose(method, when);
      const error = await rejectionOf(recovering(origin, { defaults: { methods } })(url, write(method)));
      expect(error).toMatchObject({ code: 'outcome-unknown' });
      expect(reportOf(error)).toMatchObject({ maybeApplied: true, attempts: [{ number: 1 }] });
      expect(origin.requests).toHaveLength(1);
    }
  });

  it('is never sent again: PUT, though its strategy may be made twice', async () => {
    const origin = lenient().lose('PUT', 'before');
    const error = await rejectionOf(recovering(origin)(url, write('PUT')));
    expect(origin.log).toEqual(['PUT lost', 'GET 200 "v1"']);
    expect(error).toMatchObject({
      code: 'outcome-unknown',
      question: { local: done, remote: base },
    });
    expect(origin.value).toEqual(base);
  });

  it('is made where what is there is what a PUT has said', async () => {
    const origin = lenient().lose('PUT', 'after');
    const response = await recovering(origin)(url, write('PUT'));
    expect(origin.log).toEqual(['PUT 204, lost', 'GET 200 "v2"']);
    expect(reportOf(response).outcome).toBe('already-applied');
  });

  it('is made where what a DELETE has deleted is gone, and else left to the route', async () => {
    const made = lenient().lose('DELETE', 'after');
    expect(reportOf(await recovering(made)(url, write('DELETE'))).outcome).toBe('already-applied');
    expect(made.log).toEqual(['DELETE 204, lost', 'GET 404']);

    const left = lenient().lose('DELETE', 'before');
    expect(await rejectionOf(recovering(left)(url, write('DELETE')))).toMatchObject({
      code: 'outcome-unknown',
    });
    expect(left.value).toEqual(base);
  });

  it('goes on as a person decides, under the version that was shown', async () => {
    const origin = lenient().lose('PUT', 'before');
    const report = recoveryOf(await rejectionOf(recovering(origin)(url, write('PUT'))));
    const question = report?.outcome === 'failed' ? report.question : undefined;
    await question?.resume({ title: 'Both' });
    expect(origin.log.at(-1)).toBe('PUT 204 "v1"');
    expect(origin.value).toEqual({ title: 'Both' });
  });

  it('that was to make something by POST is not looked for where it was sent to', async () => {
    const origin = lenient([]).lose('POST', 'before', 503);
    const response = await recovering(origin, {
      defaults: { methods, server: { create: { method: 'POST' } } },
    })(url, write('POST'));
    expect(origin.log).toEqual(['POST 503']);
    expect(reportOf(response)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
  });
});

describe('a write whose body can be sent only once', () => {
  const stream = (): RecoveringInit =>
    ({
      ...write('PUT'),
      headers: { ...json, 'if-match': '"v1"' },
      body: new Blob([JSON.stringify(done)]).stream(),
      duplex: 'half',
    }) as RecoveringInit;

  it('is sent once, and the network’s own error reaches the caller', async () => {
    const failure = new TypeError('fetch failed');
    const origin = new Origin(base).lose('PUT', 'before', failure);
    expect(await rejectionOf(recovering(origin)(url, stream()))).toBe(failure);
    expect(reportOf(failure)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(origin.requests).toHaveLength(1);
  });

  it('is sent once, and the gateway’s own answer reaches the caller', async () => {
    for (const status of [408, 429, 500, 503]) {
      const origin = new Origin(base).lose('PUT', 'before', status);
      const response = await recovering(origin)(url, stream());
      expect([response.status, await response.text()]).toEqual([status, 'No answer in time']);
      expect(reportOf(response)).toMatchObject({ code: 'not-a-conflict', maybeApplied: status !== 429 });
      expect(origin.requests).toHaveLength(1);
    }
  });

  it('never reached anybody where there was nobody to talk to', async () => {
    const failure = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    const fetch = withConflictRecovery(() => Promise.reject(failure), {
      defaults: { merge: ({ local }) => local },
    });
    expect(await rejectionOf(fetch(url, stream()))).toBe(failure);
    expect(reportOf(failure)).toMatchObject({ code: 'network-error', maybeApplied: false });
  });
});
