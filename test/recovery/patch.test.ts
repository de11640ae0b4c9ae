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
async function patched(init: RecoveringInit, remote: unknown, more: object = {}) {
  const origin = new Origin(base);
  origin.change(remote);
  const bodies: unknown[] = [];
  const noted: typeof fetch = async (input, call) => {
    if (call?.method === 'PATCH') bodies.push(call.body);
    return origin.fetch(input, call);
  };
  origin.once('PATCH', () => new Response('stale', { status: 412 }));
  origin.once('PATCH', () => new Response(null, { status: 204 }));
  const options = {
    merge: threeWay<unknown>({ '/tags': set() }),
    patches: [mergePatch(), jsonPatch()],
    ...more,
  };
  const response = await withConflictRecovery(noted, options)(url, init);
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
    expect(report).toMatchObject({ code: 'gave-up' });
  });

  it('writes nothing where the server says the same already', async () => {
    const { report, bodies } = await patched(patch({ title: 'Journey' }, type, { base }), {
      ...base,
      title: 'Journey',
    });
    expect(bodies).toHaveLength(1);
    expect(report.ending).toBe('kept-remote');
  });
});

describe('a merge patch', () => {
  it('without a base is never guessed at: the merge is told, and decides', async () => {
    const remote = { ...base, title: 'Voyage' };
    expect((await patched(patch({ title: 'Journey' }, mergeType), remote)).report).toMatchObject({
      code: 'gave-up',
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
    const fetch = withConflictRecovery(origin.fetch, { merge: threeWay(), version: field('/version') });
    const init = {
      method: 'PATCH',
      body: '{"title":"Journey","version":1}',
      headers: { 'content-type': mergeType },
    };
    const response = await fetch(url, { ...init, base: old });
    expect(reportOf(response)).toMatchObject({
      ending: 'merged',
      attempts: [{ version: '1' }, { version: '2' }],
    });
    expect(await (last as Request).json()).toEqual({ title: 'Journey', version: 2 });
  });

  it('that can’t say what the merge made stops: null has another meaning in it', async () => {
    const merge = ({ remote }: { remote: unknown }): unknown => ({ ...(remote as object), title: null });
    const { report } = await patched(patch({ title: 'Journey' }, mergeType, { base }), base, { merge });
    expect(report).toMatchObject({ code: 'patch-failed' });
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
      code: 'gave-up',
    });
    const { report, bodies } = await patched(patch(done, jsonType), remote);
    expect(report).toMatchObject({ code: 'base-unknown' });
    expect(bodies).toHaveLength(1);
  });

  it('stops where the server’s state fails one of its tests', async () => {
    const { report, bodies } = await patched(patch(done, jsonType, { base }), { ...base, title: 'Voyage' });
    expect(report).toMatchObject({ code: 'patch-failed', reason: 'At /title.' });
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
    expect(report).toMatchObject({ ending: 'merged', attempts: [{ version: '1' }, { version: '2' }] });
    expect(last).toEqual([{ op: 'test', path: '/version', value: 2 }, asked[1]]);
  });

  it('stops where it is none, rather than change nothing and say that all is well', async () => {
    const { report, bodies } = await patched(patch({ title: 'Journey' }, jsonType, { base }), {
      ...base,
      body: 'y',
    });
    expect(report).toMatchObject({ ending: 'refused', code: 'patch-failed' });
    expect(bodies).toHaveLength(1);
  });

  it('stops where it does not fit its own base', async () => {
    const wrong = [{ op: 'remove', path: '/nowhere' }];
    expect((await patched(patch(wrong, jsonType, { base }), { ...base, body: 'y' })).report).toMatchObject({
      code: 'patch-failed',
    });
  });

  it('is left alone on a route that does not know its format', async () => {
    const { report } = await patched(
      patch(done, jsonType, { base }),
      { ...base, body: 'y' },
      { patches: [mergePatch()] },
    );
    expect(report).toMatchObject({ code: 'unknown-patch' });
  });
});
