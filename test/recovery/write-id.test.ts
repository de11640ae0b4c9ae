import {
  field,
  header,
  threeWay,
  type MergeContext,
  type RecoveringInit,
  type RecoveryOptions,
} from 'remerge';
import { jsonPatch } from 'remerge/json-patch';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, rejectionOf, reportOf, url, wireOf } from '../support/write.ts';

type Options = RecoveryOptions<Record<string, unknown>>;

const base = { title: 'Trip', lastWrite: 'theirs-0' };
const done = { title: 'Journey', lastWrite: 'theirs-0' };
const stamped: Options = { defaults: { merge: ({ local }) => local, writeId: field('/lastWrite') } };
const merging: Options = { defaults: { ...stamped.defaults, merge: threeWay() } };

const patch = (body: unknown, type = 'application/merge-patch+json', tag = '"v1"'): RecoveringInit => ({
  method: 'PATCH',
  body: JSON.stringify(body),
  headers: { 'content-type': type, 'if-match': tag },
});

describe('a write on a route that stamps its writes in the body', () => {
  it('carries an id of its own, which its report tells', async () => {
    const origin = new Origin(base);
    const write = recovering(origin, stamped);
    const first = reportOf(await write(url, put(done)));
    expect(origin.value).toEqual({ title: 'Journey', lastWrite: 'id-1' });
    const second = reportOf(await write(url, put({ title: 'Voyage' }, '"v2"')));
    expect(origin.value).toEqual({ title: 'Voyage', lastWrite: 'id-2' });
    expect([first.writeId, second.writeId]).toEqual(['id-1', 'id-2']);
    expect(first.outcome).toBe('applied');
  });

  it('carries the same one in all its sends', async () => {
    const origin = new Origin(base).lose('PUT', 'before').lose('PUT', 'before');
    await recovering(origin, stamped)(url, put(done));
    const [first, , second, , third] = await Promise.all(origin.requests.map(wireOf));
    expect([second, third]).toEqual([first, first]);
    expect(origin.value).toEqual({ title: 'Journey', lastWrite: 'id-1' });

    const overtaken = new Origin(base).overtake({ title: 'Trip', lastWrite: 'theirs-1' });
    const report = reportOf(await recovering(overtaken, stamped)(url, put(done)));
    expect(report).toMatchObject({ outcome: 'merged', writeId: 'id-1' });
    expect(overtaken.value).toEqual({ title: 'Journey', lastWrite: 'id-1' });
  });

  it('has a proof that it was made, whatever else is there', async () => {
    const origin = new Origin(base).lose('PUT', 'after').once('GET', () => {
      // The server has its own way to say it.
      origin.change({ title: 'JOURNEY', lastWrite: 'id-1', words: 1 });
      return undefined;
    });
    const response = await recovering(origin, stamped)(url, put(done));
    expect(origin.log).toEqual(['PUT 204, lost "v1"', 'GET 200 "v3"']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied', writeId: 'id-1' });
  });

  it('is in doubt where another write has come after it, or instead', async () => {
    const origin = new Origin(base).lose('PUT', 'after').once('GET', () => {
      origin.change({ title: 'Theirs', lastWrite: 'theirs-1' });
      return undefined;
    });
    const error = await rejectionOf(recovering(origin, stamped)(url, put(done)));
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(reportOf(error)).toMatchObject({ writeId: 'id-1' });
  });

  it('has the proof, too, as a write that names no version, or changes by PATCH', async () => {
    for (const [method, init] of [
      ['PUT', { method: 'PUT', body: JSON.stringify(done) }],
      ['PATCH', patch({ title: 'Journey' })],
    ] as const) {
      const origin = Object.assign(new Origin(base), { isLenient: true }).lose(method, 'after');
      const response = await recovering(origin, stamped)(url, init);
      expect(origin.requests).toHaveLength(2);
      expect(origin.value).toEqual({ title: 'Journey', lastWrite: 'id-1' });
      expect(reportOf(response).outcome).toBe('already-applied');
    }
  });

  it('is stamped where the member is new, or lies deep', async () => {
    const origin = new Origin({ title: 'Trip' });
    await recovering(origin, {
      ...stamped,
      defaults: { ...stamped.defaults, writeId: field('/meta/write') },
    })(url, put({ title: 'Journey' }));
    expect(origin.value).toEqual({ title: 'Journey', meta: { write: 'id-1' } });
  });

  it('is stamped in a merge patch, which stays as small as it was', async () => {
    const origin = new Origin(base);
    origin.change({ ...base, words: 1, lastWrite: 'theirs-1' });
    await recovering(origin, merging)(url, { ...patch({ title: 'Journey' }), base });
    const sent = await Promise.all([origin.requests[0]?.json(), origin.requests[2]?.json()]);
    expect(sent).toEqual([
      { title: 'Journey', lastWrite: 'id-1' },
      { title: 'Journey', lastWrite: 'id-1' },
    ]);
    expect(origin.value).toEqual({ title: 'Journey', words: 1, lastWrite: 'id-1' });
  });
});

describe('a merge on a route that stamps its writes', () => {
  it('never sees a conflict on the stamp', async () => {
    const origin = new Origin(base);
    origin.change({ ...base, words: 1, lastWrite: 'theirs-1' });
    const response = await recovering(origin, merging)(
      url,
      put({ title: 'Journey', lastWrite: 'mine' }, '"v1"', { base }),
    );
    expect(reportOf(response).outcome).toBe('merged');
    expect(origin.value).toEqual({ title: 'Journey', words: 1, lastWrite: 'id-1' });
  });

  it('sees the same stamp on all sides', async () => {
    const seen: unknown[] = [];
    const merge = ({ base, local, remote }: MergeContext): unknown => {
      seen.push(base, local, remote);
      return local;
    };
    const origin = new Origin(base);
    origin.change({ title: 'Theirs', lastWrite: 'theirs-1' });
    await recovering(origin, { defaults: { ...stamped.defaults, merge } })(url, put(done, '"v1"', { base }));
    expect(seen.map((state) => (state as typeof base).lastWrite)).toEqual(Array(3).fill('theirs-1'));
  });

  it.each([['theirs-1'], [null], [7], [undefined]])(
    'writes nothing where only the stamp would differ, whatever stands there: %s',
    async (lastWrite) => {
      const origin = new Origin(base);
      origin.change({ title: 'Journey', lastWrite });
      const response = await recovering(origin, merging)(url, put(done, '"v1"', { base }));
      expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"']);
      expect(reportOf(response).outcome).toBe('unchanged');
    },
  );
});

describe('a body with no place for a stamp', () => {
  it('goes out as it is: text, bytes, a JSON Patch, and a patch that nobody understands', async () => {
    const operations = [{ op: 'replace', path: '/title', value: 'Journey' }];
    const bodies: [RecoveringInit, Options][] = [
      [put('x', '"v1"', { headers: { 'content-type': 'text/plain' } }), {}],
      [put({ a: 1 }, '"v1"', { headers: { 'content-type': 'application/octet-stream' } }), {}],
      [put([1]), {}],
      [
        patch(operations, 'application/json-patch+json'),
        { defaults: { server: { patches: [jsonPatch()] } } },
      ],
      [patch({ set: {} }, 'application/vnd.mine+json'), {}],
    ];
    for (const [init, options] of bodies) {
      const origin = new Origin(base).once(String(init.method), () => new Response(null, { status: 204 }));
      const response = await recovering(origin, { defaults: { ...stamped.defaults, ...options.defaults } })(
        url,
        init,
      );
      expect(await origin.requests[0]?.text()).toBe(init.body);
      expect(reportOf(response)).not.toHaveProperty('writeId');
    }
  });

  it('is still looked for by its version', async () => {
    const operations = [{ op: 'replace', path: '/title', value: 'Journey' }];
    const origin = new Origin(base).lose('PATCH', 'before');
    const options = { defaults: { ...stamped.defaults, server: { patches: [jsonPatch()] } } };
    await recovering(origin, options)(url, patch(operations, 'application/json-patch+json'));
    expect(origin.log).toEqual(['PATCH lost "v1"', 'GET 200 "v1"', 'PATCH 204 "v1"']);
  });
});

describe('a route that stamps its writes in a header', () => {
  const options = { defaults: { ...stamped.defaults, writeId: header('X-Last-Write') } };

  it('has the body left as it is, and the server asked by what it shows', async () => {
    const shown = { 'content-type': 'application/json', etag: '"v9"', 'x-last-write': 'id-1' };
    const origin = new Origin(base).lose('PUT', 'after');
    origin.once('GET', () => new Response('{"title":"whatever"}', { headers: shown }));
    const response = await recovering(origin, options)(url, put(done));
    expect(origin.requests[0]?.headers.get('x-last-write')).toBe('id-1');
    expect(await origin.requests[0]?.text()).toBe(JSON.stringify(done));
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied', writeId: 'id-1' });
  });

  it('stamps a DELETE, whose first answer stands as ever', async () => {
    const origin = new Origin(undefined);
    const response = await recovering(origin, options)(url, {
      method: 'DELETE',
      headers: { 'if-match': '"v1"' },
    });
    expect(origin.requests[0]?.headers.get('x-last-write')).toBe('id-1');
    expect([response.status, reportOf(response)]).toMatchObject([404, { code: 'not-a-conflict' }]);
  });
});
