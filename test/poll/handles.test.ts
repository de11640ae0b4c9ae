import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, recoveryOf, threeWay, type Operation, type WriteResult } from 'remerge';
import { poll, type PollOptions } from 'remerge/poll';
import { describe, expect, it } from 'vitest';
import { baseUrl } from '../support/client.ts';
import { VirtualClock } from '../support/clock.ts';
import { rejectionOf } from '../support/write.ts';
import { JobServer, type JobWays } from './job-server.ts';

interface Machine {
  size: number;
  disks: number;
}

/** A handle on a machine that is changed by operations. */
function machine(ways: JobWays = {}, options?: PollOptions) {
  const server = new JobServer({ size: 1, disks: 1 }, ways);
  const clock = new VirtualClock();
  const api = createClient({
    baseUrl,
    fetch: server.fetch,
    clock,
    scope: () => 'ann',
    routes: { 'machines/:id': { merge: threeWay<Machine>() } },
    defaults: { server: options ? { accepted: poll(options) } : {} },
  });
  return { server, clock, api, handle: api.resource('machines/:id', { id: '7' }) };
}

describe('a write that is answered by 202, on a route that follows no operation', () => {
  it('ends as accepted, with no value and no version, and the next update begins with a read', async () => {
    const { server, clock, handle } = machine();
    const result = await clock.run(handle.update((draft) => void (draft.size += 1)));
    expect(result).toMatchObject({ outcome: 'accepted', attempts: [{ status: 202 }] });
    expect([result.value, result.version]).toEqual([undefined, undefined]);
    server.change({ size: 2, disks: 1 });
    const before = server.log.length;
    await clock.run(handle.update((draft) => void (draft.size += 1)));
    expect(server.log[before]).toMatch(/^GET 200/);
  });

  it.each(['replace', 'patch', 'delete'] as const)('by %s, too', async (verb) => {
    const { clock, handle } = machine();
    const base = await clock.run(handle.read());
    const writes = {
      replace: () => handle.replace({ size: 3, disks: 1 }, { base }),
      patch: () => handle.patch({ size: 3 }, { base }),
      delete: () => handle.delete({ base }),
    };
    const result = await clock.run<WriteResult<Machine | undefined>>(writes[verb]());
    expect(result).toMatchObject({ outcome: 'accepted', value: undefined, version: undefined });
  });

  it('by a verb, whose answer is the 202', async () => {
    const { clock, api } = machine();
    const response = await clock.run(
      api.put('machines/7', { json: { size: 3, disks: 1 }, headers: { 'if-match': '"v1"' } }),
    );
    expect(response.status).toBe(202);
    expect(recoveryOf(response)).toMatchObject({ outcome: 'accepted' });
  });

  it('and refuses the result as a base, which shows no state', async () => {
    const { clock, handle } = machine();
    const base = await clock.run(handle.read());
    const accepted = await clock.run(handle.replace({ size: 3, disks: 1 }, { base }));
    await expect(clock.run(handle.replace({ size: 4, disks: 1 }, { base: accepted }))).rejects.toThrow(
      /shows no state/,
    );
  });

  it('says so to each of the updates that travelled in it', async () => {
    const { clock, handle } = machine();
    const results = await clock.run(
      Promise.all([handle.update((draft) => void (draft.size += 1)), handle.update(() => undefined)]),
    );
    expect(results.map(({ outcome, value }) => [outcome, value])).toEqual([
      ['accepted', undefined],
      ['accepted', undefined],
    ]);
  });

  it('knows no version to be past', async () => {
    const { server, clock, handle } = machine();
    await clock.run(handle.update((draft) => void (draft.size += 1)));
    const before = server.log.length;
    const result = await clock.run(handle.update(() => undefined));
    expect(result).toMatchObject({ outcome: 'unchanged', value: { size: 1 } });
    expect(server.log.slice(before)).toEqual(['GET 200 "v1"']);
  });
});

describe('a handle on a route that follows operations', () => {
  it('gives what the server shows once the operation is done', async () => {
    const { clock, handle } = machine({}, {});
    const result = await clock.run(handle.update((draft) => void (draft.size += 1)));
    expect(result).toMatchObject({ outcome: 'applied', value: { size: 2, disks: 1 }, version: '"v2"' });
  });

  it('lets the next updates wait for it, whatever time they have', async () => {
    const { server, clock, handle } = machine({ looks: 4 }, { interval: 20_000 });
    const first = handle.update((draft) => void (draft.size += 1));
    const late: Promise<unknown>[] = [];
    clock.after(50_000, () => late.push(handle.update((draft) => void (draft.size += 1))));
    const second = handle.update((draft) => void (draft.disks += 1), { together: false });
    const results = await clock.run(Promise.all([first, second]));
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
    await clock.run(Promise.all(late));
    expect(server.value).toEqual({ size: 3, disks: 2 });
    expect(clock.timers).toBe(0);
  });

  it('makes an update anew that failed by a conflict', async () => {
    const { server, clock, handle } = machine({}, {});
    server.once('PUT', () => {
      server.change({ size: 5, disks: 1 });
      return undefined;
    });
    const result = await clock.run(handle.update((draft) => void (draft.size += 1)));
    expect(result).toMatchObject({ outcome: 'merged', value: { size: 6 } });
    expect(server.value).toEqual({ size: 6, disks: 1 });
  });

  it('deletes what takes its time to go', async () => {
    const { server, clock, handle } = machine({}, {});
    const base = await clock.run(handle.read());
    expect(await clock.run(handle.delete({ base }))).toMatchObject({ outcome: 'applied' });
    expect(server.value).toBeUndefined();
  });
});

