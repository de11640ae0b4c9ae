import { jsonPatch } from 'remerge/json-patch';
import {
  field,
  keepLocal,
  mergePatch,
  none,
  query,
  set,
  threeWay,
  withConflictRecovery,
  type MergeContext,
  type RecoveringInit,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { errorsPage } from '../../src/errors.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

const base = { title: 'Trip', tags: ['a'] };
const local = { title: 'Journey', tags: ['a'] };
const union = threeWay<unknown>({ '/tags': set() });

/** A server that had the resource, and what it says of it now. */
function emptied({ missing = 404, state = base }: { missing?: number; state?: unknown } = {}): Origin {
  const origin = new Origin(state);
  origin.missing = missing;
  origin.remove();
  return origin;
}

/** A write to the one resource, or elsewhere. */
function writing(...by: Parameters<typeof recovering>) {
  const write = recovering(...by);
  return (init: RecoveringInit, address = url) => write(address, init);
}

function patch(change: unknown, type = 'application/merge-patch+json', more: RecoveringInit = {}) {
  const headers = { 'content-type': type, 'if-match': '"v1"', ...(more.headers as Record<string, string>) };
  return { method: 'PATCH', body: JSON.stringify(change), base, ...more, headers };
}

describe('a write whose target was deleted meanwhile', () => {
  it.each([
    ['PUT', 412, 404],
    ['PUT', 409, 410],
    ['PATCH', 412, 410],
    ['PATCH', 409, 404],
  ])('by default is not made: a %s that is refused by %i and read by %i', async (method, refused, read) => {
    const origin = emptied().once(method, () => new Response('No', { status: refused }));
    origin.once('GET', () => new Response('Not here', { status: read }));
    const write = method === 'PUT' ? put(local, '"v1"', { base }) : patch({ title: 'Journey' });
    const response = await writing(origin)(write);
    expect(origin.log).toEqual([`${method} ${String(refused)} "v1"`, `GET ${String(read)}`]);
    expect(response.status).toBe(refused);
    expect(await response.text()).toBe('No');
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'gone', maybeApplied: false });
  });

  it.each([
    ['PUT', 404],
    ['PUT', 410],
    ['PATCH', 404],
    ['PATCH', 410],
  ])('by default is not made: a %s that is answered by %i', async (method, missing) => {
    const origin = emptied({ missing });
    const write = method === 'PUT' ? put(local, '"v1"', { base }) : patch({ title: 'Journey' });
    const response = await writing(origin)(write);
    expect(origin.log).toEqual([`${method} ${String(missing)} "v1"`]);
    expect(await response.text()).toBe('Not here');
    const report = reportOf(response);
    expect(report).toMatchObject({ outcome: 'failed', code: 'gone' });
    expect(report.outcome === 'failed' && report.message).toBe(
      `${method} ${url} failed (${String(missing)}): gone. Nothing is there. Create it anew, if it is still wanted. ${errorsPage}#gone`,
    );
  });

  it.each([404, 410, 412, 409])(
    'is created anew where the route says so, after a %i, by the caller’s own bytes and without a version',
    async (missing) => {
      const origin = emptied({ missing });
      const headers = { 'idempotency-key': 'mine', 'content-digest': 'sha-256=:abc:', 'x-tenant': 'seven' };
      const spelling = '{ "title": "Journey", "size": 3.0 }';
      const response = await writing(origin, { defaults: { onConflict: { gone: 'recreate' } } })(
        put(0, '"v1"', { body: spelling, headers, base }),
      );
      expect(origin.log).toEqual([`PUT ${String(missing)} "v1"`, 'GET 404', 'PUT 201 *']);
      expect(origin.raw).toBe(spelling);
      const sent = Object.fromEntries(origin.requests.at(-1)?.headers ?? []);
      expect(sent).toEqual({ 'content-type': 'application/json', 'if-none-match': '*', ...headers });
      expect(response.status).toBe(201);
      expect(reportOf(response)).toMatchObject({
        outcome: 'merged',
        attempts: [{ status: missing, version: '"v1"' }, { status: 201 }],
      });
      expect(reportOf(response).attempts[1]).not.toHaveProperty('version');
    },
  );

  it('is created anew when it is gone by the second send, too', async () => {
    const origin = new Origin(base).once('PUT', () => undefined);
    origin.change({ ...base, tags: ['a', 'b'] });
    origin.once('PUT', () => {
      origin.remove();
      return undefined;
    });
    await writing(origin, { defaults: { merge: union, onConflict: { gone: 'recreate' } } })(
      put(local, '"v1"', { base }),
    );
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 404 "v2"', 'GET 404', 'PUT 201 *']);
    expect(origin.value).toEqual(local);
  });

  it('is left alone where it is not gone at all', async () => {
    const origin = new Origin(base).once('PUT', () => new Response('Not for you', { status: 404 }));
    const response = await writing(origin, { defaults: { onConflict: { gone: 'recreate' } } })(
      put(local, '"v1"', { base }),
    );
    expect(origin.log).toEqual(['PUT 404 "v1"', 'GET 200 "v1"', 'GET 200 "v1"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'no-progress' });
    expect(origin.value).toEqual(base);
  });

  it('recovers as ever where it was only moved on, though the server spoke of nothing', async () => {
    const origin = new Origin(base).once('PUT', () => new Response('Not that one', { status: 404 }));
    origin.change({ ...base, tags: ['a', 'b'] });
    await writing(origin, { defaults: { merge: union, onConflict: { gone: 'recreate' } } })(
      put(local, '"v1"', { base }),
    );
    expect(origin.log).toEqual(['PUT 404 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(origin.value).toEqual({ title: 'Journey', tags: ['a', 'b'] });
  });

  it('is known as the state that it left: the next write has it as its base', async () => {
    const origin = emptied();
    const bases: unknown[] = [];
    const merge = (context: MergeContext) => {
      bases.push(context.base);
      return context.local;
    };
    const write = writing(origin, { defaults: { merge, onConflict: { gone: 'recreate' } } });
    await write(patch({ title: 'Journey' }));
    expect(origin.tag).toBe('"v2"');
    origin.change({ title: 'Voyage', tags: ['a'] });
    await write(put({ ...local, tags: [] }, '"v2"'));
    expect(bases).toEqual([local]);
  });
});

describe('a write that creates anew', () => {
  it('leaves out the version wherever the route has it, and gets a new idempotency key for new bytes', async () => {
    const version = {
      read: field('/meta/version'),
      write: [field('/meta/version'), query('rev'), query('etag')],
    };
    const origin = emptied();
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'mine' };
    const body = JSON.stringify({ ...local, meta: { version: 1, author: 'me' } });
    const init = { method: 'PUT', body, headers };
    await writing(origin, { defaults: { version, onConflict: { gone: 'recreate' } } })(
      init,
      `${url}?rev=1&x=y&etag=1`,
    );
    expect(origin.log).toEqual(['PUT 404', 'GET 404', 'PUT 201 *']);
    expect(origin.value).toEqual({ ...local, meta: { author: 'me' } });
    expect(origin.requests.at(-1)?.url).toBe(`${url}?x=y`);
    expect(origin.requests.at(-1)?.headers.get('idempotency-key')).toBe('id-1');
  });

  it('is merged onto what somebody else created first, as onto any other state', async () => {
    const origin = emptied();
    const seen: unknown[] = [];
    const merge = ({ base, local, remote, reason }: MergeContext) => {
      seen.push({ base, local, remote, reason });
      return union;
    };
    // The first read finds nothing, the create finds what came a moment later.
    origin
      .once('PUT', () => undefined)
      .once('PUT', () => {
        origin.change({ ...base, tags: ['a', 'b'] });
        return undefined;
      });
    const write = writing(origin, { defaults: { merge, onConflict: { gone: 'recreate' } } });
    const response = await write(put(local, '"v1"', { base }));
    expect(origin.log).toEqual(['PUT 404 "v1"', 'GET 404', 'PUT 412 *', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(origin.requests.at(-1)?.headers.get('if-none-match')).toBeNull();
    expect(seen).toEqual([{ base, local, remote: { ...base, tags: ['a', 'b'] }, reason: 'stale' }]);
    expect(origin.value).toEqual({ title: 'Journey', tags: ['a', 'b'] });
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
  });

  it('is sent again for no refusal that has another reason', async () => {
    for (const [status, likely] of [
      [409, 'business-rule'],
      [412, 'stale-replica'],
    ] as const) {
      const origin = emptied();
      origin.once('PUT', () => undefined).once('PUT', () => new Response('No', { status }));
      const response = await writing(origin, { defaults: { onConflict: { gone: 'recreate' } } })(
        put(local, '"v1"', { base }),
      );
      expect(origin.log).toEqual([
        'PUT 404 "v1"',
        'GET 404',
        `PUT ${String(status)} *`,
        'GET 404',
        'GET 404',
      ]);
      expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'no-progress', likely });
    }
  });

  it('is gone for good where even that finds no place', async () => {
    const origin = emptied();
    origin.once('PUT', () => undefined).once('PUT', () => new Response('No collection', { status: 404 }));
    const response = await writing(origin, { defaults: { onConflict: { gone: 'recreate' } } })(
      put(local, '"v1"', { base }),
    );
    expect(origin.log).toEqual(['PUT 404 "v1"', 'GET 404', 'PUT 404 *']);
    expect(await response.text()).toBe('No collection');
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'gone' });
  });

  it('creates text as text', async () => {
    const origin = emptied({ state: 'one\n' });
    const headers = { 'content-type': 'text/plain' };
    await writing(origin, { defaults: { onConflict: { gone: 'recreate' } } })(
      put('', '"v1"', { body: 'two\n', headers }),
    );
    expect(origin.raw).toBe('two\n');
  });
});

