import { jsonPatch } from 'remerge/json-patch';
import {
  field,
  keepLocal,
  list,
  mergePatch,
  set,
  threeWay,
  withConflictRecovery,
  type RecoveringInit,
  type RouteOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { reportOf, url } from '../support/write.ts';

const mergeType = 'application/merge-patch+json';
const jsonType = 'application/json-patch+json';
const base = { title: 'Trip', tags: ['a'], items: [{ id: 1, done: false }], body: 'x' };

function patch(body: unknown, type: string, more: RecoveringInit = {}): RecoveringInit {
  const headers = { 'content-type': type, 'if-match': '"v1"' };
  return { method: 'PATCH', body: JSON.stringify(body), headers, ...more };
}

/** A stale PATCH: what is sent at last, and what came of it. */
async function patched(init: RecoveringInit, remote: unknown, more: RouteOptions = {}) {
  const origin = new Origin(base);
  origin.change(remote);
  const bodies: unknown[] = [];
  const noted: typeof fetch = async (input, call) => {
    if (call?.method === 'PATCH') bodies.push(call.body);
    return origin.fetch(input, call);
  };
  origin.once('PATCH', () => new Response('stale', { status: 412 }));
  origin.once('PATCH', () => new Response(null, { status: 204 }));
  const defaults = {
    merge: threeWay<unknown>({ '/tags': set() }),
    server: { patches: [mergePatch(), jsonPatch()] },
    ...more,
  };
  const response = await withConflictRecovery(noted, { defaults })(url, init);
  const last = bodies.length > 1 ? (JSON.parse(String(bodies.at(-1))) as unknown) : undefined;
  return { origin, bodies, last, report: reportOf(response), response };
}

describe.each([mergeType, 'application/json'])('a merge patch sent as %s that meets a conflict', (type) => {
  it('is merged, and goes out as the smallest patch of what the server has now, under its version', async () => {
    const remote = { ...base, body: 'y', tags: ['a', 'b'] };
    const { origin, last } = await patched(
      patch({ title: 'Journey', tags: ['a', 'c'] }, type, { base }),
      remote,
    );
    expect(last).toEqual({ title: 'Journey', tags: ['a', 'b', 'c'] });
    expect(origin.log).toEqual(['PATCH 412 "v1"', 'GET 200 "v2"', 'PATCH 204 "v2"']);
    expect(origin.requests.at(-1)?.headers.get('content-type')).toBe(type);
  });

  it('goes out as it was where the server changed other fields only', async () => {
    const sent = patch({ title: 'Journey' }, type, { base });
    const { bodies } = await patched(sent, { ...base, body: 'y' });
    expect(bodies).toEqual([sent.body, sent.body]);
  });

  it('stops where both changed the same field, and nothing is written', async () => {
    const { report, bodies } = await patched(patch({ title: 'Journey' }, type, { base }), {
      ...base,
      title: 'Voyage',
    });
    expect(bodies).toHaveLength(1);
    expect(report).toMatchObject({ code: 'merge-conflict' });
  });

  it('writes nothing where the server says the same already', async () => {
    const { report, bodies } = await patched(patch({ title: 'Journey' }, type, { base }), {
      ...base,
      title: 'Journey',
    });
    expect(bodies).toHaveLength(1);
    expect(report.outcome).toBe('unchanged');
  });
});

describe('a merge patch', () => {
  it('without a base is never guessed at: the merge is told, and decides', async () => {
    const remote = { ...base, title: 'Voyage' };
    expect((await patched(patch({ title: 'Journey' }, mergeType), remote)).report).toMatchObject({
      code: 'merge-conflict',
    });
    const { last } = await patched(patch({ title: 'Journey' }, mergeType), remote, { merge: keepLocal() });
    expect(last).toEqual({ title: 'Journey' });
  });

  it('knows a base of null from none: what the server has since is not in the patch', async () => {
    let local: unknown;
    const merge = (sides: { local: unknown; remote: unknown }): unknown => {
      local = sides.local;
      return sides.remote;
    };
    await patched(patch({ title: 'Journey' }, mergeType, { base: null }), base, { merge });
    expect(local).toEqual({ title: 'Journey' });
  });

  it('that removes a field removes it from what the server has now', async () => {
    const { last } = await patched(patch({ body: null }, mergeType, { base }), { ...base, title: 'Voyage' });
    expect(last).toEqual({ body: null });
  });

  it('carries a version in its body, and gets the fresh one', async () => {
    const old = { ...base, version: 1 };
    const origin = new Origin({ ...old, body: 'y', version: 2 });
    origin.once('PATCH', () => new Response(null, { status: 409 }));
    let last: unknown;
    origin.once('PATCH', (request) => {
      last = request;
      return new Response(null, { status: 200 });
    });
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: threeWay(), version: field('/version') },
    });
    const init = {
      method: 'PATCH',
      body: '{"title":"Journey","version":1}',
      headers: { 'content-type': mergeType },
    };
    const response = await fetch(url, { ...init, base: old });
    expect(reportOf(response)).toMatchObject({
      outcome: 'merged',
      attempts: [{ version: '1' }, { version: '2' }],
    });
    expect(await (last as Request).json()).toEqual({ title: 'Journey', version: 2 });
  });

  it.each([mergeType, 'application/json'])(
    'sent as %s says a column whole that its caller said whole: a server may put it in place of the old one',
    async (type) => {
      const start = { title: 'a', settings: { theme: 'light', lang: 'de', zoom: 1 } };
      const asked = { settings: { ...start.settings, theme: 'dark' } };
      const remote = { title: 'ben', settings: { ...start.settings, zoom: 2 } };
      const { last, report } = await patched(patch(asked, type, { base: start }), remote);
      expect(last).toEqual({ settings: { theme: 'dark', lang: 'de', zoom: 2 } });
      expect(report.outcome).toBe('merged');
      const smallest = { server: { patches: [mergePatch({ smallest: true })] } };
      const less = await patched(patch(asked, type, { base: start }), remote, smallest);
      expect(less.last).toEqual({ settings: { theme: 'dark' } });
    },
  );

  it('names all that its caller named, as a mask in the query removes what it names and the body doesn’t', async () => {
    const merge = threeWay<unknown>({ '/body': () => 'theirs' }, { resolve: 'remote' });
    const asked = { title: 'b', body: 'z', tags: ['a'] };
    const remote = { ...base, title: 'b', body: 'theirs' };
    const { last } = await patched(patch({ ...asked, items: [] }, mergeType, { base }), remote, { merge });
    expect(last).toEqual({ title: 'b', body: 'theirs', tags: ['a'], items: [] });
  });

  it('that sets null on a server where null is a value agrees with whoever did the same', async () => {
    const start = { title: 'a', due: '2026-01-01' };
    const asked = patch({ title: 'b', due: null }, 'application/json', { base: start });
    for (const patches of [[mergePatch()], [mergePatch({ null: 'value' })]]) {
      const { last, report } = await patched(asked, { title: 'a', due: null }, { server: { patches } });
      expect(report.outcome).toBe('merged');
      expect(last).toEqual({ title: 'b', due: null });
    }
    const removal = await patched(
      asked,
      { title: 'a', due: null },
      { server: { patches: [mergePatch({ null: 'removal' })] } },
    );
    expect(removal.report).toMatchObject({ code: 'merge-conflict' });
  });

  it('that sets null is found made when its answer was lost, and is no other’s', async () => {
    const origin = new Origin({ title: 'a', due: '2026-01-01' });
    origin.once('PATCH', () => {
      origin.change({ title: 'a', due: null });
      throw new TypeError('reset');
    });
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: threeWay(), server: { patches: [mergePatch({ null: 'value' })] } },
    });
    const start = { title: 'a', due: '2026-01-01' };
    const response = await fetch(url, patch({ due: null }, mergeType, { base: start }));
    expect(reportOf(response).outcome).toBe('already-applied');
  });

  it('that can’t say what the merge made stops: null has another meaning in it', async () => {
    const merge = ({ remote }: { remote: unknown }): unknown => ({ ...(remote as object), title: null });
    const { report } = await patched(patch({ title: 'Journey' }, mergeType, { base }), base, { merge });
    expect(report).toMatchObject({ code: 'patch-error' });
  });
});