describe('an operation with an id', () => {
  it('is found again where the answer to the write was lost', async () => {
    const { server, clock, api } = machine({}, { operationId: true });
    const ids: (string | null)[] = [];
    const begun = new Map<string, Response>();
    const other = api.extend({
      fetch: async (...args) => {
        const request = new Request(...args);
        if (request.method !== 'PUT') return server.fetch(request);
        const id = request.headers.get('operation-id') ?? '';
        ids.push(id);
        const known = begun.get(id);
        if (known) return known;
        begun.set(id, await server.fetch(request));
        throw new TypeError('fetch failed');
      },
    });
    const note = other.resource('machines/:id', { id: '7' });
    const result = await clock.run(note.update((draft) => void (draft.size += 1)));
    expect(result).toMatchObject({ outcome: 'applied', value: { size: 2 } });
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(ids[0]).toMatch(/^id-\d+$/);
  });

  it('has another id once it says something else', async () => {
    const { server, clock, handle } = machine({}, { operationId: true });
    server.once('PUT', () => {
      server.change({ size: 5, disks: 1 });
      return undefined;
    });
    await clock.run(handle.update((draft) => void (draft.size += 1)));
    const ids = server.requests
      .filter(({ url }) => !url.includes('/jobs/'))
      .flatMap(({ method, headers }) => (method === 'PUT' ? [headers.get('operation-id')] : []));
    expect(new Set(ids).size).toBeGreaterThan(1);
    const reads = server.requests.filter(({ method }) => method === 'GET');
    expect(reads.every(({ headers }) => !headers.has('operation-id'))).toBe(true);
  });

  it('is looked for at its own monitor, where the route knows that', async () => {
    const { server, clock, api } = machine(
      {},
      {
        operationId: true,
        monitor: ({ operationId, response }) =>
          response
            ? (response.headers.get('operation-location') ?? undefined)
            : `/jobs/${operationId ? '0' : ''}`,
      },
    );
    const { fetch } = server;
    let isLost = true;
    const losing: typeof fetch = async (...args) => {
      const response = await fetch(...args);
      if (!isLost || response.status !== 202) return response;
      isLost = false;
      throw new TypeError('fetch failed');
    };
    const other = api.extend({ fetch: losing });
    const response = await clock.run(
      other.put('machines/7', { json: { size: 3, disks: 1 }, headers: { 'if-match': '"v1"' } }),
    );
    expect(recoveryOf(response)).toMatchObject({ outcome: 'applied', attempts: [{}] });
    expect(server.value).toEqual({ size: 3, disks: 1 });
  });
});

describe('an operation that another process has begun', () => {
  it('is followed from its JSON, at a real server', async () => {
    let looks = 0;
    const server = createServer((request, response) => {
      if (request.method === 'PUT')
        return response.writeHead(202, { 'operation-location': '/jobs/1', 'retry-after': '0' }).end();
      if (request.url !== '/jobs/1') return response.writeHead(200, { etag: '"1"' }).end('{"size":1}');
      looks += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(
        JSON.stringify({ status: looks < 3 ? 'Running' : 'Succeeded', by: request.headers.authorization }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const at = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
      const following = poll({ interval: 1 });
      const kept: string[] = [];
      const controller = new AbortController();
      const api = createClient({
        baseUrl: at,
        routes: { 'machines/:id': { merge: threeWay<Machine>(), server: { accepted: following } } },
        onEvent: (event) => {
          if (event.kind !== 'accepted') return;
          kept.push(JSON.stringify(event.operation));
          controller.abort();
        },
      });
      const { signal } = controller;
      await rejectionOf(
        api.put('machines/7', { json: { size: 2, disks: 1 }, headers: { 'if-match': '"1"' }, signal }),
      );
      const operation = JSON.parse(kept[0] ?? '') as Operation;
      const headers = { authorization: 'Bearer mine' };
      const end = await following.resume(operation, {
        fetch: (address, init) => fetch(address, { ...init, headers }),
      });
      expect(end).toEqual({ kind: 'succeeded' });
      expect(looks).toBe(3);
    } finally {
      server.close();
    }
  });

  it('is looked at again where an answer breaks off', async () => {
    let looks = 0;
    const torn = () =>
      new Response(new ReadableStream({ start: (body) => body.error(new TypeError('terminated')) }));
    const answer: typeof fetch = () =>
      Promise.resolve((looks += 1) === 1 ? torn() : Response.json({ status: 'Succeeded' }));
    const operation = { method: 'PUT', url: baseUrl, monitor: `${baseUrl}jobs/1`, shows: 'status' } as const;
    const clock = new VirtualClock();
    expect(await clock.run(poll().resume(operation, { fetch: answer, clock }))).toEqual({
      kind: 'succeeded',
    });
    expect(looks).toBe(2);
  });

  it('is not followed to another origin than its own', async () => {
    const operation = {
      method: 'PUT',
      url: 'https://one.test/',
      monitor: 'https://two.test/',
      shows: 'status',
    } as const;
    await expect(poll().resume(operation, { fetch })).rejects.toThrow(/origins/);
  });
});
