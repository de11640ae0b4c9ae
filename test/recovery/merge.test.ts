import {
  giveUp,
  isRecoveryError,
  keepLocal,
  keepRemote,
  recoveryOf,
  withConflictRecovery,
  type Merge,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

/** A stale write of `{ a: 2 }` from `{ a: 1 }`, while the server has `{ a: 1, b: 1 }`. */
function conflicting(merge: Merge, more: object = {}) {
  const origin = new Origin({ a: 1 });
  origin.change({ a: 1, b: 1 });
  const fetch = withConflictRecovery(origin.fetch, { defaults: { merge, ...more } });
  return { origin, write: () => fetch(url, put({ a: 2 }, '"v1"', { base: { a: 1 } })) };
}

describe('a merge', () => {
  it('may be async', async () => {
    const { origin, write } = conflicting(async ({ remote }) => {
      await Promise.resolve();
      return { ...(remote as object), c: 1 };
    });
    await write();
    expect(origin.value).toEqual({ a: 1, b: 1, c: 1 });
  });

  it('gets base, local and remote, the attempt, the reason, whether it may be made already, and a signal', async () => {
    let seen: unknown;
    const { write } = conflicting((context) => {
      seen = context;
      return context.local;
    });
    await write();
    expect(seen).toEqual({
      base: { a: 1 },
      local: { a: 2 },
      remote: { a: 1, b: 1 },
      attempt: 2,
      reason: 'stale',
      maybeApplied: false,
      signal: expect.any(AbortSignal) as unknown,
    });
  });

  it('that comes to what the server has writes nothing, whatever the order of members', async () => {
    const { origin, write } = conflicting(() => ({ b: 1, a: 1 }));
    const response = await write();
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
    expect(reportOf(response).outcome).toBe('unchanged');
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"v2"');
    expect(response.url).toBe('');
    expect(await response.json()).toEqual({ a: 1, b: 1 });
  });

  it.each([
    ['as a strategy', keepRemote()],
    ['as a decision', () => keepRemote()],
  ])('keeps the remote %s', async (_, merge) => {
    const { origin, write } = conflicting(merge);
    expect(reportOf(await write()).outcome).toBe('unchanged');
    expect(origin.value).toEqual({ a: 1, b: 1 });
  });

  it.each([
    ['as a strategy', keepLocal()],
    ['as a decision', () => keepLocal()],
  ])('keeps the local state %s', async (_, merge) => {
    const { origin, write } = conflicting(merge);
    expect(reportOf(await write()).outcome).toBe('merged');
    expect(origin.value).toEqual({ a: 2 });
  });

  it('that gives up writes nothing, and the caller gets the refusal and the reason', async () => {
    const { origin, write } = conflicting(() => giveUp('the note is locked'));
    const response = await write();
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
    expect(response.status).toBe(412);
    expect(await response.text()).toBe('It has moved on');
    expect(reportOf(response)).toMatchObject({ code: 'merge-conflict', reason: 'the note is locked' });
  });

  it.each([
    ['an error', new Error('mine')],
    ['a TypeError', new TypeError('mine')],
    ['what is no error', 'a string'],
  ])('that throws %s rejects with just that, and nothing is written', async (_, thrown) => {
    for (const merge of [
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- What a merge throws need not be an error.
        throw thrown;
      },
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- Nor what it rejects with.
      () => Promise.reject(thrown),
    ]) {
      const { origin, write } = conflicting(merge);
      const error = await rejectionOf(write());
      expect(error).toBe(thrown);
      expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
      if (error instanceof Error)
        expect(recoveryOf(error)).toMatchObject({ outcome: 'failed', code: 'merge-error' });
    }
  });

  it('that forgets its return writes nothing, and is told so', async () => {
    const { origin, write } = conflicting(() => undefined);
    const error = await rejectionOf(write());
    expect(isRecoveryError(error) && error.code).toBe('merge-error');
    expect(String(error)).toMatch(/returned undefined.*forget a return/);
    expect(String(error)).toContain(`PUT ${url} failed`);
    expect(origin.value).toEqual({ a: 1, b: 1 });
  });

  it.each([null, 0, '', false])('may return %j: falsy values count', async (value) => {
    const { origin, write } = conflicting(() => value);
    await write();
    expect(origin.log.at(-1)).toBe('PUT 204 "v2"');
    expect(origin.value).toBe(value);
  });

  it('of text that returns no text writes nothing', async () => {
    const origin = new Origin('a', 'text/plain');
    origin.change('b');
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: () => 7 } });
    const error = await rejectionOf(
      fetch(url, put('', '"v1"', { body: 'c', headers: { 'content-type': 'text/plain' } })),
    );
    expect(String(error)).toContain('returned no text value');
    expect(origin.value).toBe('b');
  });
});

describe('a route with a schema', () => {
  const schema = z.object({
    a: z.number(),
    b: z
      .number()
      .max(5)
      .optional()
      .transform(() => 'changed by the schema'),
  });

  it('writes what the merge made, not what the schema makes of it', async () => {
    const { origin, write } = conflicting(({ remote }) => ({ ...(remote as object), extra: true }), {
      schema,
    });
    await write();
    expect(origin.value).toEqual({ a: 1, b: 1, extra: true });
  });

  it('never writes a merged value that breaks it', async () => {
    const { origin, write } = conflicting(() => ({ a: 1, b: 99 }), { schema });
    const response = await write();
    const report = reportOf(response);
    expect(report).toMatchObject({ code: 'merged-invalid', reason: 'At /b.' });
    expect(JSON.stringify(report)).not.toContain('99');
    expect(origin.value).toEqual({ a: 1, b: 1 });
  });

  it('is named by pointers, whose slashes and tildes are escaped', async () => {
    const schema = z.looseObject({ 'a/b': z.object({ 'c~d': z.array(z.number()) }).optional() });
    const { write } = conflicting(() => ({ 'a/b': { 'c~d': ['x'] } }), { schema });
    expect(reportOf(await write())).toMatchObject({ code: 'merged-invalid', reason: 'At /a~1b/c~0d/0.' });
  });

  it('never merges a remote that breaks it', async () => {
    const { origin, write } = conflicting(({ remote }) => remote, { schema });
    origin.change({ a: 'not a number' });
    expect(reportOf(await write())).toMatchObject({ code: 'remote-invalid', reason: 'At /a.' });
  });
});

describe('JSON that JSON.parse would damage', () => {
  it('survives with a parser of the route', async () => {
    const big = '12345678901234567890';
    const origin = new Origin(`{"id":${big},"a":1}`);
    origin.change(`{"id":${big},"a":1,"b":1}`);
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: {
        merge: ({ local, remote }) => ({ ...(remote as object), ...(local as object) }),
        server: {
          parseJson: (text) =>
            JSON.parse(text.replace(/\d{16,}/g, '"big:$&"'), (_, item: unknown) =>
              typeof item === 'string' && item.startsWith('big:') ? BigInt(item.slice(4)) : item,
            ) as unknown,
          stringifyJson: (value) =>
            JSON.stringify(value, (_, item: unknown) =>
              typeof item === 'bigint' ? `big:${String(item)}` : item,
            ).replace(/"big:(\d+)"/g, '$1'),
        },
      },
    });
    await fetch(url, put(0, '"v1"', { body: `{"id":${big},"a":2}` }));
    expect(origin.raw).toBe(`{"id":${big},"a":2,"b":1}`);
  });
});
