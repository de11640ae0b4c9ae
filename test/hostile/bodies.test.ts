import { jsonPatch } from 'remerge/json-patch';
import {
  isRecoveryError,
  keepLocal,
  mergePatch,
  threeWay,
  type RecoveryOptions,
  type RouteOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { clientOf } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put } from '../support/write.ts';
import { ended, expectStop } from './stop.ts';
import { endless, nested, slow, type Flow } from './streams.ts';

const json = { etag: '"v2"', 'content-type': 'application/json' };
type Options = RecoveryOptions<Record<string, unknown>>;

/** A server that somebody else has changed. */
function moved(): Origin {
  const origin = new Origin({ n: 1 });
  origin.change({ n: 2 });
  return origin;
}

describe('a re-read whose body', () => {
  /** What becomes of a write whose re-reads all show one thing. */
  async function rereading(show: (clock: VirtualClock) => Response, options: Options = {}) {
    const clock = new VirtualClock();
    const origin = moved();
    const fetch: typeof globalThis.fetch = (input, init) => {
      if (init?.method === 'GET') origin.once('GET', () => show(clock));
      return origin.fetch(input, init);
    };
    const end = await ended(fetch, options, put({ n: 3 }), clock);
    expect(origin.value).toEqual({ n: 2 });
    expect(clock.timers).toBe(0);
    return { ...end, origin };
  }

  it('has no end stops the write at the cap', async () => {
    const flow = endless();
    const { outcome, origin } = await rereading(() => new Response(flow.body, { headers: json }));
    expectStop(outcome, 'too-large');
    expect(origin.requests).toHaveLength(2);
    expect(flow.isCancelled).toBe(true);
    expect(flow.taken).toBeLessThan(11 * 2 ** 20);
  });

  it('comes too slowly for one request is asked for again, up to the limit', async () => {
    const flows: Flow[] = [];
    const { outcome, origin, time } = await rereading(
      (clock) => {
        const flow = slow(clock);
        flows.push(flow);
        return new Response(flow.body, { headers: json });
      },
      { defaults: { timeout: 2500 } },
    );
    expectStop(outcome, 'read-error');
    expect(origin.requests).toHaveLength(7);
    expect(time).toBeLessThan(30_000);
    expect(flows.map(({ isCancelled }) => isCancelled)).toEqual(Array.from({ length: 6 }, () => true));
  });

  it('comes too slowly for the whole write ends with it, whether or not fetch knows of signals', async () => {
    let flow: Flow | undefined;
    const { outcome, origin, time } = await rereading((clock) => {
      flow = slow(clock);
      return new Response(flow.body, { headers: json });
    });
    expectStop(outcome, 'timeout');
    expect(origin.requests).toHaveLength(2);
    expect(time).toBe(30_000);
    expect(flow?.isCancelled).toBe(true);
  });

  it('never begins ends the write with its time, though fetch knows nothing of signals', async () => {
    const origin = moved().once('GET', () => new Promise(() => undefined));
    const { outcome, time } = await ended(origin.fetch);
    expectStop(outcome, 'timeout');
    expect([origin.requests.length, time]).toEqual([2, 30_000]);
  });

  it('is nested 100,000 deep is not merged', async () => {
    const { outcome, origin } = await rereading(() => new Response(nested(), { headers: json }));
    expectStop(outcome, 'too-deep');
    expect(origin.requests).toHaveLength(2);
  });

  it.each<[string, BodyInit, Record<string, string>, string]>([
    ['is a page that is called JSON', '<html>secret</html>', json, 'malformed-body'],
    ['is JSON that is called a page', '{"n":2}', { ...json, 'content-type': 'text/html' }, 'content-type'],
    [
      'is no JSON, and called bytes',
      '<html>',
      { ...json, 'content-type': 'application/octet-stream' },
      'malformed-body',
    ],
    ['is a page that is called nothing', new Blob(['<html>']), { etag: '"v2"' }, 'malformed-body'],
    ['is JSON in UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), json, 'malformed-body'],
    ['is compressed, and nobody says so', new Uint8Array([0x1f, 0x8b, 8, 0, 0]), json, 'malformed-body'],
    ['is two documents', '{"n":2}{"n":2}', json, 'malformed-body'],
  ])('%s is not merged', async (_, body, headers, code) => {
    const { outcome, origin } = await rereading(() => new Response(body, { headers }));
    expectStop(outcome, code);
    expect(origin.requests).toHaveLength(2);
  });
});

describe('a refusal whose body', () => {
  /** What becomes of a write whose refusal has such a body, on a route that looks into it. */
  async function refused(
    body: BodyInit,
    options: Options,
    clock = new VirtualClock(),
    type = 'application/json',
  ) {
    const seen: unknown[] = [];
    const origin = moved();
    origin.once('PUT', () => new Response(body, { status: 409, headers: { 'content-type': type } }));
    const conflict = (_: Response, said: unknown): undefined => void seen.push(said);
    const end = await ended(
      origin.fetch,
      { ...options, defaults: { ...options.defaults, server: { classify: conflict } } },
      put({ n: 3 }),
      clock,
    );
    return { ...end, origin, seen };
  }

  it('has no end is looked into no further than the cap', async () => {
    const flow = endless();
    const { report, seen } = await refused(flow.body, { defaults: { maxBytes: 2 ** 20 } });
    expect(report.outcome).toBe('merged');
    expect(seen).toEqual([undefined]);
    expect(flow.taken).toBeLessThan(2 * 2 ** 20);
    expect(flow.isCancelled).toBe(true);
  });

  it('comes too slowly is not waited for longer than one request may take', async () => {
    const clock = new VirtualClock();
    const flow = slow(clock);
    const { report, seen, time } = await refused(flow.body, { defaults: { timeout: 2500 } }, clock);
    expect(report.outcome).toBe('merged');
    expect(seen).toEqual([undefined]);
    expect(time).toBe(2500);
    expect(flow.isCancelled).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('comes too slowly for the whole write ends with it', async () => {
    const clock = new VirtualClock();
    const { outcome, origin, time } = await refused(slow(clock).body, {}, clock);
    expectStop(outcome, 'timeout');
    expect(outcome).toMatchObject({ status: 409 });
    expect([origin.requests.length, time]).toEqual([1, 30_000]);
  });

  it('comes too slowly does not hold up what a refusal of the same version comes to', async () => {
    const clock = new VirtualClock();
    const origin = new Origin({ n: 1 });
    origin.once('PUT', () => new Response(slow(clock).body, { status: 409 }));
    const { outcome, time } = await ended(
      origin.fetch,
      { defaults: { timeout: 2500 } },
      put({ n: 3 }),
      clock,
    );
    expectStop(outcome, 'no-progress');
    expect(time).toBeLessThanOrEqual(3000);
    expect(origin.requests).toHaveLength(3);
  });

  it('is nested 100,000 deep reaches the route as text', async () => {
    const { report, seen } = await refused(nested(), {});
    expect(report.outcome).toBe('merged');
    expect(seen).toEqual([nested()]);
  });

  it('is nested 100,000 deep is no state, though the route takes it apart by itself', async () => {
    const classify = (_: Response, body: unknown) => ({
      state: { n: 2, deep: JSON.parse(body as string) as unknown },
    });
    const { report, origin } = await refused(nested(), { defaults: { server: { classify } } });
    expect(report.outcome).toBe('merged');
    expect(origin.log).toEqual(['PUT 409 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('is nested 100,000 deep is for create.find to read as text, too', async () => {
    const origin = new Origin({ n: 2 });
    const seen: unknown[] = [];
    origin.once('POST', () => new Response(nested(), { status: 409, headers: json }));
    const locate = ({ body }: { readonly body: unknown }): undefined => void seen.push(body);
    const options: RouteOptions = {
      ...{ methods: ['POST'], onConflict: { exists: 'merge' } },
      server: { create: { find: locate } },
    };
    const init = { method: 'POST', body: '{"n":3}', headers: { 'content-type': 'application/json' } };
    expectStop((await ended(origin.fetch, { defaults: options }, init)).outcome, 'exists', {
      method: 'POST',
    });
    expect(seen).toEqual([nested()]);
  });

  it('is not the JSON that it is called reaches the route as text', async () => {
    const { report, seen } = await refused('<html>', {});
    expect(report.outcome).toBe('merged');
    expect(seen).toEqual(['<html>']);
  });
});

describe('what the caller itself has nested 700 deep, within the limit', () => {
  it('is merged as a patch, too', async () => {
    const origin = moved();
    origin.once('PATCH', () => new Response('', { status: 412 }));
    origin.once('PATCH', () => new Response(null, { status: 204 }));
    const headers = { 'content-type': 'application/merge-patch+json', 'if-match': '"v1"' };
    const init = { method: 'PATCH', body: `{"a":${nested(700)}}`, headers };
    await ended(origin.fetch, { defaults: { merge: keepLocal() } }, init);
    expect(origin.log).toEqual(['PATCH 412 "v1"', 'GET 200 "v2"', 'PATCH 204 "v2"']);
  });
});

describe('what the caller itself has nested 100,000 deep', () => {
  const body = nested();

  it.each<[string, Options]>([
    ['a function', {}],
    ['threeWay', { defaults: { merge: threeWay() } }],
  ])('as a state is sent, and not merged by %s', async (_, options) => {
    const origin = moved();
    const { outcome } = await ended(origin.fetch, options, { ...put({}), body });
    expectStop(outcome, 'too-deep');
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
  });

  it('as bytes is not merged, either', async () => {
    const { outcome } = await ended(moved().fetch, {}, { ...put({}), body: new Blob([body]) });
    expectStop(outcome, 'too-deep');
  });

  it('as a patch is sent, and not merged', async () => {
    const deep = `{"a":${body}}`;
    for (const [type, said] of [
      ['application/merge-patch+json', deep],
      ['application/json-patch+json', `[{"op":"add","path":"/a","value":${body}}]`],
    ] as const) {
      const origin = moved();
      origin.once('PATCH', () => new Response('', { status: 412 }));
      const init = { method: 'PATCH', body: said, headers: { 'content-type': type, 'if-match': '"v1"' } };
      const { outcome } = await ended(
        origin.fetch,
        { defaults: { server: { patches: [jsonPatch(), mergePatch()] } } },
        init,
      );
      expectStop(outcome, 'too-deep', { method: 'PATCH' });
    }
  });

  it('as a base is refused before anything is sent', async () => {
    const origin = moved();
    const base: unknown = JSON.parse(body);
    const { outcome } = await ended(origin.fetch, {}, { ...put({ n: 3 }), base });
    expectStop(outcome, 'too-deep');
    expect(isRecoveryError(outcome)).toBe(true);
    expect(origin.requests).toHaveLength(0);
  });

  it('as a base that can still be kept is for the merge to judge', async () => {
    const init = { ...put({ n: 3 }), base: JSON.parse(nested(3000)) as unknown };
    expectStop(
      (await ended(moved().fetch, { defaults: { merge: threeWay() } }, init)).outcome,
      'merge-conflict',
    );
    const inside = { ...put({ n: 3, a: 1 }), base: { n: 1, a: init.base } };
    const { outcome } = await ended(moved().fetch, { defaults: { merge: threeWay() } }, inside);
    expect(outcome).toBeInstanceOf(RangeError);
    expect((outcome as RangeError).message).toMatch(
      /^Nested deeper than 500 levels at \/a\/0.*Raise maxDepth/,
    );
  });
});

describe('a handle whose answer to a write', () => {
  const state = { title: 'a', tags: [] };

  async function replaced(answer: (clock: VirtualClock) => BodyInit, options = {}) {
    const clock = new VirtualClock();
    const origin = new Origin(state);
    const { note } = clientOf(origin, { clock, ...options });
    const base = await clock.run(note.read());
    const start = clock.now();
    origin.once(
      'PUT',
      () => new Response(answer(clock), { headers: { 'content-type': 'application/json' } }),
    );
    const result = await clock.run(note.replace({ title: 'b', tags: [] }, { base }));
    expect(clock.timers).toBe(0);
    return { result, origin, time: clock.now() - start };
  }

  it.each<[string, () => BodyInit]>([
    ['is nested 100,000 deep', nested],
    ['is no JSON', () => '<html>'],
    ['is another state than the schema allows', () => '{"title":1,"tags":[]}'],
    ['says nothing of what was written', () => '{"ok":true}'],
    ['has no end', () => endless().body],
  ])('%s has made it all the same, as it was sent', async (_, answer) => {
    const { result, origin } = await replaced(answer);
    expect(result).toMatchObject({ outcome: 'applied', value: { title: 'b', tags: [] }, version: undefined });
    expect(origin.requests).toHaveLength(2);
  });

  it.each([
    [{}, 10_000],
    [{ timeout: 700 }, 700],
    [{ timeout: false as const }, 30_000],
    [{ timeout: false as const, totalTimeout: 500 }, 500],
  ])('comes too slowly has made it all the same: with %j it is waited for %i ms', async (options, limit) => {
    let flow: Flow | undefined;
    const { result, time } = await replaced((clock) => (flow = slow(clock)).body, options);
    expect(result).toMatchObject({ outcome: 'applied', value: { title: 'b', tags: [] } });
    expect(time).toBe(limit);
    expect(flow?.isCancelled).toBe(true);
  });
});
