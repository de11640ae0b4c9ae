import { QueryClient } from '@tanstack/query-core';
import { createClient, keepLocal } from 'remerge';
import { describe, expect, it } from 'vitest';
import { startExampleServer } from './server.ts';

interface Note {
  readonly title: string;
  readonly body: string;
}

/** A note that a query cache has read twice, since it changed in between. */
async function rereadBy(client: QueryClient, baseUrl: string) {
  const note = createClient({
    baseUrl,
    routes: { 'notes/:id': { merge: keepLocal<Note>() } },
  }).resource('notes/:id', { id: '42' });
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
    expect(saved).toMatchObject({ ending: 'as-asked', version: '"v3"' });
  });

  it('is one if the cache has copied it, too: the write begins with a read', async () => {
    await using server = await startExampleServer();
    const { note, base } = await rereadBy(new QueryClient(), server.origin);
    const saved = await note.replace({ ...base, body: 'Soup' }, { base });
    expect(saved).toMatchObject({ ending: 'as-asked', version: '"v3"', attempts: [{ version: '"v2"' }] });
  });
});
