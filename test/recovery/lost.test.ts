import { type RecoveringInit } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, reportOf, url, wireOf } from '../support/write.ts';

const base = { title: 'Trip', tags: ['a'] };
const done = { title: 'Journey', tags: ['a'] };

const patch: RecoveringInit = {
  method: 'PATCH',
  body: '{"title":  "Journey"}',
  headers: { 'content-type': 'application/merge-patch+json', 'if-match': '"v1"' },
};
const remove: RecoveringInit = { method: 'DELETE', headers: { 'if-match': '"v1"' } };

const losses: [string, number | Error][] = [
  ['by the network', new TypeError('fetch failed')],
  ['with 408', 408],
  ['with 500', 500],
  ['with 502', 502],
  ['with 503', 503],
  ['with 504', 504],
  ['with 507', 507],
];

/** What the log says of a loss. */
const said = (how: number | Error, served = ''): string =>
  typeof how === 'number' ? String(how) : `${served}lost`;

describe.each(losses)('an answer that is lost %s', (_, how) => {
  it.each<[string, RecoveringInit, unknown]>([
    ['PUT', put(done), done],
    ['PATCH', patch, done],
    ['DELETE', remove, undefined],
  ])('has a %s that was not made sent again, byte for byte', async (method, init, left) => {
    const origin = new Origin(base).lose(method, 'before', how);
    const response = await recovering(origin)(url, init);
    expect(origin.log).toEqual([`${method} ${said(how)} "v1"`, 'GET 200 "v1"', `${method} 204 "v1"`]);
    expect(await wireOf(origin.requests[2])).toBe(await wireOf(origin.requests[0]));
    expect(response.status).toBe(204);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied', attempts: [{}, { status: 204 }] });
    expect(origin.value).toEqual(left);
  });

  it('has a PUT that was made sent no more: the answer is what is there', async () => {
    const origin = new Origin(base).lose('PUT', 'after', how);
    const response = await recovering(origin)(url, put(done));
    expect(origin.log).toEqual([`PUT ${said(how, '204, ')} "v1"`, 'GET 200 "v2"']);
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(await response.json()).toEqual(done);
    const status = typeof how === 'number' ? { status: how } : {};
    expect(reportOf(response)).toEqual({
      ...{ outcome: 'already-applied', method: 'PUT', url, version: '"v2"' },
      attempts: [{ number: 1, wait: 0, version: '"v1"', ...status }],
    });
  });

  it('has a PATCH that was made sent no more', async () => {
    const origin = new Origin(base).lose('PATCH', 'after', how);
    const response = await recovering(origin)(url, patch);
    expect(origin.log).toEqual([`PATCH ${said(how, '204, ')} "v1"`, 'GET 200 "v2"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied' });
    expect(origin.value).toEqual(done);
  });

  it('has a DELETE that was made sent no more', async () => {
    const origin = new Origin(base).lose('DELETE', 'after', how);
    const response = await recovering(origin)(url, remove);
    expect(origin.log).toEqual([`DELETE ${said(how, '204, ')} "v1"`, 'GET 404']);
    expect(response.status).toBe(204);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied' });
  });

  it('has what was to be created, and is not there, created', async () => {
    const origin = new Origin(undefined).lose('PUT', 'before', how);
    const creating = { method: 'PUT', body: JSON.stringify(done), headers: { 'if-none-match': '*' } };
    const response = await recovering(origin)(url, creating);
    expect(origin.log).toEqual([`PUT ${said(how)} *`, 'GET 404', 'PUT 201 *']);
    expect(await wireOf(origin.requests[2])).toBe(await wireOf(origin.requests[0]));
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
  });

  it('does not say that it has created what is there, and may be of another', async () => {
    for (const when of ['before', 'after'] as const) {
      const origin = new Origin(undefined).lose('PUT', when, how).once('GET', () => {
        if (when === 'before') origin.change(done);
        return undefined;
      });
      const headers = { 'if-none-match': '*', 'content-type': 'application/json' };
      const writing = recovering(origin)(url, { method: 'PUT', body: JSON.stringify(done), headers });
      const outcome = await writing.catch((error: unknown) => error);
      expect(origin.log).toEqual([`PUT ${said(how, when === 'after' ? '201, ' : '')} *`, 'GET 200 "v1"']);
      expect(reportOf(outcome)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    }
  });

  it('has nothing created where somebody else has created something else', async () => {
    const origin = new Origin(undefined).lose('PUT', 'before', how).once('GET', () => {
      origin.change({ title: 'Theirs' });
      return undefined;
    });
    const headers = { 'if-none-match': '*', 'content-type': 'application/json' };
    const writing = recovering(origin)(url, { method: 'PUT', body: JSON.stringify(done), headers });
    const outcome = await writing.catch((error: unknown) => error);
    expect(origin.log).toEqual([`PUT ${said(how)} *`, 'GET 200 "v1"']);
    expect(reportOf(outcome)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(origin.value).toEqual({ title: 'Theirs' });
  });
});

describe('the answer of a wrapped fetch to a write that can’t be settled', () => {
  const mine = { defaults: { merge: ({ local }: { local: unknown }) => local } };
  const overtaken = (how: number | Error): Origin => {
    const origin = new Origin(base).lose('PUT', 'after', how).once('GET', () => {
      origin.change({ ...done, title: 'Theirs' });
      return undefined;
    });
    return origin;
  };

  it('is the gateway’s, if that is all there is', async () => {
    const origin = overtaken(502);
    const response = await recovering(origin, mine)(url, put(done));
    expect([response.status, await response.text()]).toEqual([502, 'No answer in time']);
    expect(reportOf(response)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
  });

  it('is an error that tells all, if there is none', async () => {
    const failure = new TypeError('fetch failed');
    const error = await recovering(overtaken(failure), mine)(url, put(done)).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: 'RecoveryError', code: 'outcome-unknown', cause: failure });
    expect(reportOf(error)).toMatchObject({ maybeApplied: true, attempts: [{ number: 1 }] });
  });
});

describe('an answer that says that nothing was tried', () => {
  it.each([501, 505])('%i stands', async (status) => {
    const origin = new Origin(base).lose('PUT', 'before', status);
    const response = await recovering(origin)(url, put(done));
    expect(origin.log).toEqual([`PUT ${String(status)} "v1"`]);
    expect([response.status, reportOf(response)]).toMatchObject([status, { code: 'not-a-conflict' }]);
  });
});