describe('a JSON Patch that meets a conflict', () => {
  const done = [
    { op: 'test', path: '/title', value: 'Trip' },
    { op: 'replace', path: '/items/0/done', value: true },
  ];

  it('is applied to its base, merged, and made anew for the server’s state', async () => {
    const remote = { ...base, body: 'y' };
    const { last } = await patched(patch(done, jsonType, { base }), remote);
    expect(last).toEqual([
      { op: 'test', path: '/title', value: 'Trip' },
      { op: 'replace', path: '/items/0/done', value: true },
    ]);
  });

  it('is never replayed by position onto a list that has changed', async () => {
    const remote = { ...base, items: [{ id: 9, done: false }, ...base.items] };
    expect((await patched(patch(done, jsonType, { base }), remote)).report).toMatchObject({
      code: 'merge-conflict',
    });
    const { report, bodies } = await patched(patch(done, jsonType), remote);
    expect(report).toMatchObject({ code: 'base-unknown' });
    expect(bodies).toHaveLength(1);
  });

  it('stops where the server’s state fails one of its tests', async () => {
    const { report, bodies } = await patched(patch(done, jsonType, { base }), { ...base, title: 'Voyage' });
    expect(report).toMatchObject({ code: 'patch-error', reason: 'At /title.' });
    expect(bodies).toHaveLength(1);
  });

  it('finds an item by its key where the list has changed, and drops the test of its old position', async () => {
    const merge = threeWay<unknown>({ '/items': list({ key: 'id' }) });
    const remote = { ...base, items: [{ id: 9, done: false }, ...base.items] };
    const asked = [{ op: 'test', path: '/items/0/id', value: 1 }, done[1]];
    const { last } = await patched(patch(asked, jsonType, { base }), remote, { merge });
    expect(last).toEqual([{ op: 'replace', path: '/items/1/done', value: true }]);
  });

  it('carries a version as a test of its field, and gets the fresh one', async () => {
    const old = { ...base, version: 1 };
    const asked = [
      { op: 'test', path: '/version', value: 1 },
      { op: 'replace', path: '/title', value: 'Journey' },
    ];
    const init = { ...patch(asked, jsonType, { base: old }), headers: { 'content-type': jsonType } };
    const more = { merge: threeWay(), version: field('/version') };
    const { last, report } = await patched(init, { ...old, body: 'y', version: 2 }, more);
    expect(report).toMatchObject({ outcome: 'merged', attempts: [{ version: '1' }, { version: '2' }] });
    expect(last).toEqual([{ op: 'test', path: '/version', value: 2 }, asked[1]]);
  });

  it('without a word of the version is sent with a test of it, where only the body has one', async () => {
    const old = { ...base, version: 1 };
    const asked = [{ op: 'replace', path: '/title', value: 'Journey' }];
    const init = { ...patch(asked, jsonType, { base: old }), headers: { 'content-type': jsonType } };
    const more = { merge: threeWay(), version: field('/version') };
    const { bodies, last } = await patched(init, { ...old, body: 'y', version: 2 }, more);
    expect(JSON.parse(String(bodies[0]))).toEqual([{ op: 'test', path: '/version', value: 1 }, ...asked]);
    expect(last).toEqual([{ op: 'test', path: '/version', value: 2 }, ...asked]);
  });

  it('that is no list of operations is not sent where the version has to be in it', async () => {
    const old = { ...base, version: 1 };
    const init = { ...patch({ title: 'x' }, jsonType, { base: old }), headers: { 'content-type': jsonType } };
    const origin = new Origin(old);
    const defaults = {
      ...{ merge: threeWay(), version: field('/version') },
      server: { patches: [jsonPatch()] },
    };
    const sent = withConflictRecovery(origin.fetch, { defaults })(url, init);
    await expect(sent).rejects.toMatchObject({ code: 'no-version' });
    expect(origin.log).toEqual([]);
  });

  it('keeps a test of a member whose name is digits, which is no position', async () => {
    const start = { title: 'Trip', years: { 2024: 'a' } };
    const asked = [
      { op: 'test', path: '/years/2024', value: 'a' },
      { op: 'replace', path: '/title', value: 'b' },
    ];
    const kept = await patched(patch(asked, jsonType, { base: start }), { ...start, more: 1 });
    expect(kept.last).toEqual(asked);
    const other = await patched(patch(asked, jsonType, { base: start }), { ...start, years: { 2024: 'z' } });
    expect(other.report).toMatchObject({ code: 'patch-error', reason: 'At /years/2024.' });
  });

  it('has a member called __proto__, nested in what it adds, as any other', async () => {
    const asked = '[{"op":"add","path":"/extra","value":{"__proto__":{"a":1},"constructor":2}}]';
    const init = { ...patch([], jsonType, { base }), body: asked };
    const { bodies } = await patched(init, { ...base, body: 'y' });
    expect(bodies.at(-1)).toBe(asked);
  });

  it('stops where it is none, rather than change nothing and say that all is well', async () => {
    const { report, bodies } = await patched(patch({ title: 'Journey' }, jsonType, { base }), {
      ...base,
      body: 'y',
    });
    expect(report).toMatchObject({ outcome: 'failed', code: 'patch-error' });
    expect(bodies).toHaveLength(1);
  });

  it('stops where it does not fit its own base', async () => {
    const wrong = [{ op: 'remove', path: '/nowhere' }];
    expect((await patched(patch(wrong, jsonType, { base }), { ...base, body: 'y' })).report).toMatchObject({
      code: 'patch-error',
    });
  });

  it('is left alone on a route that does not know its format', async () => {
    const { report } = await patched(
      patch(done, jsonType, { base }),
      { ...base, body: 'y' },
      { server: { patches: [mergePatch()] } },
    );
    expect(report).toMatchObject({ code: 'unknown-patch' });
  });
});