describe('a PATCH of what was deleted meanwhile', () => {
  const patches = [mergePatch(), jsonPatch()];
  const done = [{ op: 'replace', path: '/title', value: 'Journey' }];

  it.each([
    ['application/merge-patch+json', { title: 'Journey' }],
    ['application/json', { title: 'Journey' }],
    ['application/json-patch+json', done],
  ])('sent as %s is created anew as a PUT of its base with the change, as JSON', async (type, change) => {
    const origin = emptied();
    const headers = { 'idempotency-key': '"mine"', 'content-digest': 'sha-256=:abc:' };
    const write = writing(origin, { defaults: { onConflict: { gone: 'recreate' }, server: { patches } } });
    const response = await write(patch(change, type, { headers }));
    expect(origin.log).toEqual(['PATCH 404 "v1"', 'GET 404', 'PUT 201 *']);
    expect(origin.value).toEqual(local);
    expect(Object.fromEntries(origin.requests.at(-1)?.headers ?? [])).toEqual({
      'content-type': 'application/json',
      'if-none-match': '*',
      'idempotency-key': '"id-1"',
    });
    expect(reportOf(response)).toMatchObject({ outcome: 'merged', method: 'PATCH' });
  });

  it.each([
    ['application/merge-patch+json', { title: 'Journey' }],
    ['application/json-patch+json', done],
  ])('sent as %s is never made of the change alone: without a base it stops', async (type, change) => {
    const origin = emptied();
    let asked = 0;
    for (const onGone of ['recreate', () => ((asked += 1), 'recreate')] as const) {
      const write = writing(origin, {
        defaults: { onConflict: { gone: onGone as 'recreate' }, server: { patches } },
      });
      const response = await write(patch(change, type, { base: undefined }));
      expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'base-unknown' });
    }
    expect(origin.log).toEqual(['PATCH 404 "v1"', 'GET 404', 'PATCH 404 "v1"', 'GET 404']);
    expect(asked).toBe(0);
  });

  it('knows its base by what was read under its version', async () => {
    const origin = new Origin(base);
    const write = writing(origin, { defaults: { onConflict: { gone: 'recreate' } } });
    await (await write({})).json();
    origin.remove();
    await write(patch({ title: 'Journey' }, undefined, { base: undefined }));
    expect(origin.value).toEqual(local);
  });

  it('leaves out the version that base and change have', async () => {
    const origin = emptied();
    const write = writing(origin, {
      defaults: { version: field('/version'), onConflict: { gone: 'recreate' } },
    });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const body = JSON.stringify({ title: 'Journey', version: 1 });
    await write({ method: 'PATCH', body, headers, base: { ...base, version: 1 } });
    expect(origin.value).toEqual(local);
  });

  it('is another request even where the change is all that there is', async () => {
    const origin = emptied();
    const headers = { 'idempotency-key': 'mine' };
    await writing(origin, { defaults: { onConflict: { gone: 'recreate' } } })(
      patch(local, undefined, { base: {}, headers }),
    );
    expect(origin.value).toEqual(local);
    expect(origin.requests.at(-1)?.headers.get('idempotency-key')).toBe('id-1');
  });

  it('is the smallest patch again where somebody else created it first', async () => {
    const origin = emptied();
    origin.once('PUT', () => {
      origin.change({ ...base, tags: ['a', 'b'] });
      return undefined;
    });
    const type = 'application/merge-patch+json';
    const write = writing(origin, { defaults: { merge: union, onConflict: { gone: 'recreate' } } });
    await write(patch({ title: 'Journey' }, type));
    expect(origin.log).toEqual(['PATCH 404 "v1"', 'GET 404', 'PUT 412 *', 'GET 200 "v2"', 'PATCH 204 "v2"']);
    expect(origin.value).toEqual({ title: 'Journey', tags: ['a', 'b'] });
    expect(await origin.requests.at(-1)?.json()).toEqual({ title: 'Journey' });
    expect(origin.requests.at(-1)?.headers.get('content-type')).toBe(type);
  });

  it('never makes what the schema refuses', async () => {
    const origin = emptied();
    const schema = z.object({ title: z.string(), tags: z.array(z.string()) });
    const response = await writing(origin, { defaults: { schema, onConflict: { gone: 'recreate' } } })(
      patch({ title: 7 }),
    );
    expect(origin.log).toEqual(['PATCH 404 "v1"', 'GET 404']);
    expect(reportOf(response)).toMatchObject({ code: 'merged-invalid', reason: 'At /title.' });
  });

  it('is left alone where nobody understands it', async () => {
    const origin = emptied();
    const response = await writing(origin, {
      defaults: { onConflict: { gone: 'recreate' }, server: { patches: [mergePatch()] } },
    })(patch(done, 'application/json-patch+json'));
    expect(origin.log).toEqual(['PATCH 404 "v1"', 'GET 404']);
    expect(reportOf(response)).toMatchObject({ code: 'unknown-patch' });
  });
});

