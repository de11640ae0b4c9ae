import { field, keepLocal, withConflictRecovery } from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin, type Handler } from '../support/origin.ts';
import { recovering } from '../support/recovering.ts';
import { put, reportOf, url } from '../support/write.ts';

const etag = '"v2"';
const json = { etag, 'content-type': 'application/json' };
const shows =
  (body: BodyInit | null, init: ResponseInit = {}): Handler =>
  () =>
    new Response(body, init);

describe('a re-read that shows no representation to merge', () => {
  it.each<[string, Handler, string]>([
    ['a resource that is not there', shows('', { status: 404 }), 'gone'],
    ['a resource that is gone for good', shows('', { status: 410 }), 'gone'],
    ['credentials that are no longer good', shows('', { status: 401 }), 'unauthorized'],
    ['a resource that may not be read', shows('', { status: 403 }), 'unauthorized'],
    ['a redirect', shows('', { status: 307, headers: { location: 'https://evil.test/' } }), 'redirect'],
    ['nothing new', shows(null, { status: 304 }), 'read-error'],
    ['a part', shows('{"n"', { status: 206, headers: json }), 'read-error'],
    ['no content', shows(null, { status: 204, headers: { etag } }), 'read-error'],
    ['a server that can’t', shows('', { status: 501 }), 'read-error'],
    [
      'another content type',
      shows('<html>', { headers: { etag, 'content-type': 'text/html' } }),
      'content-type',
    ],
    ['broken JSON', shows('{"n":', { headers: json }), 'malformed-body'],
    ['JSON that is nested without end', shows('['.repeat(999_999), { headers: json }), 'too-deep'],
    [
      'an ETag that no header could hold',
      shows('{}', { headers: { ...json, etag: `"${'v'.repeat(8191)}"` } }),
      'version-malformed',
    ],
    ['an empty body', shows('', { headers: json }), 'malformed-body'],
    [
      'text in another encoding',
      shows(new Uint8Array([0x22, 0xe9, 0x22]), { headers: json }),
      'malformed-body',
    ],
    ['a body over the cap', shows(JSON.stringify('x'.repeat(2000)), { headers: json }), 'too-large'],
  ])('%s stops the write by its own code, and the caller gets the refusal', async (_, shown, code) => {
    const origin = new Origin({ n: 1 }).once('GET', shown);
    origin.change({ n: 2 });
    const maxBytes = code === 'too-deep' ? 1_000_000 : 1000;
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal(), maxBytes } });

    const response = await fetch(url, put({ n: 3 }));

    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
    expect(response.status).toBe(412);
    expect(await response.text()).toBe('It has moved on');
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code, maybeApplied: false });
    expect(origin.value).toEqual({ n: 2 });
  });

  it('lets go of a body without end as soon as it is over the cap', async () => {
    let cancelled = false;
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1000;
        controller.enqueue(new Uint8Array(1000));
      },
      cancel() {
        cancelled = true;
      },
    });
    const origin = new Origin({ n: 1 }).once('GET', shows(endless, { headers: json }));
    origin.change({ n: 2 });
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal(), maxBytes: 5000 } });
    expect(reportOf(await fetch(url, put({ n: 3 })))).toMatchObject({ code: 'too-large' });
    expect(cancelled).toBe(true);
    expect(sent).toBeLessThan(20_000);
  });

  it('works with JSON as deep as allowed, whatever its texts hold', async () => {
    const deep = `${'['.repeat(1000)}"[\\"{[${'['.repeat(2000)}"${']'.repeat(1000)}`;
    const origin = new Origin([1]);
    origin.change(deep);
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal() } });
    expect(reportOf(await fetch(url, put([3]))).outcome).toBe('merged');
    const over = new Origin([1]);
    over.change(`[${deep}]`);
    const refusing = withConflictRecovery(over.fetch, { defaults: { merge: keepLocal() } });
    expect(reportOf(await refusing(url, put([3])))).toMatchObject({ code: 'too-deep', maybeApplied: false });
  });

  it('works with a version as long as a header may be, in the body, too', async () => {
    const version = field('/rev');
    for (const [length, outcome] of [
      [8192, 'merged'],
      [8193, 'failed'],
    ] as const) {
      const origin = new Origin({ rev: 'a' }).once('PUT', shows('', { status: 409 }));
      origin.change({ rev: 'b'.repeat(length) });
      origin.once('PUT', shows(null, { status: 204 }));
      const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal(), version } });
      expect(reportOf(await fetch(url, { method: 'PUT', body: '{"rev":"a","n":1}' })).outcome).toBe(outcome);
    }
  });

  it('works with a representation just at the cap', async () => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: keepLocal(), maxBytes: '{"n":2}'.length },
    });
    expect(reportOf(await fetch(url, put({ n: 3 }))).outcome).toBe('merged');
  });
});

describe('a second write that is answered by something else', () => {
  it.each([
    [300, 'redirect', true],
    [301, 'redirect', true],
    [400, 'not-a-conflict', false],
    [404, 'gone', false],
    [501, 'not-a-conflict', false],
  ])(
    '%i goes to the caller, with a report that it may or may not have been made',
    async (status, code, maybeApplied) => {
      const origin = new Origin({ n: 1 });
      origin.change({ n: 2 });
      origin
        .once('PUT', shows('moved on', { status: 412 }))
        .once('PUT', shows('', { status, headers: { location: '/' } }));
      const response = await withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal() } })(
        url,
        put({ n: 3 }),
      );
      expect(response.status).toBe(status);
      expect(reportOf(response)).toMatchObject({
        code,
        maybeApplied,
        attempts: [{ status: 412 }, { status }],
      });
      expect(origin.requests.at(-1)?.redirect).toBe('manual');
    },
  );

  it.each<[string, Handler]>([
    ['500', shows('', { status: 500 })],
    ['a lost connection', () => Promise.reject(new TypeError('fetch failed'))],
  ])('%s is looked into, and the same goes out again where nothing has changed', async (_, lost) => {
    const origin = new Origin({ n: 1 });
    origin.change({ n: 2 });
    origin.once('PUT', () => undefined).once('PUT', lost);
    const response = await recovering(origin)(url, put({ n: 3 }));
    expect(origin.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT', 'GET', 'PUT']);
    expect(origin.log.at(-1)).toBe('PUT 204 "v2"');
    expect(reportOf(response)).toMatchObject({ outcome: 'merged', attempts: [{}, {}, { status: 204 }] });
  });
});
