import { keepLocal, recoveryOf, withConflictRecovery } from 'remerge';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

const merge = keepLocal();
const headers = { 'content-type': 'application/json', 'if-match': '"v1"' };
const written = { method: 'PUT', body: '{"n":3}', headers };

/** A client whose every call to the inner fetch is kept. */
function spied(origin = new Origin({ n: 1 }), memory?: number) {
  const calls: Parameters<typeof fetch>[] = [];
  const spy: typeof fetch = (...args) => {
    calls.push(args);
    return origin.fetch(...args);
  };
  return {
    origin,
    calls,
    recovering: withConflictRecovery(spy, {
      ...(memory === undefined ? {} : { memory }),
      defaults: { merge },
    }),
  };
}

/** A stale write by a call of the caller's choice. */
async function recovered(...call: Parameters<typeof fetch>): Promise<unknown> {
  const { origin, recovering } = spied();
  origin.change({ n: 2 });
  const response = await recovering(...call);
  expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  expect(reportOf(response).outcome).toBe('merged');
  return origin.value;
}

describe('the wrapped fetch', () => {
  it('goes wherever fetch goes', () => {
    expectTypeOf(withConflictRecovery(fetch, { defaults: { merge } })).toExtend<typeof fetch>();
    expectTypeOf<typeof fetch>().toExtend<ReturnType<typeof withConflictRecovery>>();
  });

  it('recovers a write by string, by URL and by Request', async () => {
    const body = '{"n":3}';
    const init = written;
    expect(await recovered(url, init)).toEqual({ n: 3 });
    expect(await recovered(new URL(url), init)).toEqual({ n: 3 });
    expect(await recovered(new Request(url, init))).toEqual({ n: 3 });
    expect(await recovered(new Request(url, { method: 'PUT' }), init)).toEqual({ n: 3 });
    expect(await recovered(new Request(url, { ...init, body: 'replaced' }), { body })).toEqual({ n: 3 });
    expect(await recovered(url, { ...init, method: 'put' })).toEqual({ n: 3 });
  });

  it('knows a version by its header’s name, however that is written', async () => {
    for (const name of ['If-Match', 'IF-MATCH', 'if-match'])
      expect(await recovered(url, { method: 'PUT', body: '{"n":3}', headers: { [name]: ' "v1" ' } })).toEqual(
        { n: 3 },
      );
  });

  it('goes by the headers as they were at the call', async () => {
    const own: Record<string, string> = { ...headers };
    const { origin, recovering } = spied();
    origin.change({ n: 2 });
    const writing = recovering(url, { method: 'PUT', body: '{"n":3}', headers: own });
    own['if-match'] = '"v9"';
    expect(reportOf(await writing).attempts.map(({ version }) => version)).toEqual(['"v1"', '"v2"']);
  });

  it.each([{ 'if-match': '"v1"\n"v2"' }, { 'not a name': 'x' }])(
    'rejects headers that no request can have as fetch does, and sends nothing: %o',
    async (wrong) => {
      const { calls, recovering } = spied();
      const error = await rejectionOf(recovering(url, { method: 'PUT', body: '{}', headers: wrong }));
      expect(error).toBeInstanceOf(TypeError);
      expect(recoveryOf(error)).toBeUndefined();
      expect(calls).toEqual([]);
    },
  );

  it('keeps what a Request says besides', async () => {
    const { origin, calls, recovering } = spied();
    origin.change({ n: 2 });
    const { signal } = new AbortController();
    await recovering(
      new Request(url, {
        method: 'PUT',
        body: '{"n":3}',
        headers,
        credentials: 'include',
        referrerPolicy: 'origin',
        signal,
      }),
    );
    for (const [, init] of calls.slice(1)) {
      expect(init).toMatchObject({ credentials: 'include', referrerPolicy: 'origin' });
    }
  });

  it('hands a runtime’s own options on to every request', async () => {
    const { origin, calls, recovering } = spied();
    origin.change({ n: 2 });
    await recovering(url, put({ n: 3 }, '"v1"', { dispatcher: 'mine' } as object));
    expect(calls).toHaveLength(3);
    for (const [, init] of calls) expect(init).toHaveProperty('dispatcher', 'mine');
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])(
    'passes %s straight through, with the caller’s own arguments',
    async (method) => {
      const { calls, recovering } = spied();
      const init = { method };
      const response = await recovering(url, init);
      expect(calls).toHaveLength(1);
      expect(calls[0]?.[0]).toBe(url);
      expect(calls[0]?.[1]).toBe(init);
      expect(recoveryOf(response)).toBeUndefined();
    },
  );

  it('gives back the very response of a read', async () => {
    const response = Response.json({ n: 1 }, { headers: { etag: '"v1"' } });
    const recovering = withConflictRecovery(() => Promise.resolve(response), { defaults: { merge } });
    expect(await recovering(url)).toBe(response);
    expect(await response.json()).toEqual({ n: 1 });
    expect(response.bodyUsed).toBe(true);
  });

  it('gives a read’s Blob the type that the server says', async () => {
    const { recovering } = spied();
    expect((await (await recovering(url)).blob()).type).toBe('application/json');
  });

  it('leaves a read that fails to parse as it would be', async () => {
    const recovering = withConflictRecovery(() => Promise.resolve(new Response('{')), {
      defaults: { merge },
    });
    expect(await rejectionOf((await recovering(url)).json())).toBeInstanceOf(SyntaxError);
  });

  it('leaves the body of a read to whoever reads it as a stream', async () => {
    const { recovering } = spied();
    const { body } = await recovering(url);
    expect(await new Response(body).json()).toEqual({ n: 1 });
  });

  it('passes a URL that cannot be resolved on to fetch, which says what is wrong', async () => {
    const recovering = withConflictRecovery(fetch, { defaults: { merge } });
    expect(await rejectionOf(recovering('/relative', { method: 'PUT', body: '{}' }))).toBeInstanceOf(
      TypeError,
    );
  });

  it('rejects a read as fetch does when the network fails, and a write with what is unknown', async () => {
    const failure = new TypeError('fetch failed');
    const clock = new VirtualClock();
    const recovering = withConflictRecovery(() => Promise.reject(failure), { clock, defaults: { merge } });
    expect(await rejectionOf(recovering(url))).toBe(failure);
    const error = await rejectionOf(clock.run(recovering(url, put({}))));
    expect(error).toMatchObject({ name: 'RecoveryError', code: 'outcome-unknown', cause: failure });
    expect(reportOf(error)).toMatchObject({ maybeApplied: true, attempts: [{ number: 1 }] });
  });

  it('rejects as fetch does where nothing went out', async () => {
    const failure = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    const recovering = withConflictRecovery(() => Promise.reject(failure), { defaults: { merge, retry: 0 } });
    expect(await rejectionOf(recovering(url, put({})))).toBe(failure);
    expect(reportOf(failure)).toMatchObject({ code: 'network-error', maybeApplied: false });
  });

  it('takes an answer that is no promise', async () => {
    const answer = new Response(null, { status: 204 });
    const recovering = withConflictRecovery((() => answer) as unknown as typeof fetch, {
      defaults: { merge },
    });
    expect(await recovering(url, put({ n: 3 }))).toBe(answer);
  });

  it('takes an answer that is no promise for a Request, too, and a fetch that throws', async () => {
    const request = (): Request => new Request(url, written);
    const plain = (() => new Response('{}', { status: 200 })) as unknown as typeof fetch;
    expect((await withConflictRecovery(plain, { defaults: { merge } })(request())).status).toBe(200);
    const broken: typeof fetch = () => {
      throw new TypeError('It throws at once');
    };
    const told = [request(), written].map((call) => {
      const recovering = withConflictRecovery(broken, { defaults: { merge, retry: { delay: () => 0 } } });
      return rejectionOf(call instanceof Request ? recovering(call) : recovering(url, call));
    });
    expect((await Promise.all(told)).map(reportOf)).toMatchObject([
      { code: 'outcome-unknown' },
      { code: 'outcome-unknown' },
    ]);
  });

  it('lets go of the body of a Request when an answer comes first', async () => {
    let isLetGo = false;
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
      cancel: () => void (isLetGo = true),
    });
    const request = new Request(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
    const early = (): Promise<Response> => Promise.resolve(new Response(null, { status: 204 }));
    expect((await withConflictRecovery(early, { defaults: { merge } })(request)).status).toBe(204);
    await request.body?.cancel();
    expect(isLetGo).toBe(true);
  });

  it('says of a Request only what another one of it forgets, and the time', async () => {
    const inits: unknown[] = [];
    const listening: typeof fetch = (_, init) => {
      inits.push(Object.keys(init ?? {}).sort());
      return Promise.resolve(new Response(null, { status: 204 }));
    };
    await withConflictRecovery(listening, { defaults: { merge } })(new Request(url, written));
    expect(inits).toEqual([['referrer', 'referrerPolicy', 'signal']]);
  });

  it('gives everybody who asks the same report', async () => {
    const { recovering } = spied();
    const response = await recovering(url, put({ n: 3 }));
    expect(recoveryOf(response)).toBe(reportOf(response));
  });

  it('resolves to the server’s own answer when it can’t recover, body and all', async () => {
    const { origin, recovering } = spied();
    const answer = Response.json({ why: 'no' }, { status: 403 });
    origin.once('PUT', () => answer);
    const response = await recovering(url, put({}));
    expect(response).toBe(answer);
    expect(await response.json()).toEqual({ why: 'no' });
  });
});