describe('a function that says what becomes of what is gone', () => {
  it.each(['PUT', 'PATCH'])(
    'gets copies of base and local of a %s and decides, at once or later',
    async (method) => {
      for (const answer of [
        (choice: 'fail' | 'recreate') => choice,
        (choice: 'fail' | 'recreate') => Promise.resolve(choice),
      ]) {
        const seen: unknown[] = [];
        const onGone = (choice: 'fail' | 'recreate') => (states: { base: unknown; local: unknown }) => {
          seen.push(structuredClone(states));
          // What it does to its copies is nobody else's business.
          (states.base as typeof base).tags.push('scribble');
          (states.local as typeof base).tags.push('scribble');
          return answer(choice);
        };
        const write = method === 'PUT' ? put(local, '"v1"', { base }) : patch({ title: 'Journey' });
        const origin = emptied();
        const left = await writing(origin, { defaults: { onConflict: { gone: onGone('fail') } } })(write);
        expect(origin.log).toEqual([`${method} 404 "v1"`, 'GET 404']);
        expect(reportOf(left)).toMatchObject({ outcome: 'failed', code: 'gone' });
        const made = await writing(origin, { defaults: { onConflict: { gone: onGone('recreate') } } })(write);
        expect(reportOf(made)).toMatchObject({ outcome: 'merged' });
        expect(origin.value).toEqual(local);
        expect(seen).toEqual([
          { base, local },
          { base, local },
        ]);
      }
    },
  );

  it('reaches the caller with what it throws, and nothing is written', async () => {
    const origin = emptied();
    const own = new Error('mine');
    const onGone = () => Promise.reject(own);
    expect(
      await rejectionOf(writing(origin, { defaults: { onConflict: { gone: onGone } } })(put(local, '"v1"'))),
    ).toBe(own);
    expect(origin.log).toEqual(['PUT 404 "v1"', 'GET 404']);
  });

  it('may take as long as a person takes', async () => {
    const origin = emptied();
    const clock = new VirtualClock();
    const onGone = async () => {
      await new Promise<void>((resolve) => clock.after(3_600_000, resolve));
      return 'recreate' as const;
    };
    const fetch = withConflictRecovery(origin.fetch, {
      clock,
      defaults: { merge: keepLocal(), onConflict: { gone: onGone } },
    });
    expect((await clock.run(fetch(url, put(local, '"v1"')))).status).toBe(201);
    expect(clock.timers).toBe(0);
  });
});

