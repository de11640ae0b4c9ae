import { createClient, header, query, threeWay, type RouteOptions } from 'remerge';
import { describe, expect, it } from 'vitest';
import { startJsonServer, type Reply } from '../support/json-server.ts';

interface Item {
  title: string;
  tag: string;
}

/** A server with an item for each query of one path. It looks at the version in the query, if there is one. */
async function serve(first: Readonly<Record<string, Item>>) {
  const items = new Map(Object.entries(first).map(([key, item]) => [key, { item, version: 1 }]));
  const server = await startJsonServer(({ method, path, headers, text }): Reply => {
    const { searchParams } = new URL(path, 'http://server');
    const named = searchParams.get('rev');
    searchParams.delete('rev');
    const key = searchParams.toString();
    const found = items.get(key);
    if (headers['if-none-match'] && !found) {
      items.set(key, { item: JSON.parse(text) as Item, version: 1 });
      return { status: 201 };
    }
    if (!found) return { status: 404 };
    const etag = `"${String(found.version)}"`;
    if (method === 'GET')
      return { status: 200, headers: { etag, 'x-rev': String(found.version) }, body: found.item };
    if (headers['if-match'] !== etag && named !== String(found.version)) return { status: 412 };
    if (method === 'DELETE') items.delete(key);
    else items.set(key, { item: JSON.parse(text) as Item, version: found.version + 1 });
    return { status: 204 };
  });
  const change = (key: string, more: Partial<Item>): void => {
    const found = items.get(key);
    if (found) items.set(key, { item: { ...found.item, ...more }, version: found.version + 1 });
  };
  return { ...server, items, change };
}

const one: Item = { title: 'a', tag: 'x' };

function client(baseUrl: string, more: RouteOptions<Item> = {}, options: object = {}) {
  const retry = { delay: () => 0, jitter: false };
  const route = { merge: threeWay(), retry, ...more } as RouteOptions<Item>;
  return createClient({ baseUrl, ...options, routes: { items: route, 'items/:id': route } });
}

describe('a handle at an address with a query', () => {
  it('has the query in every read and write', async () => {
    const server = await serve({ 'id=eq.1': one });
    const item = client(server.origin).resource('items', {}, { searchParams: { id: 'eq.1' } });
    const seen = await item.read();
    server.change('id=eq.1', { tag: 'y' });
    await item.replace({ ...seen.value, title: 'b' }, { base: seen });
    await item.update((draft) => {
      draft.title += 'c';
    });
    expect(server.items.get('id=eq.1')?.item).toEqual({ title: 'bc', tag: 'y' });
    await item.delete({ base: await item.read() });
    expect(await item.create(one)).toMatchObject({ outcome: 'applied' });
    expect(new Set(server.calls.map(({ path }) => path))).toEqual(new Set(['/items?id=eq.1']));
  });

  it('has it beside a version in the query, and beside what the client adds', async () => {
    const server = await serve({ 'id=1&key=k': one });
    const version = { read: header('X-Rev'), write: query('rev') };
    const api = client(server.origin, { version }, { searchParams: { key: 'k' } });
    const item = api.resource('items', {}, { searchParams: 'id=1' });
    const seen = await item.read();
    server.change('id=1&key=k', { tag: 'y' });
    await item.replace({ ...seen.value, title: 'b' }, { base: seen });
    expect(server.items.get('id=1&key=k')?.item).toEqual({ title: 'b', tag: 'y' });
  });

  it('takes every form of a query', () => {
    const api = client('https://api.test/');
    const href = (searchParams: NonNullable<Parameters<typeof api.resource>[2]>['searchParams']): string =>
      api.resource('items/:id', { id: 'a b' }, { searchParams: searchParams ?? '' }).url.href;
    const address = 'https://api.test/items/a%20b?';
    expect(href('?q=1')).toBe(`${address}q=1`);
    expect(href({ q: 1, r: true })).toBe(`${address}q=1&r=true`);
    expect(href(new URLSearchParams({ q: '&' }))).toBe(`${address}q=%26`);
    expect(
      href([
        ['q', '1'],
        ['q', '2'],
      ]),
    ).toBe(`${address}q=1&q=2`);
  });

  it('is another resource than the same path under another query', async () => {
    const server = await serve({ 'id=1': one, 'id=2': one });
    const api = client(server.origin);
    const [first, second] = [1, 2].map((id) => api.resource('items', {}, { searchParams: { id } }));
    const rename = (draft: Item): void => {
      draft.title = 'b';
    };
    await Promise.all([first?.update(rename), second?.update(rename)]);
    for (const key of ['id=1', 'id=2'])
      expect(server.items.get(key)).toMatchObject({ item: { title: 'b' }, version: 2 });
    const seen = await first?.read();
    await expect(second?.replace(one, { base: seen })).rejects.toThrow('a state of another resource');
  });
});
