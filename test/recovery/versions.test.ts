import {
  etag,
  field,
  header,
  keepLocal,
  lastModified,
  none,
  query,
  withConflictRecovery,
  type RecoveringInit,
  type RecoveryOptions,
  type VersionOption,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { put, reportOf, url } from '../support/write.ts';

/** Writes once into a server that refuses the first write and shows `shown` when it is read. */
async function writeThrough(version: VersionOption, write: RecoveringInit, shown: Response, address = url) {
  const origin = new Origin({});
  origin.once('PUT', () => new Response(null, { status: 409 })).once('GET', () => shown);
  origin.once('PUT', () => new Response(null, { status: 204 }));
  const options: RecoveryOptions<Record<string, unknown>> = {
    defaults: { merge: ({ local }) => ({ ...(local as object), merged: true }), version },
  };
  const response = await withConflictRecovery(origin.fetch, options)(address, write);
  const sent = origin.requests[2];
  return { response, origin, sent, body: (await sent?.json()) as unknown };
}

const json = (body: unknown, headers: HeadersInit = {}): Response => Response.json(body, { headers });

describe('a version', () => {
  it('goes from ETag to If-Match byte for byte', async () => {
    const tag = '"xyz!#~\u00ff"';
    const { sent } = await writeThrough(etag(), put({}), json({}, { etag: tag }));
    expect(sent?.headers.get('if-match')).toBe(tag);
  });

  it('goes from Last-Modified to If-Unmodified-Since', async () => {
    const write = put({}, '', { headers: { 'if-unmodified-since': 'Sun, 22 Nov 2026 10:00:00 GMT' } });
    delete (write.headers as Record<string, string>)['if-match'];
    const date = 'Sun, 22 Nov 2026 11:00:00 GMT';
    const { sent } = await writeThrough(lastModified(), write, json({}, { 'last-modified': date }));
    expect(sent?.headers.get('if-unmodified-since')).toBe(date);
  });

  it('goes from a member of the body into the same member, as the number it is', async () => {
    const write: RecoveringInit = { method: 'PUT', body: '{"a":1,"meta":{"version":7}}' };
    const { body } = await writeThrough(field('/meta/version'), write, json({ a: 0, meta: { version: 8 } }));
    expect(body).toEqual({ a: 1, merged: true, meta: { version: 8 } });
  });

  it('goes from a header into the header of the same name, which the re-read leaves out', async () => {
    const write = put({}, '', { headers: { 'x-version': '3' } });
    delete (write.headers as Record<string, string>)['if-match'];
    const version = header('X-Version');
    const { origin } = await writeThrough(version, write, json({}, { 'x-version': '4' }));
    // A page would have to ask first whether a read may carry it.
    expect(origin.requests.map(({ headers }) => headers.get('x-version'))).toEqual(['3', null, '4']);
  });

  it('goes from the body to a query parameter, which the re-read leaves out', async () => {
    const version = { read: field('/_rev'), write: query('rev') };
    const write: RecoveringInit = { method: 'PUT', body: '{}' };
    const { origin, body } = await writeThrough(version, write, json({ _rev: '2-b' }), `${url}?rev=1-a&x=y`);
    expect(origin.requests.map((request) => request.url)).toEqual([
      `${url}?rev=1-a&x=y`,
      `${url}?x=y`,
      `${url}?rev=2-b&x=y`,
    ]);
    expect(body).toEqual({ merged: true });
  });

  it('goes from the body to a header', async () => {
    const version = { read: field('/sys/version'), write: header('X-Contentful-Version') };
    const write: RecoveringInit = { method: 'PUT', body: '{}', headers: { 'x-contentful-version': '5' } };
    const { sent } = await writeThrough(version, write, json({ sys: { version: 6 } }));
    expect(sent?.headers.get('x-contentful-version')).toBe('6');
  });

  it('is renewed in every place that carries it, at once', async () => {
    const version = { read: field('/_rev'), write: [field('/_rev'), query('rev'), header('If-Match')] };
    const { sent, body } = await writeThrough(
      version,
      put({ _rev: '1-a' }, '1-a'),
      json({ _rev: '2-b' }),
      `${url}?rev=1-a`,
    );
    expect(body).toEqual({ merged: true, _rev: '2-b' });
    expect(sent?.url).toBe(`${url}?rev=2-b`);
    expect(sent?.headers.get('if-match')).toBe('2-b');
  });

  it('may have several parts, each written where its own place is', async () => {
    const version = {
      read: [field('/_seq_no'), field('/_primary_term')],
      write: [query('if_seq_no'), query('if_primary_term')],
    };
    const write: RecoveringInit = { method: 'PUT', body: '{}' };
    const shown = json({ _seq_no: 0, _primary_term: 2 });
    const { sent, response } = await writeThrough(
      version,
      write,
      shown,
      `${url}?if_seq_no=4&if_primary_term=1`,
    );
    expect(sent?.url).toBe(`${url}?if_seq_no=0&if_primary_term=2`);
    expect(reportOf(response).attempts.map((attempt) => attempt.version)).toEqual(['4 1', '0 2']);
  });

  it('of several parts is compared part by part', async () => {
    const [a, b] = [field('/a'), field('/b')];
    const { response } = await writeThrough(
      [a, b],
      { method: 'PUT', body: '{"a":"1 2","b":"3"}' },
      json({ a: '1', b: '2 3' }),
    );
    expect(reportOf(response)).toMatchObject({ outcome: 'merged' });
  });

  it('has moved when only one of its parts has', async () => {
    const { response } = await writeThrough(
      [field('/a'), etag()],
      put({ a: 1 }),
      json({ a: 2 }, { etag: '"v1"' }),
    );
    expect(reportOf(response)).toMatchObject({ outcome: 'merged', version: '2 "v1"' });
  });

  it.each([
    ['missing', {}, 'version-missing'],
    ['malformed', { etag: 'no-quotes' }, 'version-malformed'],
    ['two that a proxy joined', { etag: '"a", "b"' }, 'version-malformed'],
    ['weak', { etag: 'W/"v2"' }, 'version-weak'],
  ])('that is %s stops the recovery, and nothing is written', async (_, headers, code) => {
    const { response, origin } = await writeThrough(etag(), put({}), json({}, headers));
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
    expect(response.status).toBe(409);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code });
  });

  it.each([
    [{ version: null }, 'version-missing'],
    [{ version: '' }, 'version-missing'],
    [{}, 'version-missing'],
    [{ version: { n: 2 } }, 'version-malformed'],
    [{ version: true }, 'version-malformed'],
  ])('that is %j in the body stops the recovery', async (shown, code) => {
    const write: RecoveringInit = { method: 'PUT', body: '{"version":1}' };
    const { response } = await writeThrough(field('/version'), write, json(shown));
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code });
  });

  it('that is weak in the write is told apart from none', async () => {
    const shown = json({}, { etag: 'W/"v2"' });
    expect(reportOf((await writeThrough(etag(), put({}, 'W/"v1"'), shown)).response)).toMatchObject({
      code: 'version-weak',
      message: expect.stringContaining('compression') as string,
    });
  });

  it('that is weak is sent as it is, or stripped, if the route says so', async () => {
    const shown = (): Response => json({}, { etag: 'W/"v2"' });
    const sent = await writeThrough(etag({ weak: 'send' }), put({}, 'W/"v1"'), shown());
    expect(sent.sent?.headers.get('if-match')).toBe('W/"v2"');
    const stripped = await writeThrough(etag({ weak: 'strip' }), put({}, 'W/"v1"'), shown());
    expect(stripped.sent?.headers.get('if-match')).toBe('"v2"');
  });

  it('that a page may not see is told apart from one that is not there', async () => {
    const hidden = json({});
    Object.defineProperty(hidden, 'type', { value: 'cors' });
    const { response } = await writeThrough(etag(), put({}), hidden);
    const report = reportOf(response);
    expect(report).toMatchObject({ code: 'version-hidden' });
    expect(report.outcome === 'failed' && report.message).toContain('Access-Control-Expose-Headers: ETag');
  });
});

