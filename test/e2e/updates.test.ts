import { createClient, etag, field, type VersionOption } from 'remerge';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../docs/examples/server/server.ts';

interface Journal {
  entries: string[];
}

const clients = ['ann', 'ben', 'cleo', 'dan'];
const each = 25;

/** How a collection of the server shows its versions. */
const collections: readonly (readonly [name: string, version: VersionOption])[] = [
  ['notes', etag()],
  ['boards', field('/version')],
];

describe.each(collections)('updates of one of the %s by several clients at once', (collection, version) => {
  const start = async () => {
    const server = await startServer();
    const handleOf = () =>
      createClient({
        baseUrl: `${server.url}/`,
        routes: { [`${collection}/:id`]: { version } },
        defaults: { retry: { delay: () => 5 } },
      }).resource(`${collection}/:id`, { id: 'journal' });
    await handleOf().create({ entries: [] });
    return { server, handleOf };
  };
  const append = (entry: string) => (now: unknown) => {
    (now as Journal).entries.push(entry);
  };

  it('all end in the document, each once and in its client’s own order', async () => {
    const { server, handleOf } = await start();
    const writing = clients.map(async (client) => {
      const handle = handleOf();
      const results = Array.from({ length: each }, (_, index) => handle.update(append(`${client} ${index}`)));
      // Every other one is awaited, as people write, and the rest go together.
      for (const result of results) await result;
      for (let index = each; index < 2 * each; index += 1) await handle.update(append(`${client} ${index}`));
    });
    await Promise.all(writing);

    const { entries } = (await handleOf().read()).value as Journal;
    expect(entries).toHaveLength(2 * each * clients.length);
    for (const client of clients) {
      const own = entries.filter((entry) => entry.startsWith(client));
      expect(own).toEqual(Array.from({ length: 2 * each }, (_, index) => `${client} ${index}`));
    }
    await server.close();
  });

  it('are each acknowledged by a version of the document that holds them', async () => {
    const { server, handleOf } = await start();
    const handle = handleOf();
    const results = await Promise.all(['1', '2', '3'].map((entry) => handle.update(append(entry))));
    for (const [index, { value }] of results.entries())
      expect((value as Journal).entries).toContain(String(index + 1));
    const { version: now } = await handle.read();
    expect(results.at(-1)?.version).toBe(now);
    await server.close();
  });
});
