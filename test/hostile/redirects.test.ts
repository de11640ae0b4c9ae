import {
  createClient,
  header,
  idempotencyKey,
  keepLocal,
  withConflictRecovery,
  type RecoveryOptions,
  type RouteOptions,
} from 'remerge';
import { beforeEach, describe, expect, it } from 'vitest';
import { rejectionOf, reportOf } from '../support/write.ts';
import { answer, startServer, type Server } from './server.ts';
import { expectStop } from './stop.ts';

type Options = RecoveryOptions<Record<string, unknown>>;
const statuses = [301, 302, 303, 307, 308];
const json = { 'content-type': 'application/json' };
const secrets = {
  authorization: 'Bearer secret',
  cookie: 'session=secret',
  'x-api-key': 'secret',
  'x-csrf-token': 'secret',
  'x-tenant': 'secret',
};
const path = '/notes/42';

let home: Server;
let foreign: Server;
let note: string;

beforeEach(async () => {
  home = await startServer();
  foreign = await startServer();
  note = home.origin + path;
});

/** Has the server of the note redirect what is picked out, and refuse or show the rest. */
function redirecting(status: number, to: string, pick: (method: string, nth: number) => boolean): void {
  home.handle = ({ method = '', url: at = '' }, response) => {
    const nth = home.heard.filter((one) => one.method === method).length;
    if (at.startsWith('/next')) answer(response, status, { location: `${foreign.origin}/taken` });
    else if (at.startsWith(path) && pick(method, nth)) answer(response, status, { location: to });
    else if (method === 'GET') answer(response, 200, { ...json, etag: `"v${String(nth + 1)}"` }, '{"n":2}');
    else answer(response, nth === 1 && at.startsWith(path) ? 412 : 204);
  };
}

/** A write of a note that names its version. */
function write(options: Options = {}, fetch = globalThis.fetch): Promise<Response> {
  const headers = { ...json, ...secrets, 'if-match': '"v1"' };
  const recovering = withConflictRecovery(fetch, {
    ...options,
    defaults: { merge: keepLocal(), retry: { delay: () => 0 }, ...options.defaults },
  });
  return recovering(`${note}?token=secret`, { method: 'PUT', body: '{"n":3}', headers });
}

const ways: readonly (readonly [string, () => string])[] = [
  ['an address on the same origin', () => `${home.origin}/moved`],
  ['another origin', () => `${foreign.origin}/taken`],
  ['itself', () => note],
  ['an address that leads to another origin', () => `${home.origin}/next`],
];
const matrix = statuses.flatMap((status) => ways.map(([name, to]) => [status, name, to] as const));

describe('a server that redirects', () => {
  it.each(matrix)('by %i the re-read to %s ends the write', async (status, _, to) => {
    redirecting(status, to(), (method) => method === 'GET');
    const response = await write();
    expectStop(response, 'redirect', { at: note });
    expect(reportOf(response)).toMatchObject({ maybeApplied: false });
    expect(response.status).toBe(412);
    expect(methodsOf(home)).toEqual(['PUT', 'GET']);
    expect(foreign.heard).toEqual([]);
  });

  it.each(matrix)('by %i the second write to %s ends it', async (status, _, to) => {
    redirecting(status, to(), (method, nth) => method === 'PUT' && nth === 2);
    const response = await write();
    expectStop(response, 'redirect', { at: note });
    expect(reportOf(response)).toMatchObject({ maybeApplied: true });
    expect(response.status).toBe(status);
    expect(methodsOf(home)).toEqual(['PUT', 'GET', 'PUT']);
    expect(foreign.heard).toEqual([]);
  });

  it.each(matrix)('by %i a write that has a key or an id of ours to %s ends it', async (status, _, to) => {
    for (const writeId of [idempotencyKey(), header('X-Last-Write')]) {
      redirecting(status, to(), () => true);
      expectStop(await write({ defaults: { writeId } }), 'redirect', { at: note });
    }
    expect(methodsOf(home)).toEqual(['PUT', 'PUT']);
    expect(home.heard[0]?.headers['idempotency-key']).toMatch(/^"[\w-]+"$/);
    expect(home.heard[1]?.headers['x-last-write']).toMatch(/^[\w-]+$/);
    expect(foreign.heard).toEqual([]);
  });

  it.each(matrix)('by %i what looks after a lost answer to %s leaves it in doubt', async (status, _, to) => {
    redirecting(status, to(), (method) => method === 'GET');
    const refuse = home.handle;
    home.handle = (request, response) => {
      if (request.method === 'PUT') request.socket.destroy();
      else refuse(request, response);
    };
    const error = await rejectionOf(write());
    expectStop(error, 'outcome-unknown', { at: note });
    expect(methodsOf(home)).toEqual(['PUT', 'GET']);
    expect(foreign.heard).toEqual([]);
  });

  it('by 307 the same write, sent again after a lost answer, ends it', async () => {
    redirecting(307, `${foreign.origin}/taken`, (method, nth) => method === 'PUT' && nth === 2);
    const serve = home.handle;
    home.handle = (request, response) => {
      if (methodsOf(home).join() === 'PUT') request.socket.destroy();
      else if (request.method === 'GET') answer(response, 200, { ...json, etag: '"v1"' }, '{"n":1}');
      else serve(request, response);
    };
    const response = await write();
    expectStop(response, 'redirect', { at: note });
    expect(methodsOf(home)).toEqual(['PUT', 'GET', 'PUT']);
    expect(foreign.heard).toEqual([]);
  });
});

