import { giveUp, idempotencyKey, threeWay, type RecoveringInit } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin, type Handler } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, reportOf, rejectionOf, url, wireOf } from '../support/write.ts';

const base = { title: 'Trip', tags: ['a'] };
const done = { title: 'Journey', tags: ['a'] };
const keyed = { writeId: idempotencyKey(), methods: ['PUT', 'PATCH', 'DELETE', 'POST'] };
const post: RecoveringInit = { method: 'POST', body: '{"n":1}' };

const keysOf = ({ requests }: Origin): (string | null)[] =>
  requests.filter(({ method }) => method !== 'GET').map(({ headers }) => headers.get('idempotency-key'));

const about =
  (status: number, title: string, headers: HeadersInit = {}): Handler =>
  () =>
    Response.json({ title }, { status, headers });
const inFlight = 'A request with this Idempotency-Key is outstanding';
const mismatch = 'Idempotency-Key is already used';

function lenient(): Origin {
  return Object.assign(new Origin(base), { isLenient: true });
}

describe('a route whose writes get a key', () => {
  it('sends it as the draft says, a quoted string, and another one with each write', async () => {
    const origin = lenient();
    const write = recovering(origin, { defaults: keyed });
    for (const method of ['PUT', 'PATCH', 'POST', 'DELETE'])
      await write(url, { method, ...(method !== 'DELETE' && { body: '{}' }) });
    expect(keysOf(origin)).toEqual(['"id-1"', '"id-2"', '"id-3"', '"id-4"']);
    expect(await recovering(lenient())(url, { method: 'PUT', body: '{}' })).toBeDefined();
  });

  it('sends none with a body that can go out only once, and none with reads', async () => {
    const origin = lenient();
    const body = new Blob(['{}']).stream();
    await recovering(origin, { defaults: keyed })(url, {
      method: 'PUT',
      body,
      duplex: 'half',
    } as RecoveringInit);
    expect(keysOf(origin)).toEqual([null]);
    const stale = new Origin(base);
    stale.change({ ...base, title: 'Theirs' });
    await recovering(stale, { defaults: keyed })(url, put(done));
    expect(stale.requests[1]?.headers.has('idempotency-key')).toBe(false);
  });

  it.each(['before', 'after'] as const)(
    'has a POST that is lost %s sent again without a look, with the same bytes and key',
    async (when) => {
      const origin = lenient().lose('POST', when);
      const response = await recovering(origin, { defaults: keyed })(url, post);
      expect(origin.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
      expect(await wireOf(origin.requests[1])).toBe(await wireOf(origin.requests[0]));
      expect(reportOf(response)).toMatchObject({
        outcome: 'applied',
        attempts: [{ number: 1 }, { number: 2 }],
      });
    },
  );

  it('has new bytes sent under a new key, and the same under the same', async () => {
    const origin = new Origin(base);
    origin.change({ ...base, tags: ['a', 'b'] });
    origin.once('PUT', () => undefined).lose('PUT', 'before');
    await recovering(origin, { defaults: { ...keyed, merge: threeWay() } })(url, put(done, '"v1"', { base }));
    const [first, merged, again] = keysOf(origin);
    expect(first).not.toBe(merged);
    expect(merged).toMatch(/^"id-\d+"$/);
    expect(again).toBe(merged);
    expect(origin.value).toEqual({ title: 'Journey', tags: ['a', 'b'] });
  });

  it('has what a person decides sent under a new key, though it is the same again', async () => {
    for (const more of [{}, { headers: { 'idempotency-key': 'mine' } }]) {
      const origin = new Origin(base);
      origin.change({ ...base, title: 'Theirs' });
      const options = { defaults: { ...keyed, merge: () => giveUp('Ask the author') } };
      const report = reportOf(await recovering(origin, options)(url, put(done, '"v1"', more)));
      await (report.outcome === 'failed' && report.question?.resume(done));
      expect(origin.value).toEqual(done);
      const [asked, answered] = keysOf(origin);
      expect(answered).not.toBe(asked);
      expect(String(answered).startsWith('"')).toBe(String(asked).startsWith('"'));
    }
  });

  it('follows no redirect with it, not even at first', async () => {
    const origin = lenient();
    await recovering(origin, { defaults: keyed })(url, post);
    expect(origin.requests[0]?.redirect).toBe('manual');
    const plain = lenient();
    await recovering(plain)(url, { method: 'PUT', body: '{}' });
    expect(plain.requests[0]?.redirect).toBe('follow');
  });

  it('is in doubt where the limit is used up, and nothing can be looked for', async () => {
    const origin = lenient().lose('POST', 'before').lose('POST', 'after');
    const error = await rejectionOf(recovering(origin, { defaults: { ...keyed, retry: 1 } })(url, post));
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(origin.requests).toHaveLength(2);
  });
});

describe('a key of the caller’s own', () => {
  const own: RecoveringInit = { ...post, headers: { 'idempotency-key': 'mine' } };

  it('stands, and the same goes out under it again', async () => {
    for (const defaults of [keyed, { methods: ['POST'] }]) {
      const origin = lenient().lose('POST', 'after');
      await recovering(origin, { defaults })(url, own);
      expect(keysOf(origin)).toEqual(['mine', 'mine']);
      expect(origin.requests[0]?.redirect).toBe('follow');
    }
  });

  it('says nothing of the server, so that a version goes before it', async () => {
    const origin = new Origin(base).lose('PUT', 'after');
    const init = put(done, '"v1"', { headers: { 'idempotency-key': 'mine' } });
    expect(reportOf(await recovering(origin)(url, init)).outcome).toBe('already-applied');
    expect(origin.log).toEqual(['PUT 204, lost "v1"', 'GET 200 "v2"']);
  });
});

describe('a server that speaks of the key', () => {
  it('is waited for while the first request is in flight, and gets the same again', async () => {
    const origin = lenient().once('POST', about(409, inFlight, { 'retry-after': '3' }));
    const response = await recovering(origin, { defaults: keyed })(url, post);
    expect(origin.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
    expect(await wireOf(origin.requests[1])).toBe(await wireOf(origin.requests[0]));
    expect(reportOf(response)).toMatchObject({ outcome: 'applied', attempts: [{}, { wait: 3_000 }] });
  });

  it('is waited for after a lost answer, too, and nothing is merged', async () => {
    const origin = new Origin(base).lose('PUT', 'before').once('PUT', about(409, inFlight));
    const merge = () => expect.unreachable();
    const response = await recovering(origin, { defaults: { ...keyed, merge } })(url, put(done));
    expect(origin.log).toEqual(['PUT lost "v1"', 'PUT 409 "v1"', 'PUT 204 "v1"']);
    expect(reportOf(response).outcome).toBe('applied');
  });

  it('stops a write whose key is another request’s', async () => {
    const origin = lenient().once('POST', about(422, mismatch));
    const response = await recovering(origin, { defaults: keyed })(url, post);
    expect([response.status, await response.json()]).toEqual([422, { title: mismatch }]);
    expect(reportOf(response)).toMatchObject({ code: 'key-reuse', maybeApplied: false });
    expect(origin.requests).toHaveLength(1);
  });

  it('is not meant by a refusal that says nothing of it', async () => {
    for (const init of [post, put(done)]) {
      const origin = lenient().once(String(init.method), about(422, 'The title is missing'));
      const response = await recovering(origin, { defaults: keyed })(url, init);
      expect(reportOf(response)).toMatchObject({ code: 'not-a-conflict' });
      expect(await response.json()).toEqual({ title: 'The title is missing' });
      expect(origin.requests).toHaveLength(1);
    }
  });

  it('is not meant where there is no key', async () => {
    const origin = new Origin(base).once('PUT', about(422, mismatch));
    expect(reportOf(await recovering(origin)(url, put(done)))).toMatchObject({ code: 'not-a-conflict' });
  });
});

describe('a route that knows that its server is still at work', () => {
  const conflict = () => 'in-progress' as const;

  it('waits, and sends the same again under its version', async () => {
    const origin = new Origin(base).once('PUT', about(409, 'Busy', { 'retry-after': '2' }));
    const response = await recovering(origin, { defaults: { server: { classify: conflict } } })(
      url,
      put(done),
    );
    expect(origin.log).toEqual(['PUT 409 "v1"', 'PUT 204 "v1"']);
    expect(await wireOf(origin.requests[1])).toBe(await wireOf(origin.requests[0]));
    expect(reportOf(response).attempts).toMatchObject([{}, { wait: 2_000 }]);
  });

  it('sends a POST again that nothing protects, as the server says that it has done nothing yet', async () => {
    const origin = lenient().once('POST', about(409, 'Busy'));
    const response = await recovering(origin, {
      defaults: { methods: ['POST'], server: { classify: conflict } },
    })(url, post);
    expect([response.status, reportOf(response)]).toMatchObject([204, { outcome: 'applied' }]);
    expect(origin.requests).toHaveLength(2);
  });

  it('has the answer stand where the limit is used up', async () => {
    const busy = new Origin(base).once('PUT', about(409, 'Busy')).once('PUT', about(409, 'Busy'));
    const refused = await recovering(busy, { defaults: { retry: 1, server: { classify: conflict } } })(
      url,
      put(done),
    );
    expect([refused.status, reportOf(refused)]).toMatchObject([409, { code: 'retry-limit' }]);
  });
});
