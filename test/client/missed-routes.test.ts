import { createClient, keepLocal, withConflictRecovery } from 'remerge';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Origin } from '../support/origin.ts';

const put = { method: 'PUT', body: '{}' };

/** What was told, by a wrapped fetch with one route, of some writes. */
async function toldOf(path: string, ...calls: readonly (readonly [url: string, init?: RequestInit])[]) {
  const fetch = withConflictRecovery(new Origin({}).fetch, { routes: { [path]: { merge: keepLocal() } } });
  for (const [url, init = put] of calls) await fetch(url, init);
  return vi.mocked(console.warn).mock.calls.map(([text]) => String(text));
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a write that just misses a route', () => {
  it.each([
    ['notes/:id', 'https://api.test/v1/notes/42?key=secret', "so write 'v1/notes/:id'"],
    ['notes/:id', 'https://api.test/notes/42/', 'the path has a slash too many at its end'],
    ['notes/:id/', 'https://api.test/notes/42', 'the path lacks a slash at its end'],
    ['notes/:id', 'https://api.test/Notes/42', 'the path differs in case'],
    ['v1/notes/:id', 'https://api.test/notes/42', "the path doesn't begin with '/v1'"],
    ['https://api.test/notes/:id', 'http://localhost/notes/42', 'it is for https://api.test'],
  ])('is told of: %s at %s', async (path, url, why) => {
    const [told = '', ...others] = await toldOf(path, [url], [url]);
    expect(told).toMatch(/^remerge: PUT \S+ is on no route, so it won't recover\. /);
    expect(told).toContain(`'${path}'`);
    expect(told).toContain(why);
    expect(told).not.toContain('secret');
    expect(others).toEqual([]);
  });

  it.each([
    ['is none of its', 'notes/:id', 'https://api.test/people/42'],
    ['is a step above it', 'notes/:id', 'https://api.test/notes'],
    ['is at another server', 'https://api.test/notes/:id', 'https://cdn.test/v1/notes/42'],
  ])('is not told of where it %s', async (_, path, url) => {
    expect(await toldOf(path, [url])).toEqual([]);
  });

  it('is not told of where the route has had a write, or is for other methods, or where it is a read', async () => {
    expect(
      await toldOf('notes/:id', ['https://api.test/notes/1'], ['https://api.test/archive/notes/1']),
    ).toEqual([]);
    expect(
      await toldOf('notes/:id', ['https://api.test/v1/notes/1', { method: 'POST', body: '{}' }]),
    ).toEqual([]);
    expect(await toldOf('notes/:id', ['https://api.test/v1/notes/1', {}])).toEqual([]);
  });

  it('is told of by a client, whose baseUrl a leading slash leaves', async () => {
    const { fetch } = new Origin({});
    const routes = { 'notes/:id': { merge: keepLocal() } };
    const api = createClient({ baseUrl: 'https://api.test/v1/', fetch, routes, throwHttpErrors: false });
    await api.put('/notes/42', { json: {} });
    await api.put('/notes/42', { json: {} });
    expect(vi.mocked(console.warn).mock.calls).toEqual([
      [expect.stringContaining("the path doesn't begin with '/v1'")],
    ]);
  });
});
