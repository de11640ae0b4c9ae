import * as presets from 'remerge/presets';
import { createClient, threeWay, type Server } from 'remerge';
import { createOrigin } from 'remerge/testing';
import { describe, expect, it } from 'vitest';

const all = Object.entries(presets as Readonly<Record<string, () => Server>>);

describe('an origin that answers as a preset', () => {
  it.each(all)('knows %s by its name, which spreading keeps', (name, preset) => {
    expect({ ...preset(), conflictStatuses: [409] }.name).toBe(name);
  });

  it.each<readonly [string, Server, number, unknown]>([
    ['couchdb', presets.couchdb(), 409, { error: 'conflict', reason: 'Document update conflict.' }],
    [
      'kubernetes',
      presets.kubernetes(),
      409,
      expect.objectContaining({ kind: 'Status', reason: 'Conflict' }),
    ],
    ['cosmos', presets.cosmos(), 412, { code: 'PreconditionFailed' }],
    ['odata', presets.odata(), 412, { error: { code: '412', message: 'The write was refused.' } }],
  ])('refuses a stale write as %s does', async (_, preset, status, body) => {
    const origin = createOrigin({ 'notes/1': { title: 'Groceries' } }, { preset });
    const api = createClient({
      baseUrl: origin.url,
      fetch: origin.fetch,
      routes: { 'notes/:id': { server: preset, merge: threeWay() } },
    });
    const base = await api.resource('notes/:id', { id: '1' }).read();
    let refusal: Response | undefined;
    const first = origin.requests.length;
    origin.edit('notes/1', { title: 'Food' });
    await api.resource('notes/:id', { id: '1' }).replace({ ...(base.value as object), done: true }, { base });
    // The same request once more: its version is older still.
    const stale = origin.requests[first];
    if (stale) refusal = await origin.fetch(stale);
    expect([refusal?.status, await refusal?.json()]).toEqual([status, body]);
    expect(origin.value('notes/1')).toMatchObject({ title: 'Food', done: true });
  });
});
