import {
  createClient,
  defineRoute,
  keepLocal,
  keepRemote,
  recoveryOf,
  withConflictRecovery,
  type MergeContext,
} from 'remerge';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { compilePattern } from '../../src/core/pattern.ts';
import { Origin } from '../support/origin.ts';
import { put, reportOf } from '../support/write.ts';

const merge = keepLocal();
const host = 'https://api.test';

/** Whether a client recovers a stale write to an address. */
async function recovers(
  options: Parameters<typeof withConflictRecovery>[1],
  address: string,
  method = 'PUT',
): Promise<boolean> {
  const origin = new Origin({ a: 1 });
  origin.change({ a: 2 });
  const response = await withConflictRecovery(origin.fetch, options)(
    address,
    put({ a: 3 }, '"v1"', { method }),
  );
  return response.status === 204;
}

describe('a route', () => {
  it.each([
    ['notes/:id', '/notes/42', true],
    ['/notes/:id', '/notes/42', true],
    ['notes/:id', '/notes/42?x=/y#z', true],
    ['notes/:id', '/notes', false],
    ['notes/:id', '/notes/42/tags', false],
    ['notes/:id', '/api/notes/42', false],
    ['notes/:id', '/NOTES/42', false],
    ['notes/:id/tags/:tag', '/notes/42/tags/a%2Fb', true],
    ['files/*', '/files/a/b/c.txt', true],
    ['files/*', '/files', false],
    ['a.b/:id', '/axb/1', false],
    ['*', '/anything/at/all', true],
  ])('%s is for %s: %s', async (path, address, expected) => {
    expect(await recovers({ routes: { [path]: { merge } } }, host + address)).toBe(expected);
  });

  it('may be a URLPattern', async () => {
    // Node 24 has it; TypeScript's DOM library describes it.
    const options = { routes: [defineRoute(new URLPattern({ pathname: '/notes/:id(\\d+)' }), { merge })] };
    expect(await recovers(options, `${host}/notes/42`)).toBe(true);
    expect(await recovers(options, `${host}/notes/x`)).toBe(false);
  });

  it('may be a test of the URL', async () => {
    const options = { routes: [defineRoute((url) => url.searchParams.has('safe'), { merge })] };
    expect(await recovers(options, `${host}/notes?safe`)).toBe(true);
    expect(await recovers(options, `${host}/notes`)).toBe(false);
  });

  it('may name its origin: as a whole URL it is for that one alone', async () => {
    const options = { routes: { [`${host}/notes/:id`]: { merge } } };
    expect(await recovers(options, `${host}/notes/1`)).toBe(true);
    expect(await recovers(options, `https://other.test/notes/1`)).toBe(false);
    expect(await recovers(options, `${host}:8443/notes/1`)).toBe(false);
    expect(await recovers({ routes: [defineRoute(`${host}/notes/:id`, { merge })] }, `${host}/notes/1`)).toBe(
      true,
    );
    for (const path of [host, `${host}/a*`])
      expect(() => withConflictRecovery(fetch, { routes: { [path]: { merge } } })).toThrow('path pattern');
  });

  it('that names its origin goes before one for any, if it comes first', async () => {
    const routes = { [`${host}/notes/:id`]: { merge: keepRemote() }, 'notes/:id': { merge } };
    const outcomes = [host, 'https://other.test'].map(async (at) => {
      const origin = new Origin({ a: 1 });
      origin.change({ a: 2 });
      const response = await withConflictRecovery(origin.fetch, { routes })(`${at}/notes/1`, put({ a: 3 }));
      return reportOf(response).outcome;
    });
    expect(await Promise.all(outcomes)).toEqual(['unchanged', 'merged']);
  });

  it('of a client may name an origin that is not the client’s', async () => {
    const origin = new Origin({ a: 1 });
    const routes = { [`${host}/notes/:id`]: { merge } };
    const api = createClient({ baseUrl: 'https://other.test/', fetch: origin.fetch, routes });
    const write = async (at: string): Promise<number> => {
      origin.change({ a: 2 });
      const headers = { 'if-match': '"v0"' };
      return (await api.put(`${at}/notes/1`, { json: { a: 3 }, headers, throwHttpErrors: false })).status;
    };
    expect(await write(host)).toBe(204);
    expect(await write('https://other.test')).toBe(412);
    expect(api.resource(`${host}/notes/:id`, { id: 7 }).url.href).toBe(`${host}/notes/7`);
  });

  it('recovers PUT, and other methods only if it names them', async () => {
    expect(await recovers({ routes: { 'a/:id': { merge } } }, `${host}/a/1`, 'POST')).toBe(false);
    expect(await recovers({ routes: { 'a/:id': { merge, methods: ['POST'] } } }, `${host}/a/1`, 'POST')).toBe(
      true,
    );
    expect(await recovers({ routes: { 'a/:id': { merge, methods: ['POST'] } } }, `${host}/a/1`, 'PUT')).toBe(
      false,
    );
  });

  it('that comes first wins, in an object and in a list', async () => {
    const first = { merge: keepRemote() };
    const address = `${host}/notes/special`;
    for (const routes of [
      { 'notes/special': first, 'notes/:id': { merge } },
      [defineRoute('notes/special', first), defineRoute('notes/:id', { merge })],
    ]) {
      const origin = new Origin({ a: 1 });
      origin.change({ a: 2 });
      const response = await withConflictRecovery(origin.fetch, { routes })(address, put({ a: 3 }));
      expect(reportOf(response).outcome).toBe('unchanged');
    }
  });

  it('wins over all that come later, whatever their forms', async () => {
    const segment = fc.constantFrom('a', 'b', ':id', 'a.b');
    const pattern = fc
      .tuple(fc.array(segment, { maxLength: 3 }), fc.constantFrom('', '/', '/*'))
      .map(([segments, end]) => (segments.join('/') + end).replace(/^\/\*$/, '*'));
    const path = fc.array(fc.constantFrom('a', 'b', 'a.b', ''), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(pattern, { maxLength: 8 }),
        path,
        fc.nat(8),
        async (patterns, segments, at) => {
          const { pathname } = new URL(`${host}/${segments.join('/')}`);
          const tests = patterns.map((pattern) => compilePattern(pattern));
          tests.splice(at, 0, (given) => given.startsWith('/a/b'));
          let taken = -1;
          const routes = [...patterns.slice(0, at), undefined, ...patterns.slice(at)].map((pattern, index) =>
            defineRoute(pattern ?? (({ pathname }) => pathname.startsWith('/a/b')), {
              merge: ({ local }) => {
                taken = index;
                return local;
              },
            }),
          );
          await recovers({ routes }, host + pathname);
          expect(taken).toBe(tests.findIndex((matches) => matches(pathname)));
        },
      ),
      { seed: 8, numRuns: 300 },
    );
  });

  it('takes what it does not say from the options for all routes', async () => {
    const options = {
      defaults: { merge, retry: 0 },
      routes: { 'a/:id': {}, 'b/:id': { retry: 1 }, 'c/:id': { retry: undefined } },
    };
    expect(await recovers(options as never, `${host}/a/1`)).toBe(false);
    expect(await recovers(options as never, `${host}/b/1`)).toBe(true);
    expect(await recovers(options as never, `${host}/c/1`)).toBe(false);
  });

  it('knows the type of its values from its schema, or from its merge', () => {
    const schema = z.object({ title: z.string() });
    withConflictRecovery(fetch, {
      routes: {
        'notes/:id': {
          schema,
          merge: ({ local, remote, base }) => {
            expectTypeOf(local).toEqualTypeOf<{ title: string }>();
            expectTypeOf(base).toEqualTypeOf<{ title: string } | undefined>();
            return remote;
          },
        },
        'boards/:id': {
          merge: ({ local }: MergeContext<{ cards: string[] }>) => local,
        },
      },
    });
    defineRoute('notes/:id', { schema, merge: ({ local }) => ({ title: local.title }) });
    // @ts-expect-error -- A merge returns the route's value.
    defineRoute('notes/:id', { schema, merge: () => ({ titel: 'misspelt' }) });
  });
});

describe('a client without routes', () => {
  it('covers every write with its merge', async () => {
    expect(await recovers({ defaults: { merge } }, `${host}/any/where`)).toBe(true);
  });
});

describe('a write that no route is for', () => {
  it('is the caller’s own affair, and has no report', async () => {
    const origin = new Origin({});
    const fetch = withConflictRecovery(origin.fetch, { routes: { 'notes/:id': { merge } } });
    const response = await fetch(`${host}/elsewhere`, put({}, '"v0"'));
    expect(response.status).toBe(412);
    expect(recoveryOf(response)).toBeUndefined();
  });
});
