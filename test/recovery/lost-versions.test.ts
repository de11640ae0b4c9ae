import { field, header, none, query, type RecoveringInit, type VersionOption } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { reportOf, rejectionOf, url, wireOf } from '../support/write.ts';

const json = { 'content-type': 'application/json' };
const own = { merge: ({ local }: { local: unknown }) => local };

/** A server that keeps its version elsewhere than in an ETag: what a write says of it is for the test to judge. */
function keeper(state: object) {
  const origin = new Origin(state);
  /** The next PUT is served, and its answer lost. */
  const serve = (state: object): Origin =>
    origin.once('PUT', () => {
      origin.change(state);
      throw new TypeError('reset');
    });
  const lose = (): Origin =>
    origin.once('PUT', () => {
      throw new TypeError('reset');
    });
  const accept = (): Origin => origin.once('PUT', () => new Response(null, { status: 204 }));
  return { origin, serve, lose, accept };
}

const writes: [string, VersionOption, string, RecoveringInit, object, object][] = [
  [
    'in a field of the body',
    field('/rev'),
    url,
    { method: 'PUT', headers: json, body: '{"rev":1,"title":"Journey"}' },
    { rev: 1, title: 'Trip' },
    { rev: 2, title: 'Journey' },
  ],
  [
    'in the query',
    { read: field('/rev'), write: query('rev') },
    `${url}?rev=1`,
    { method: 'PUT', headers: json, body: '{"title":"Journey"}' },
    { rev: 1, title: 'Trip' },
    { rev: 2, title: 'Journey' },
  ],
  [
    'in a field and in the query',
    { read: field('/rev'), write: [field('/rev'), query('rev')] },
    `${url}?rev=1`,
    { method: 'PUT', headers: json, body: '{"rev":1,"title":"Journey"}' },
    { rev: 1, title: 'Trip' },
    { rev: 2, title: 'Journey' },
  ],
  [
    'in a header of a name of its own, from a field',
    { read: field('/rev'), write: header('X-Version') },
    url,
    { method: 'PUT', headers: { ...json, 'x-version': '1' }, body: '{"title":"Journey"}' },
    { rev: 1, title: 'Trip' },
    { rev: 2, title: 'Journey' },
  ],
];

describe.each(writes)('a lost write whose version is %s', (_, version, address, init, before, after) => {
  it('goes out again, byte for byte, where the version is still the same', async () => {
    const { origin, lose, accept } = keeper(before);
    lose();
    accept();
    const response = await recovering(origin, { defaults: { ...own, version } })(address, init);
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT']);
    expect(await wireOf(origin.requests[2])).toBe(await wireOf(origin.requests[0]));
    expect(reportOf(response).outcome).toBe('applied');
  });

  it('is made where all but the version is what was sent', async () => {
    const { origin, serve } = keeper(before);
    serve(after);
    const response = await recovering(origin, { defaults: { ...own, version } })(address, init);
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
    expect(reportOf(response)).toMatchObject({ outcome: 'already-applied', version: '2' });
  });

  it('is in doubt where anything else is there', async () => {
    const { origin, serve } = keeper(before);
    serve({ ...after, title: 'Theirs' });
    const error = await rejectionOf(recovering(origin, { defaults: { ...own, version } })(address, init));
    expect(error).toMatchObject({
      code: 'outcome-unknown',
      question: { remote: { ...after, title: 'Theirs' } },
    });
    expect(origin.requests).toHaveLength(2);
  });
});

describe('a lost write on a route that has no version at all', () => {
  const base = { title: 'Trip' };
  const put: RecoveringInit = { method: 'PUT', headers: json, body: '{"title":"Journey"}' };
  const routed = { ...own, version: none() };

  it('goes out again where the state is the one that it was made of', async () => {
    const { origin, lose, accept } = keeper(base);
    lose();
    accept();
    const response = await recovering(origin, { defaults: routed })(url, { ...put, base });
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT']);
    expect(await wireOf(origin.requests[2])).toBe(await wireOf(origin.requests[0]));
    expect(reportOf(response).outcome).toBe('applied');
  });

  it('is made where the state is what was sent', async () => {
    const { origin, serve } = keeper(base);
    serve({ title: 'Journey' });
    expect(reportOf(await recovering(origin, { defaults: routed })(url, { ...put, base })).outcome).toBe(
      'already-applied',
    );
  });

  it('is in doubt where nobody knows what it was made of', async () => {
    const { origin, lose } = keeper(base);
    lose();
    const error = await rejectionOf(recovering(origin, { defaults: routed })(url, put));
    expect(error).toMatchObject({ code: 'outcome-unknown', question: { base: undefined, remote: base } });
  });

  it('is never a POST that goes out again, though nothing shows of it', async () => {
    const origin = new Origin(base).lose('POST', 'before');
    const options = { version: none(), methods: ['POST'] };
    const error = await rejectionOf(
      recovering(origin, { defaults: options })(url, { ...put, method: 'POST', base }),
    );
    expect(error).toMatchObject({ code: 'outcome-unknown' });
    expect(origin.log).toEqual(['POST lost']);
  });
});
