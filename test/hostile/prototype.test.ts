import { counter, field, giveUp, list, recoveryOf, set, text, threeWay, type RecoveryOptions } from 'remerge';
import { afterEach, describe, expect, it } from 'vitest';
import { clientOf } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { put, reportOf } from '../support/write.ts';
import { ended } from './stop.ts';

type Options = RecoveryOptions<Record<string, unknown>>;
const json = { 'content-type': 'application/json' };
/** Members that a careless merge would write to the prototype of every object. */
const trap =
  '"__proto__":{"polluted":1,"toString":"x","then":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}';
const trapped = `{"n":1,${trap},"list":[{${trap}},"__proto__"]}`;

const own = Object.getOwnPropertyNames(Object.prototype);
afterEach(() => {
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect((() => undefined as unknown as { polluted?: unknown }).prototype).toBeUndefined();
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(own);
  expect(Object.prototype.toString.call({})).toBe('[object Object]');
});

describe('a refusal full of the names of prototypes', () => {
  async function refused(options: Options, method = 'PUT') {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    origin.once(method, () => new Response(trapped, { status: 409, headers: { ...json, etag: '"v2"' } }));
    const { headers } = put({});
    const init = {
      method,
      body: '{"n":3}',
      headers: method === 'POST' ? json : (headers ?? {}),
      base: { n: 1 },
    };
    return { origin, ...(await ended(origin.fetch, options, init)) };
  }

  it('reaches a route’s own functions as plain data', async () => {
    const seen: unknown[] = [];
    const conflict = (_: Response, body: unknown): undefined => void seen.push(body);
    const { report } = await refused({ defaults: { server: { classify: conflict } } });
    expect(report.outcome).toBe('merged');
    expect(JSON.stringify(seen)).toBe(`[${trapped}]`);
    expect(Object.getPrototypeOf(seen[0])).toBe(Object.prototype);
    expect(Object.hasOwn(seen[0] as object, '__proto__')).toBe(true);
  });

  it.each<[string, Options]>([
    [
      'a function',
      { defaults: { merge: ({ remote, local }) => ({ ...(remote as object), ...(local as object) }) } },
    ],
    ['threeWay', { defaults: { merge: threeWay() } }],
    [
      'rules',
      {
        defaults: {
          merge: threeWay({
            '/list': set(),
            '/__proto__/polluted': counter(),
            '/constructor/prototype': text(),
          }),
        },
      },
    ],
  ])('is merged as the state that it is by %s', async (_, options) => {
    const { origin, report } = await refused({
      ...options,
      defaults: { ...options.defaults, server: { classify: (_, body) => ({ state: body }) } },
    });
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'PUT']);
    expect(report.outcome).toBe('merged');
    expect(origin.raw).toContain('"__proto__":{"polluted":1');
    expect(origin.raw).toContain('"n":3');
  });

  it('is given to locate, and to who makes a question of it', async () => {
    const seen: unknown[] = [];
    const locate = ({ body }: { readonly body: unknown }): undefined => void seen.push(body);
    await refused(
      {
        defaults: {
          methods: ['POST'],
          onConflict: { exists: 'merge' },
          server: { create: { find: locate } },
        },
      },
      'POST',
    );
    expect(JSON.stringify(seen)).toBe(`[${trapped}]`);

    const merge = () => giveUp('Ask');
    const { report } = await refused({
      defaults: { merge, server: { classify: (_, body) => ({ state: body }) } },
    });
    expect(report.outcome === 'failed' && JSON.stringify(report.question?.remote)).toBe(trapped);
  });

  it('may hold its version under such a name', async () => {
    const version = field('/__proto__/polluted');
    const origin = new Origin({ n: 1 });
    origin.once('PUT', () => new Response(trapped, { status: 409, headers: json }));
    const init = { ...put({}), headers: json, body: '{"n":3,"__proto__":{"polluted":0}}' };
    const classify = (_: Response, body: unknown) => ({ state: body });
    origin.isLenient = true;
    const { report } = await ended(origin.fetch, { defaults: { version, server: { classify } } }, init);
    expect(report).toMatchObject({ outcome: 'merged', version: '1' });
    expect(origin.raw).toBe('{"n":3,"__proto__":{"polluted":1}}');
  });
});

describe('a state full of the names of prototypes', () => {
  const base = JSON.parse(trapped) as object;
  const remote = trapped.replace('"list"', '"more":{"__proto__":null},"list"');

  it.each<[string, Options]>([
    ['threeWay', { defaults: { merge: threeWay() } }],
    [
      'a table of rules',
      { defaults: { merge: threeWay({ '/list': list({ key: '__proto__' }), '/constructor': counter() }) } },
    ],
    ['a write id', { defaults: { merge: threeWay(), writeId: field('/prototype/polluted') } }],
  ])('is merged by %s, and its members are sent on as data', async (_, options) => {
    const origin = new Origin(trapped);
    origin.change(remote);
    const body = trapped.replace('"list"', '"mine":1,"list"');
    const { report } = await ended(origin.fetch, options, { ...put({}), body, base });
    expect(report.outcome).toBe('merged');
    expect(origin.raw).toContain('"more":{"__proto__":null}');
    expect(origin.raw).toContain('"mine":1');
    expect(origin.raw).toContain('"__proto__":{"polluted":1');
  });

  it('is merged with a patch of the same kind', async () => {
    const origin = new Origin(trapped);
    origin.change(remote);
    const headers = { 'content-type': 'application/merge-patch+json', 'if-match': '"v1"' };
    const body = '{"__proto__":{"polluted":2},"constructor":null}';
    const { report } = await ended(
      origin.fetch,
      { defaults: { merge: threeWay() } },
      { method: 'PATCH', headers, body, base },
    );
    expect(report.outcome).toBe('merged');
    expect(origin.value).not.toHaveProperty(['constructor', 'prototype']);
    expect(origin.raw).toContain('"more":{"__proto__":null}');
  });

  it('is read, changed by a recipe, and known as the state that it is', async () => {
    const origin = new Origin(`{"title":"a","tags":[],${trap}}`);
    const { note } = clientOf(origin, { clock: new VirtualClock() });
    const seen = await note.read();
    expect(Object.hasOwn(seen.value, '__proto__')).toBe(true);
    origin.overtake(`{"title":"b","tags":["x"],${trap}}`);
    const result = await note.update((draft) => void draft.tags.push('y'));
    expect(origin.raw).toBe(`{"title":"b","tags":["x","y"],${trap}}`);
    expect(recoveryOf(result.response)).toEqual(reportOf(result.response));
    const merged = await note.patch(JSON.parse('{"title":"c","__proto__":{"polluted":null}}') as object, {
      base: result,
    });
    expect(merged.value.title).toBe('c');
  });

  it('is told from what is only inherited', async () => {
    const origin = new Origin('{}');
    origin.change('{"n":1}');
    const init = { ...put({}), body: '{"toString":1,"__proto__":1}', base: {} };
    const { report } = await ended(origin.fetch, { defaults: { merge: threeWay() } }, init);
    expect(report.outcome).toBe('merged');
    expect(origin.raw).toBe('{"n":1,"toString":1,"__proto__":1}');
  });
});