describe('a first write of the caller’s own that is redirected', () => {
  it.each(statuses)(
    'by %i to another origin goes where fetch takes it, and as fetch does',
    async (status) => {
      redirecting(status, `${foreign.origin}/taken`, (method) => method === 'PUT');
      const headers = { ...json, ...secrets, 'if-match': '"v1"' };
      await fetch(note, { method: 'PUT', body: '{"n":3}', headers });
      await write();
      const [plain, ours] = foreign.heard;
      expect(plain?.headers['x-api-key']).toBe('secret');
      expect(ours).toEqual(plain);
      expect(foreign.heard).toHaveLength(2);
    },
  );

  it.each(statuses.flatMap((status) => [409, 412, 503].map((refusal) => [status, refusal] as const)))(
    'by %i and refused there with %i is not recovered, and may have been made',
    async (status, refusal) => {
      redirecting(status, `${foreign.origin}/taken`, (method) => method === 'PUT');
      foreign.handle = (_, response) => answer(response, refusal);
      const response = await write();
      expect(response.status).toBe(refusal);
      expectStop(response, refusal === 503 ? 'not-a-conflict' : 'redirect', { at: note });
      expect(reportOf(response)).toMatchObject({ maybeApplied: true });
      expect(home.heard.length + foreign.heard.length).toBe(2);
    },
  );

  it.each(statuses.filter((status) => status !== 303))('by %i in a circle ends in doubt', async (status) => {
    redirecting(status, note, () => true);
    const error = await rejectionOf(write());
    expectStop(error, 'outcome-unknown', { at: note });
    // Fetch itself gives up after twenty; ours is one look.
    expect(home.heard).toHaveLength(22);
    expect(methodsOf(home).at(-1)).toBe('GET');
  });
});

describe('a fetch that follows redirects although it is told not to', () => {
  const following: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'follow' });

  it.each(statuses)('by %i does not make a state of what another address shows', async (status) => {
    for (const to of [`${home.origin}/moved`, `${foreign.origin}/taken`]) {
      home.heard.length = 0;
      redirecting(status, to, (method) => method === 'GET');
      expectStop(await write({}, following), 'redirect', { at: note });
      expect(methodsOf(home).filter((method) => method === 'PUT')).toHaveLength(1);
    }
    expect(methodsOf(foreign)).toEqual(['GET']);
  });

  it.each(statuses)('by %i does not make a success of what another address answers', async (status) => {
    redirecting(status, `${foreign.origin}/taken`, (method, nth) => method === 'PUT' && nth === 2);
    const response = await write({}, following);
    expectStop(response, 'redirect', { at: note });
    expect(reportOf(response)).toMatchObject({ maybeApplied: true });
    expect(foreign.heard).toHaveLength(1);
  });

  it('and does not say so, is found out by the address of the answer', async () => {
    redirecting(307, '', () => false);
    const revealing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (init?.method === 'GET')
        Object.defineProperty(response, 'url', { value: `${foreign.origin}${path}` });
      return response;
    };
    expectStop(await write({}, revealing), 'redirect', { at: note });
    expect(methodsOf(home)).toEqual(['PUT', 'GET']);
  });
});

describe('a client whose headers are secrets', () => {
  /** A handle whose token is made for each request. */
  function handle(more: object = {}) {
    const { authorization, ...others } = secrets;
    const headers = () => ({ authorization, ...others });
    const routes = { 'notes/:id': { merge: keepLocal() } };
    const client = createClient({
      baseUrl: home.origin,
      headers,
      routes,
      retry: 0,
      ...more,
      defaults: { retry: { delay: () => 0 } },
    });
    return client.resource('notes/:id', { id: '42' });
  }

  it.each(matrix)(
    'takes none of them along where %i leads the read of an update to %s',
    async (status, _, to) => {
      redirecting(status, to(), (method) => method === 'GET');
      const error = await rejectionOf(handle().update(() => ({ n: 3 })));
      expectStop(error, 'redirect', { method: 'GET', at: note });
      expect(methodsOf(home)).toEqual(['GET']);
      expect(foreign.heard).toEqual([]);
    },
  );

  it.each(matrix)(
    'takes none of them along where %i leads the write of an update to %s',
    async (status, _, to) => {
      redirecting(status, to(), (method) => method === 'PUT');
      const error = await rejectionOf(handle().update(() => ({ n: 3 })));
      expectStop(error, 'redirect', { at: note });
      expect(methodsOf(home)).toEqual(['GET', 'PUT']);
      expect(foreign.heard).toEqual([]);
    },
  );

  it.each(matrix)('takes none of them along where %i leads a recovery to %s', async (status, _, to) => {
    for (const step of ['GET 2', 'PUT 2']) {
      home.heard.length = 0;
      redirecting(status, to(), (method, nth) => `${method} ${String(nth)}` === step);
      expectStop(await rejectionOf(handle().update(() => ({ n: 3 }))), 'redirect', { at: note });
    }
    expect(home.heard.every(({ headers }) => headers['x-api-key'] === 'secret')).toBe(true);
    expect(foreign.heard).toEqual([]);
  });

  it('takes none of them along where the route, or the one who refuses, names another origin', async () => {
    redirecting(307, '', () => false);
    const elsewhere = (): string => `${foreign.origin}/taken`;
    expectStop(await write({ defaults: { server: { readFrom: elsewhere } } }), 'redirect', { at: note });
    const creating: RouteOptions = {
      ...{ methods: ['POST'], onConflict: { exists: 'merge' } },
      server: { create: { find: elsewhere } },
    };
    const recovering = withConflictRecovery(fetch, { defaults: { merge: keepLocal(), ...creating } });
    const init = { method: 'POST', body: '{"n":3}', headers: { ...json, ...secrets } };
    expectStop(await recovering(note, init), 'redirect', { method: 'POST', at: note });
    expect(foreign.heard).toEqual([]);
  });
});

function methodsOf({ heard }: Server): readonly string[] {
  return heard.map(({ method }) => method);
}
