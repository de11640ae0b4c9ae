import { createClient, keepLocal, type ClientOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { baseUrl } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { Origin } from '../support/origin.ts';
import { oneUser } from '../support/users.ts';
import { rejectionOf, reportOf } from '../support/write.ts';

const headers = { 'content-type': 'application/json', 'if-match': '"v1"' };

function asked(body: BodyInit): Request {
  return new Request(`${baseUrl}notes/42`, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit);
}

function client(options: ClientOptions<object> = {}) {
  const origin = new Origin({ n: 1 });
  const clock = new VirtualClock();
  const { fetch } = origin;
  const routes = { 'notes/:id': { merge: keepLocal() } };
  return { origin, clock, api: createClient({ fetch, clock, scope: oneUser, routes, ...options }) };
}

/** The start of a document, whose end never comes. */
function stalling(): ReadableStream {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"n":')),
  });
}

/** A fetch whose answer never comes, unless its signal ends it. */
const hearing: typeof fetch = (input, init) =>
  new Promise((_, reject) => {
    const { signal } = new Request(input, init);
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe('a Request that a client is given', () => {
  it('recovers, as it keeps a copy of the body', async () => {
    const { origin, api, clock } = client();
    origin.overtake({ n: 2 });
    const response = await clock.run(api(asked('{"n":3}')));
    expect([reportOf(response).outcome, origin.value]).toEqual(['merged', { n: 3 }]);
    expect(origin.log).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
  });

  it('recovers under the headers and the address that a hook gave it', async () => {
    const hook = ({ request }: { readonly request: Request }): Request => {
      const next = new Request(`${request.url}?by=hook`, request);
      next.headers.set('x-own', 'h');
      return next;
    };
    const { origin, api, clock } = client({ hooks: { beforeRequest: [hook] } });
    origin.overtake({ n: 2 });
    await clock.run(api(asked('{"n":3}')));
    expect(origin.value).toEqual({ n: 3 });
    for (const request of origin.requests) {
      expect(request.url).toBe(`${baseUrl}notes/42?by=hook`);
      expect(request.headers.get('x-own')).toBe('h');
    }
  });

  it('ends with the time of the whole write where its body stalls', async () => {
    const { api, clock } = client({ totalTimeout: 500, fetch: hearing });
    const start = clock.now();
    const error = await rejectionOf(clock.run(api(asked(stalling()))));
    expect(error).toMatchObject({ name: 'RecoveryError', code: 'timeout' });
    expect(clock.now() - start).toBe(500);
  });

  it('hears the signal of its call while its body stalls', async () => {
    const { api, clock } = client({ fetch: hearing });
    const control = new AbortController();
    const writing = rejectionOf(api(asked(stalling()), { signal: control.signal }));
    await clock.idle();
    control.abort(new Error('enough'));
    expect(await clock.run(writing)).toMatchObject({ message: 'enough' });
  });
});
