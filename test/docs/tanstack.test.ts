import { QueryClient } from '@tanstack/query-core';
import { createClient, keepLocal, type Snapshot, type WriteResult } from 'remerge';
import { describe, expect, it } from 'vitest';
import { startExampleServer } from './server.ts';

interface Note {
  readonly title: string;
  readonly body: string;
}

/** A note that a query cache has read twice, since it changed in between. */
async function rereadBy(client: QueryClient, baseUrl: string) {
  const note = createClient({ baseUrl, routes: { 'notes/:id': { merge: keepLocal<Note>() } } }).resource(
    'notes/:id',
    { id: '42' },
  );
  const reading = { queryKey: ['note'], queryFn: async () => (await note.read()).value };
  const { body } = await client.query(reading);
  await note.update((seen) => ({ ...seen, title: 'Food' }));
  await client.query(reading);
  const base = client.getQueryData<Note>(reading.queryKey);
  if (!base) throw new Error('The cache is empty.');
  expect(base).toEqual({ title: 'Food', body });
  return { note, base };
}

describe('a state from a query cache', () => {
  it('is a base if the cache keeps the object', async () => {
    await using server = await startExampleServer();
    const client = new QueryClient({ defaultOptions: { queries: { structuralSharing: false } } });
    const { note, base } = await rereadBy(client, server.origin);
    const saved = await note.replace({ ...base, body: 'Soup' }, { base });
    expect(saved).toMatchObject({ outcome: 'applied', version: '"v3"' });
  });

  it('is one if the cache has copied it, too: the write begins with a read', async () => {
    await using server = await startExampleServer();
    const { note, base } = await rereadBy(new QueryClient(), server.origin);
    const saved = await note.replace({ ...base, body: 'Soup' }, { base });
    expect(saved).toMatchObject({ outcome: 'applied', version: '"v3"', attempts: [{ version: '"v2"' }] });
  });
});

describe('a snapshot or a result in a query cache', () => {
  it('is kept as the object it is, and is the base of one save after another', async () => {
    await using server = await startExampleServer();
    const note = createClient({
      baseUrl: server.origin,
      routes: { 'notes/:id': { merge: keepLocal<Note>() } },
    }).resource('notes/:id', { id: '42' });
    const client = new QueryClient();
    const queryKey = ['note'];
    const kept: (Snapshot<Note> | WriteResult<Note>)[] = [];
    const cached = () => client.getQueryData<Snapshot<Note> | WriteResult<Note>>(queryKey);
    const reading = {
      queryKey,
      queryFn: async () => {
        const seen = await note.read();
        kept.push(seen);
        return seen;
      },
    };
    await client.query(reading);
    await client.query(reading); // Read twice, a cache of plain objects would keep the first, or a mixture.
    for (const title of ['Food', 'Drinks']) {
      const base = cached();
      expect(base).toBe(kept.at(-1));
      if (!base) throw new Error('The cache is empty.');
      const saved = await note.replace({ ...base.value, title }, { base });
      expect(saved.outcome).toBe('applied');
      expect(saved.attempts).toHaveLength(1);
      client.setQueryData(queryKey, saved);
      kept.push(saved);
    }
    expect(cached()?.version).toBe('"v3"');
  });

  it('comes back from a persisted cache as a copy, and is a base all the same', async () => {
    await using server = await startExampleServer();
    const note = createClient({
      baseUrl: server.origin,
      routes: { 'notes/:id': { merge: keepLocal<Note>() } },
    }).resource('notes/:id', { id: '42' });
    const base = JSON.parse(JSON.stringify(await note.read())) as Snapshot<Note>;
    const saved = await note.replace({ ...base.value, title: 'Food' }, { base });
    expect(saved).toMatchObject({ outcome: 'applied', version: '"v2"', attempts: [{ version: '"v1"' }] });
  });
});
