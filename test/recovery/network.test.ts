import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { isRecoveryError, keepLocal, withConflictRecovery, type MergeContext } from 'remerge';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { put, rejectionOf, reportOf, url } from '../support/write.ts';

// Here the fetch is the runtime's own, so that its redirects, errors and bodies are, too.
const network = setupServer();
const log: string[] = [];
beforeAll(() => {
  network.listen({ onUnhandledFrame: 'error' });
  network.events.on('response:mocked', ({ request, response }) => {
    log.push(`${request.method} ${String(response.status)} ${new URL(request.url).host}`);
  });
});
afterEach(() => {
  network.resetHandlers();
  log.length = 0;
});
afterAll(() => {
  network.close();
});

const stale = () => http.put(url, () => new HttpResponse('moved on', { status: 412 }), { once: true });
const merge = ({ local, remote }: MergeContext<object>): object => ({ ...remote, ...local });

describe('the fetch of the runtime, wrapped', () => {
  it('recovers a write', async () => {
    let written: unknown;
    network.use(
      stale(),
      http.get(url, () => HttpResponse.json({ b: 1 }, { headers: { etag: '"v2"' } })),
      http.put(url, async ({ request }) => {
        written = await request.json();
        return new HttpResponse(null, { status: request.headers.get('if-match') === '"v2"' ? 204 : 412 });
      }),
    );
    const response = await withConflictRecovery(fetch, { defaults: { merge } })(url, put({ a: 2 }));
    expect(response.status).toBe(204);
    expect(written).toEqual({ a: 2, b: 1 });
    expect(log).toEqual(['PUT 412 api.test', 'GET 200 api.test', 'PUT 204 api.test']);
  });

  it.each([301, 302, 303, 307, 308])(
    'follows no %i to another origin, neither to read nor to write',
    async (status) => {
      const away = new HttpResponse(null, { status, headers: { location: 'https://evil.test/steal' } });
      network.use(
        stale(),
        http.get(url, () => away, { once: true }),
      );
      const recovering = withConflictRecovery(fetch, { defaults: { merge: keepLocal() } });
      const secret = { headers: { authorization: 'Bearer t', 'x-csrf': 'u' } };
      expect(reportOf(await recovering(url, put({}, '"v1"', secret)))).toMatchObject({ code: 'redirect' });

      network.resetHandlers(
        stale(),
        http.get(url, () => HttpResponse.json({}, { headers: { etag: '"v2"' } })),
        http.put(url, () => away.clone()),
      );
      const response = await recovering(url, put({ a: 1 }, '"v1"', secret));
      expect(response.status).toBe(status);
      expect(reportOf(response)).toMatchObject({ maybeApplied: true });
      expect(log.filter((line) => line.includes('evil'))).toEqual([]);
      expect(log).toHaveLength(5);
    },
  );

  it('gives the caller the runtime’s own error as the cause', async () => {
    network.use(
      http.put(url, () => HttpResponse.error()),
      http.get(url, () => HttpResponse.error()),
    );
    const clock = new VirtualClock();
    const recovering = withConflictRecovery(fetch, { clock, defaults: { merge: keepLocal() } });
    const error = await rejectionOf(clock.run(recovering(url, put({}))));
    expect(reportOf(error)).toMatchObject({ code: 'outcome-unknown', maybeApplied: true });
    expect(isRecoveryError(error) && error.cause).toBeInstanceOf(TypeError);
  });

  it('reads a body that breaks off as no representation', async () => {
    const broken = (): ReadableStream =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"a":'));
          controller.error(new Error('reset'));
        },
      });
    const headers = { etag: '"v2"', 'content-type': 'application/json' };
    network.use(
      stale(),
      http.get(url, () => new HttpResponse(broken(), { headers })),
    );
    const clock = new VirtualClock();
    const recovering = withConflictRecovery(fetch, { clock, defaults: { merge: keepLocal(), retry: 2 } });
    const response = await clock.run(recovering(url, put({})));
    expect(response.status).toBe(412);
    expect(reportOf(response)).toMatchObject({ code: 'read-error' });
    // And again, for as often as the limit allows.
    expect(log).toHaveLength(1 + 3);
  });
});
