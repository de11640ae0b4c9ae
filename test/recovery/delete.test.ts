import {
  field,
  isRecoveryError,
  keepLocal,
  query,
  withConflictRecovery,
  type RecoveryOptions,
} from 'remerge';
import { describe, expect, it } from 'vitest';
import { Origin } from '../support/origin.ts';
import { rejectionOf, reportOf, url } from '../support/write.ts';

const remove = { method: 'DELETE', headers: { 'if-match': '"v1"' } };

/** A DELETE of a resource that has changed since. */
async function deleted(
  options: RecoveryOptions<Record<string, unknown>>,
  prepare?: (origin: Origin) => void,
) {
  const origin = new Origin({ n: 1 });
  origin.change({ n: 2 });
  origin.once('DELETE', () => new Response('changed', { status: 412 }));
  origin.once(
    'DELETE',
    (request) => new Response(null, { status: request.headers.get('if-match') === origin.tag ? 204 : 412 }),
  );
  prepare?.(origin);
  const fetch = withConflictRecovery(origin.fetch, {
    ...options,
    defaults: { merge: keepLocal(), ...options.defaults },
  });
  const response = await fetch(url, { ...remove, base: { n: 1 } });
  return { origin, response, report: reportOf(response) };
}

describe('a delete of what has changed', () => {
  it('fails by default, with the server’s own answer', async () => {
    const { origin, response, report } = await deleted({});
    expect(origin.log).toEqual(['DELETE 412 "v1"', 'GET 200 "v2"']);
    expect(response.status).toBe(412);
    expect(report).toMatchObject({ outcome: 'failed', code: 'changed' });
  });

  it('deletes the newer version where the route says so', async () => {
    const { origin, report } = await deleted({ defaults: { onConflict: { changed: 'delete' } } });
    expect(origin.log).toEqual(['DELETE 412 "v1"', 'GET 200 "v2"', 'DELETE 204 "v2"']);
    expect(report).toMatchObject({ outcome: 'merged' });
  });

  it('asks a function of the two states', async () => {
    const seen: unknown[] = [];
    const decide = (answer: 'fail' | 'delete') => (states: unknown) => {
      seen.push(states);
      return answer;
    };
    expect((await deleted({ defaults: { onConflict: { changed: decide('fail') } } })).report).toMatchObject({
      code: 'changed',
    });
    expect((await deleted({ defaults: { onConflict: { changed: decide('delete') } } })).report).toMatchObject(
      { outcome: 'merged' },
    );
    const states = { base: { n: 1 }, remote: { n: 2 } };
    expect(seen).toEqual([states, states]);
  });

  it('carries the fresh version where the route has it, in the query, too', async () => {
    const origin = new Origin({ _rev: '2-b' }).once('DELETE', () => new Response(null, { status: 409 }));
    origin.once('DELETE', () => new Response(null, { status: 200 }));
    const version = { read: field('/_rev'), write: query('rev') };
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: keepLocal(), version, onConflict: { changed: 'delete' } },
    });
    await fetch(`${url}?rev=1-a`, { method: 'DELETE' });
    expect(origin.requests.map((request) => request.url)).toEqual([`${url}?rev=1-a`, url, `${url}?rev=2-b`]);
    expect(origin.requests.at(-1)?.headers.get('content-type')).toBeNull();
  });
});

describe('a delete on a route whose version stands in the body', () => {
  const version = field('/version');

  it('is not sent without: it has no body, and nothing would protect it', async () => {
    const origin = new Origin({ version: 1 });
    const fetch = withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal(), version } });
    const base: unknown = await (await fetch(url)).json();
    const error = await rejectionOf(fetch(url, { method: 'DELETE', base }));
    expect(isRecoveryError(error) && error.code).toBe('no-version');
    // A copy has its version within.
    const copy = await rejectionOf(fetch(url, { method: 'DELETE', base: { version: 1 } }));
    expect(isRecoveryError(copy) && copy.code).toBe('no-version');
    // Where it hasn't, what is there is looked for first.
    const bare = await rejectionOf(fetch(url, { method: 'DELETE', base: {} }));
    expect(reportOf(bare)).toMatchObject({ code: 'no-version', maybeApplied: false });
    expect(origin.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('carries it in a body where the route says so', async () => {
    const origin = new Origin({ version: 1 }).once('DELETE', () => new Response(null, { status: 204 }));
    const fetch = withConflictRecovery(origin.fetch, {
      defaults: { merge: keepLocal(), version: { read: version, write: version, remove: version } },
    });
    const base: unknown = await (await fetch(url)).json();
    await fetch(url, { method: 'DELETE', base });
    expect(await origin.requests.at(-1)?.json()).toEqual({ version: 1 });
  });
});

describe('a delete that finds nothing left', () => {
  it('is a success when it is read again', async () => {
    const { origin, response, report } = await deleted({}, (server) => server.remove());
    expect(origin.log).toEqual(['DELETE 412 "v1"', 'GET 404']);
    expect(response.status).toBe(204);
    expect(report).toMatchObject({ outcome: 'already-applied' });
  });

  it('is a success when it is sent again', async () => {
    const { response, report } = await deleted(
      { defaults: { onConflict: { changed: 'delete' } } },
      (origin) => {
        const { fetch } = origin;
        Object.assign(origin, {
          fetch: async (...call: Parameters<typeof fetch>) => {
            const answer = await fetch(...call);
            if (call[1]?.method === 'DELETE' && answer.status === 204)
              return new Response(null, { status: 404 });
            return answer;
          },
        });
      },
    );
    expect(response.status).toBe(204);
    expect(report).toMatchObject({
      outcome: 'already-applied',
      attempts: [{ status: 412 }, { status: 404 }],
    });
  });

  it('is the server’s own answer when it is the first', async () => {
    const origin = new Origin({}).once('DELETE', () => new Response(null, { status: 404 }));
    const response = await withConflictRecovery(origin.fetch, { defaults: { merge: keepLocal() } })(
      url,
      remove,
    );
    expect(response.status).toBe(404);
    expect(reportOf(response)).toMatchObject({ outcome: 'failed', code: 'not-a-conflict' });
  });
});
