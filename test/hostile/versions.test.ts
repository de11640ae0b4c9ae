import type { ReadableCarrier } from '../../src/core/version.ts';
import {
  createClient,
  etag,
  field,
  header,
  keepLocal,
  lastModified,
  query,
  withConflictRecovery,
  type RecoveryOptions,
  type VersionOption,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { clientOf } from '../support/client.ts';
import { Origin } from '../support/origin.ts';
import { put, rejectionOf, url } from '../support/write.ts';
import { ended, expectStop } from './stop.ts';

type Options = RecoveryOptions<Record<string, unknown>>;
const json = { 'content-type': 'application/json' };
const long = 'x'.repeat(2 ** 20);

/** A write whose first re-read shows a state under such headers. */
async function reread(headers: Record<string, string>, options: Options = {}) {
  const origin = new Origin({ n: 1 });
  origin.change({ n: 2 });
  origin.once('GET', () => Response.json({ n: 2 }, { headers }));
  return { ...(await ended(origin.fetch, options)), origin };
}

describe('a re-read whose ETag', () => {
  it.each([
    ['is missing', '', 'version-missing'],
    ['has no quotes', 'v2', 'version-malformed'],
    ['has one quote', '"v2', 'version-malformed'],
    ['has a quote inside', '"v"2"', 'version-malformed'],
    ['has a space inside', '"v 2"', 'version-malformed'],
    ['is in single quotes', "'v2'", 'version-malformed'],
    ['stands there twice', '"v2", "v2"', 'version-malformed'],
    ['is two', '"v2", "v3"', 'version-malformed'],
    ['is any', '*', 'version-malformed'],
    ['is a list of any', '"v2", *', 'version-malformed'],
    ['is weak', 'W/"v2"', 'version-weak'],
    ['is weak in small letters', 'w/"v2"', 'version-malformed'],
    ['is a megabyte long', `"${long}"`, 'version-malformed'],
  ])('%s stops the write', async (_, tag, code) => {
    const { outcome, origin } = await reread(tag ? { ...json, etag: tag } : json);
    expectStop(outcome, code);
    expect(origin.requests).toHaveLength(2);
    expect(origin.value).toEqual({ n: 2 });
  });

  it.each([
    ['is empty between its quotes', '""'],
    ['holds what no text has', '"\xff\x80!#~"'],
    ['looks like an injection', '"\';DROP+TABLE--<script>{}"'],
    ['is as long as headers go', `"${'x'.repeat(8000)}"`],
  ])('%s is sent back byte for byte', async (_, tag) => {
    const { origin } = await reread({ ...json, etag: tag });
    expect(origin.requests[2]?.method).toBe('PUT');
    expect(origin.requests[2]?.headers.get('if-match')).toBe(tag);
  });

  it.each([
    ['send', 'W/"v2"'],
    ['strip', '"v2"'],
  ] as const)('is weak, where the route says %s, is sent as that says', async (weak, sent) => {
    const { origin } = await reread({ ...json, etag: 'W/"v2"' }, { defaults: { version: etag({ weak }) } });
    expect(origin.requests[2]?.headers.get('if-match')).toBe(sent);
  });
});

describe('a re-read whose version in another place', () => {
  it.each<[string, ReadableCarrier, Record<string, string>, unknown, string]>([
    ['is a missing date', lastModified(), {}, {}, 'version-missing'],
    ['is a missing header', header('X-Version'), {}, {}, 'version-missing'],
    ['is a header of a megabyte', header('X-Version'), { 'x-version': long }, {}, 'version-malformed'],
    ['is a missing member', field('/rev'), {}, { n: 2 }, 'version-missing'],
    ['is null', field('/rev'), {}, { rev: null }, 'version-missing'],
    ['is empty', field('/rev'), {}, { rev: '' }, 'version-missing'],
    ['is true', field('/rev'), {}, { rev: true }, 'version-malformed'],
    ['is an object', field('/rev'), {}, { rev: {} }, 'version-malformed'],
    ['is an array', field('/rev'), {}, { rev: [1] }, 'version-malformed'],
    ['is text of a megabyte', field('/rev'), {}, { rev: long }, 'version-malformed'],
    ['is inherited', field('/constructor/name'), {}, {}, 'version-missing'],
  ])('%s stops the write', async (_, version, headers, body, code) => {
    const origin = new Origin({ n: 1 });
    origin.once('PUT', () => new Response('', { status: 412 }));
    origin.once('GET', () => Response.json(body, { headers }));
    const sent: object = version.in === 'document' ? { rev: 1, constructor: { name: 'a' } } : {};
    const named: Record<string, string> =
      version.in === 'headers' ? { [version.name]: 'Thu, 01 Jan 2026 00:00:00 GMT' } : {};
    const init = { method: 'PUT', body: JSON.stringify({ n: 3, ...sent }), headers: { ...json, ...named } };
    const { outcome } = await ended(origin.fetch, { defaults: { version } }, init);
    expectStop(outcome, code);
    expect(origin.requests).toHaveLength(2);
  });

  it('looks like an address is one parameter, and leads nowhere else', async () => {
    const origin = new Origin({ n: 1 });
    origin.once('PUT', () => new Response('', { status: 409 }));
    const rev = '2&admin=1#@evil.test/../../x?';
    origin.once('GET', () => Response.json({ n: 2, rev }));
    const version = { read: field('/rev'), write: query('rev') };
    const init = { ...put({ n: 3 }), headers: json };
    await withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal(), version } })(
      `${url}?rev=1`,
      init,
    );
    const sent = new URL(origin.requests[2]?.url ?? '');
    expect([sent.origin, sent.pathname, sent.hash]).toEqual(['https://api.test', '/notes/42', '']);
    expect([...sent.searchParams]).toEqual([['rev', rev]]);
  });
});