describe('a 404', () => {
  const plain = { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } };

  it('to a write that carried no version is just the server’s answer', async () => {
    for (const onGone of ['fail', 'recreate'] as const) {
      for (const [init, version] of [
        [plain, undefined],
        [put(local, '*'), undefined],
        [{ ...plain, base }, none()],
      ] as const) {
        const origin = emptied();
        const more = version === undefined ? {} : { version };
        const response = await writing(origin, { defaults: { ...more, onConflict: { gone: onGone } } })(init);
        expect(origin.log).toHaveLength(1);
        expect(await response.text()).toBe('Not here');
        expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'not-a-conflict' });
      }
    }
  });

  it('to a body that can be sent only once is just the server’s answer', async () => {
    const origin = emptied();
    const body = new Blob([JSON.stringify(local)]).stream();
    const headers = { 'if-match': '"v1"' };
    const init = { method: 'PUT', body, headers, duplex: 'half' } as RecoveringInit;
    const response = await writing(origin, { defaults: { onConflict: { gone: 'recreate' } } })(init);
    expect(origin.log).toEqual(['PUT 404 "v1"']);
    expect(reportOf(response)).toMatchObject({ code: 'not-a-conflict' });
  });

  it('is nothing that the route is asked about as if it were a conflict', async () => {
    const asked: unknown[] = [];
    const classify = ({ status }: Response) => {
      asked.push(status);
      return 'final' as const;
    };
    const origin = emptied();
    const write = writing(origin, {
      defaults: { onConflict: { gone: 'recreate' }, server: { classify } },
    });
    await write(put(local, '"v1"'));
    expect(origin.log).toEqual(['PUT 404 "v1"', 'GET 404', 'PUT 201 *']);
    expect(asked).toEqual([]);
  });

  it('to a POST or a DELETE is as before, whatever becomes of a PUT', async () => {
    for (const method of ['POST', 'DELETE']) {
      const origin = emptied();
      const write = writing(origin, {
        defaults: { methods: ['PUT', 'POST', 'DELETE'], onConflict: { gone: 'recreate' } },
      });
      const body = method === 'POST' ? { body: JSON.stringify(local) } : {};
      const response = await write({ method, ...body, headers: { 'if-match': '"v1"' } });
      expect(origin.log).toEqual([`${method} 404 "v1"`]);
      expect(reportOf(response)).toMatchObject({ code: 'not-a-conflict' });
    }
  });

  it('to the re-read of a POST stops it: nobody knows what that would create', async () => {
    const origin = emptied({ missing: 412 });
    const write = writing(origin, { defaults: { methods: ['POST'], onConflict: { gone: 'recreate' } } });
    const response = await write({ ...put(local), method: 'POST' });
    expect(origin.log).toEqual(['POST 412 "v1"', 'GET 404']);
    expect(reportOf(response)).toMatchObject({ code: 'gone' });
  });

  it('to the re-read of a DELETE is its success, whatever becomes of a PUT', async () => {
    const origin = emptied({ missing: 412 });
    const response = await writing(origin, { defaults: { onConflict: { gone: 'recreate' } } })({
      method: 'DELETE',
      headers: { 'if-match': '"v1"' },
    });
    expect(origin.log).toEqual(['DELETE 412 "v1"', 'GET 404']);
    expect(response.status).toBe(204);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied' });
  });
});