describe('a body that can be sent only once', () => {
  const stream = (): ReadableStream => new Blob(['{"n":3}']).stream();

  it('goes out with the caller’s own arguments, is not recovered, and the report says so', async () => {
    const { origin, calls, recovering } = spied();
    origin.change({ n: 2 });
    const init = { method: 'PUT', body: stream(), headers, duplex: 'half' } as RequestInit;
    const response = await recovering(url, init);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.[1]).toMatchObject(init);
    expect(calls[0]?.[1]?.body).toBe(init.body);
    expect(response.status).toBe(412);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'unrepeatable-body' });
  });

  it('is written when there is no conflict', async () => {
    const { origin, recovering } = spied();
    const init = { method: 'PUT', body: stream(), headers, duplex: 'half' } as RequestInit;
    expect(reportOf(await recovering(url, init)).outcome).toBe('applied');
    expect(origin.value).toEqual({ n: 3 });
  });

  it('may be a form', async () => {
    const { origin, recovering } = spied();
    const body = new FormData();
    body.set('a', 'b');
    const response = await recovering(url, { method: 'PUT', body, headers: { 'if-match': '"v0"' } });
    expect(reportOf(response)).toMatchObject({ code: 'unrepeatable-body' });
    expect(origin.log).toEqual(['PUT 412 "v0"']);
  });

  it('is what a Request longer than the cap has, which is sent whole', async () => {
    const origin = new Origin({ n: 1 });
    const recovering = withConflictRecovery(origin.fetch, { defaults: { merge, maxBytes: 10 } });
    const long = JSON.stringify({ text: 'x'.repeat(100) });
    expect((await recovering(new Request(url, { method: 'PUT', body: long, headers }))).status).toBe(204);
    expect(origin.raw).toBe(long);
    const stale = await recovering(new Request(url, { method: 'PUT', body: long, headers }));
    expect(reportOf(stale)).toMatchObject({ code: 'unrepeatable-body' });
  });
});