describe('a write that carries what is no version', () => {
  it.each([
    ['*', 'no-version'],
    ['"v1", "v2"', 'no-version'],
    ['v1', 'version-malformed'],
    [`"${long}"`, 'no-version'],
    ['', 'no-version'],
  ])('%.20s is sent as it is, and not recovered', async (tag, code) => {
    const origin = new Origin({ n: 1 });
    const { outcome } = await ended(origin.fetch, {}, put({ n: 3 }, tag));
    expectStop(outcome, code);
    expect(origin.requests).toHaveLength(1);
  });
});

describe('what is no version', () => {
  const tag = { read: header('ETag'), write: header('If-Match') } as const;
  const unquoted = /It has no quotes\. A server .* \{ read: header\('ETag'\), write: header\('If-Match'\) \}/;
  const rounded = /\/rev is an integer above 2\^53, which JSON\.parse rounds: give server\.parseJson/;
  const answers = (body: string, headers: Record<string, string> = {}) => {
    const origin = new Origin({ n: 1 });
    origin.once('GET', () => new Response(body, { headers: { ...json, ...headers } }));
    return origin;
  };

  it.each<[string, VersionOption, Origin, RegExp]>([
    ['a header that isn’t there', etag(), answers('{}'), /There is no etag header/],
    ['a member that isn’t there', field('/a/rev'), answers('{"a":{}}'), /There is no member \/a\/rev/],
    ['a member of a wrong type', field('/rev'), answers('{"rev":[1]}'), /It is member \/rev/],
    ['an ETag without quotes', etag(), answers('{}', { etag: 'v1' }), unquoted],
    ['an integer that was rounded', field('/rev'), answers('{"rev":1632740120218042369}'), rounded],
  ])('is told by its place: %s', async (_, version, origin, told) => {
    const routes = { 'notes/:id': { version } };
    const client = createClient({ baseUrl: 'https://api.test/', fetch: origin.fetch, routes });
    const note = client.resource('notes/:id', { id: '42' });
    const error = await rejectionOf(note.update(() => ({ n: 2 })));
    expect(String(error)).toMatch(told);
    expect(origin.log.filter((line) => line.startsWith('PUT'))).toEqual([]);
  });

  it('is told of a write, too, and an ETag without quotes is read as the message says', async () => {
    const server = (answer: string | null) => (request: Request) =>
      request.method === 'GET'
        ? Response.json({ n: 1 }, { headers: { etag: 'v2' } })
        : new Response(null, { status: request.headers.get('if-match') === answer ? 204 : 412 });
    const fetch: typeof globalThis.fetch = (input, init) =>
      Promise.resolve(server('v2')(new Request(input, init)));
    const stale = await ended(fetch, {}, put({ n: 3 }, 'v1'));
    expect(stale.report).toMatchObject({
      code: 'version-malformed',
      reason: expect.stringMatching(unquoted) as string,
    });
    const read = await ended(fetch, { defaults: { version: tag } }, put({ n: 3 }, 'v1'));
    expect(read.report.outcome).toBe('merged');
  });
});

describe('an answer to a write whose ETag', () => {
  it.each(['v2', 'W/"v2"', '"v2", "v3"', '*', `"${long}"`])('is %.12s names no state', async (tag) => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { note } = clientOf(origin);
    const base = await note.read();
    origin.once('PUT', () => new Response(null, { status: 204, headers: { etag: tag } }));
    const result = await note.replace({ title: 'b', tags: [] }, { base });
    expect(result).toMatchObject({ outcome: 'applied', version: undefined });
  });

  it('is that of a page elsewhere names no state, either', async () => {
    const origin = new Origin({ title: 'a', tags: [] });
    const { note } = clientOf(origin);
    const base = await note.read();
    origin.once('PUT', () => {
      const answer = Response.json({ title: 'other', tags: [] }, { headers: { etag: '"elsewhere"' } });
      return Object.defineProperty(answer, 'redirected', { value: true });
    });
    const result = await note.replace({ title: 'b', tags: [] }, { base });
    expect(result).toMatchObject({ outcome: 'applied', version: undefined, value: { title: 'b' } });
  });
});
