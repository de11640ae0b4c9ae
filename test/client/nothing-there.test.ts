import { absent, createClient, etag, keepLocal, type OnConflict, type Server } from 'remerge';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { rejectionOf } from '../support/write.ts';

/** How a server shows a row, and that there is none. */
interface Way {
  readonly facts: Server;
  readonly shows: (row: object | undefined) => Response;
}

const ok = (body: unknown, tag = '"v2"') => Response.json(body, { headers: { etag: tag } });

const ways: Readonly<Record<string, Way>> = {
  'an empty list': {
    facts: { unwrap: (rows) => (rows as readonly unknown[])[0] ?? absent },
    shows: (row) => ok(row ? [row] : []),
  },
  null: { facts: { unwrap: (row) => row ?? absent }, shows: (row) => ok(row ?? null) },
  'a member that is null': {
    facts: { unwrap: (body) => (body as { readonly doc: unknown }).doc ?? absent },
    shows: (row) => ok({ doc: row ?? null }),
  },
  'a status of its own': {
    facts: { goneStatuses: [406] },
    shows: (row) => (row ? ok(row) : new Response('{}', { status: 406 })),
  },
};

/** A server whose row is gone when a write arrives. */
function serverOf({ facts, shows }: Way, onConflict: OnConflict = {}) {
  const log: string[] = [];
  let row: object | undefined = { n: 1 };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { method } = request;
    if (method === 'GET') {
      log.push(`GET ${row ? 'a row' : 'nothing'}`);
      return shows(row);
    }
    const isNew = request.headers.get('if-none-match') === '*';
    if (!row && isNew) row = (await request.json()) as object;
    log.push(`${method} ${isNew ? 'made' : '409'}`);
    return new Response(null, { status: isNew ? 201 : 409 });
  };
  const clock = new VirtualClock();
  const server: Server = { version: etag(), ...facts };
  const routes = { 'rows/:id': { merge: keepLocal(), onConflict, server } };
  const api = createClient({ baseUrl: 'https://api.test/', fetch, clock, routes });
  return {
    log,
    clock,
    handle: api.resource('rows/:id', { id: 1 }),
    remove: () => (row = undefined),
    row: () => row,
  };
}

describe.each(Object.entries(ways))('a row that a server tells by %s is not there', (_, way) => {
  it('is gone for a read and for an update', async () => {
    const { handle, remove, log } = serverOf(way);
    remove();
    if (way.facts.unwrap) expect(await rejectionOf(handle.read())).toMatchObject({ code: 'gone' });
    expect(await rejectionOf(handle.update(() => ({ n: 2 })))).toMatchObject({ code: 'gone' });
    expect(log.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  it('is gone for a stale write, deleted already for a delete, or made again', async () => {
    const failing = serverOf(way);
    const base = await failing.handle.read();
    failing.remove();
    expect(await rejectionOf(failing.handle.replace({ n: 2 }, { base }))).toMatchObject({ code: 'gone' });
    expect((await failing.handle.delete({ base })).outcome).toBe('already-applied');
    expect(failing.row()).toBeUndefined();

    const making = serverOf(way, { gone: 'recreate' });
    const opened = await making.handle.read();
    making.remove();
    await making.clock.run(making.handle.replace({ n: 2 }, { base: opened }));
    expect(making.row()).toEqual({ n: 2 });
  });
});

describe('a body that a route opens to undefined', () => {
  it('is malformed, and not taken for nothing', async () => {
    const { handle } = serverOf({ facts: { unwrap: () => undefined }, shows: (row) => ok(row ?? null) });
    expect(await rejectionOf(handle.read())).toMatchObject({ code: 'malformed-body' });
  });
});