describe('a write without a body', () => {
  it('is told what it lacks: a version, or a state to merge', async () => {
    const { recovering } = spied();
    const codes = [];
    for (const headers of [{}, { 'if-match': '"v0"' }]) {
      const response = await recovering(url, { method: 'PUT', headers });
      codes.push(reportOf(response));
    }
    expect(codes).toMatchObject([{ code: 'no-version' }, { code: 'content-type' }]);
  });

  it('is sent again as it is, where a look shows that it was not made', async () => {
    const origin = new Origin({ n: 1 }).lose('PUT', 'before');
    origin.once('PUT', () => new Response(null, { status: 204 }));
    const recovering = withConflictRecovery(origin.fetch, { defaults: { merge, retry: { delay: () => 0 } } });
    const response = await recovering(url, { method: 'PUT', headers: { 'if-match': '"v1"' } });
    expect(origin.log).toEqual(['PUT lost "v1"', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'applied' });
    expect(origin.requests.at(-1)?.body).toBeNull();
  });

  it('leaves no state behind that a merge could begin with', async () => {
    const origin = new Origin({ n: 1 }).once('PUT', () => new Response(null, { headers: { etag: '"v2"' } }));
    const bases: unknown[] = [];
    const recovering = withConflictRecovery(origin.fetch, {
      defaults: {
        merge: ({ base, local }) => {
          bases.push(base);
          return local;
        },
      },
    });
    await recovering(url, { method: 'PUT', headers: { 'if-match': '"v1"' } });
    origin.change({ n: 2 });
    origin.change({ n: 3 });
    await recovering(url, { method: 'PUT', body: '{"n":4}', headers: { ...headers, 'if-match': '"v2"' } });
    expect(bases).toEqual([undefined]);
  });
});

describe('a body that the caller changes after the call', () => {
  it('is written as it was', async () => {
    const origin = new Origin(new Uint8Array([0]), 'application/octet-stream');
    origin.change(new Uint8Array([1]));
    const recovering = withConflictRecovery(origin.fetch, { defaults: { merge } });
    const bytes = new Uint8Array([7]);
    const sent = new Headers({ 'if-match': '"v1"' });
    const writing = recovering(url, { method: 'PUT', body: bytes, headers: sent });
    bytes[0] = 99;
    sent.set('if-match', '"changed"');
    await writing;
    expect(origin.value).toEqual(new Uint8Array([7]));
  });
});