describe('a write without a version', () => {
  const unversioned = { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } };

  it('is never sent again: there is nothing to compare', async () => {
    for (const status of [409, 412]) {
      const origin = new Origin({}).once('PUT', () => new Response(null, { status }));
      const response = await withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal() } })(
        url,
        unversioned,
      );
      expect(origin.requests).toHaveLength(1);
      expect(reportOf(response)).toMatchObject({ code: 'no-version', outcome: 'failed' });
    }
  });

  it.each(['*', '"v1", "v2"'])('counts %s as none', async (tag) => {
    const origin = new Origin({}).once('PUT', () => new Response(null, { status: 412 }));
    const response = await withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal() } })(
      url,
      put({}, tag),
    );
    expect(origin.requests).toHaveLength(1);
    expect(reportOf(response)).toMatchObject({ code: 'no-version' });
  });

  it('is merged and sent under the version that a 428 asks for', async () => {
    const origin = new Origin({ a: 1 }).once('PUT', () => new Response(null, { status: 428 }));
    let reason = '';
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: {
        merge: (context) => {
          reason = context.reason;
          return { ...(context.remote as object), b: 2 };
        },
      },
    });
    expect((await fetch(url, unversioned)).status).toBe(204);
    expect(origin.log).toEqual(['PUT 428', 'GET 200 "v1"', 'PUT 204 "v1"']);
    expect(reason).toBe('precondition-required');
    expect(origin.value).toEqual({ a: 1, b: 2 });
  });

  it('is not recovered when it asks for a new resource', async () => {
    const origin = new Origin({}).once('PUT', () => new Response(null, { status: 412 }));
    const create = { ...unversioned, headers: { 'if-none-match': '*' } };
    const response = await withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal() } })(
      url,
      create,
    );
    expect(origin.requests).toHaveLength(1);
    expect(reportOf(response)).toMatchObject({ code: 'exists' });
  });

  it('with a precondition that the route does not name stops, as it could not be renewed', async () => {
    const origin = new Origin({});
    for (const version of [field('/version'), header('X-Version')]) {
      origin.once('PUT', () => new Response(null, { status: 412 }));
      const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal(), version } });
      const response = await fetch(url, put({ version: 1 }, '"v1"', { headers: { 'x-version': '1' } }));
      expect(reportOf(response)).toMatchObject({ code: 'unknown-precondition' });
    }
    expect(origin.requests).toHaveLength(2);
  });
});

describe('a resource with no version at all', () => {
  const refuse = (): Response => new Response(null, { status: 409 });
  const write = { method: 'PUT', body: '{"a":2}', headers: { 'content-type': 'application/json' } };

  it('is written again when its state differs from the base', async () => {
    const origin = new Origin({ a: 0, b: 1 }).once('PUT', refuse);
    origin.once('PUT', () => new Response(null, { status: 204 }));
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal(), version: none() } });
    const response = await fetch(url, { ...write, base: { a: 0 } });
    expect(reportOf(response).outcome).toBe('merged');
  });

  it('is left alone when its state is the base: the refusal was about something else', async () => {
    const origin = new Origin({ a: 0 }).once('PUT', refuse);
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: keepLocal(), version: none(), retry: { backoffLimit: 0 } },
    });
    const response = await fetch(url, { ...write, base: { a: 0 } });
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'GET']);
    expect(reportOf(response)).toMatchObject({ code: 'no-progress' });
  });
});
