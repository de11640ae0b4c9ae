import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../../docs/examples/server/server.ts';
import { put, remove } from './requests.ts';

let server: RunningServer;
let notes: string;
let boards: string;

beforeEach(async () => {
  server = await startServer();
  notes = `${server.url}/notes`;
  boards = `${server.url}/boards`;
});
afterEach(() => server.close());

describe('a note, whose version is an ETag', () => {
  it('gets a new strong ETag with each write, and is read back as it was sent', async () => {
    const created = await put(`${notes}/1`, { title: 'Plan' }, { 'if-none-match': '*' });
    const first = created.headers.get('etag') ?? '';
    const written = await put(`${notes}/1`, { title: 'New plan' }, { 'if-match': first });
    const second = written.headers.get('etag') ?? '';
    const read = await fetch(`${notes}/1`);

    expect([created.status, written.status, read.status]).toEqual([201, 204, 200]);
    expect(first).toMatch(/^"[\x21\x23-\x7e]+"$/);
    expect(second).not.toBe(first);
    expect(read.headers.get('etag')).toBe(second);
    expect(await read.json()).toEqual({ title: 'New plan' });
    expect(server.log).toEqual(['PUT 201 *', 'PUT 204 "v1"', 'GET 200 "v2"']);
  });

  it('refuses a version that is not the latest, and stays as it was', async () => {
    await put(`${notes}/1`, { n: 1 });
    await put(`${notes}/1`, { n: 2 }, { 'if-match': '"v1"' });
    const stale = await put(`${notes}/1`, { n: 3 }, { 'if-match': '"v1"' });

    expect(stale.status).toBe(412);
    expect(stale.headers.get('content-type')).toBe('application/problem+json');
    expect(stale.headers.get('etag')).toBeNull();
    expect(await (await fetch(`${notes}/1`)).json()).toEqual({ n: 2 });
    expect((await remove(`${notes}/1`, { 'if-match': '"v1"' })).status).toBe(412);
    expect(server.log.slice(-3)).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'DELETE 412 "v1"']);
  });

  it.each([
    ['*', 204],
    ['"v1"', 204],
    ['"other", "v1"', 204],
    ['W/"v1"', 412],
    ['"v01"', 412],
    ['"v2"', 412],
    ['v1', 400],
    ['"v1" "v2"', 400],
  ])('answers If-Match: %s with %i', async (ifMatch, status) => {
    await put(`${notes}/1`, { n: 1 });
    expect((await put(`${notes}/1`, { n: 2 }, { 'if-match': ifMatch })).status).toBe(status);
  });

  it('is never replaced nor deleted without a precondition', async () => {
    expect((await put(`${notes}/1`, { n: 1 })).status).toBe(201);
    expect((await put(`${notes}/1`, { n: 2 })).status).toBe(428);
    expect((await remove(`${notes}/1`)).status).toBe(428);
    expect((await put(`${notes}/1`, { n: 2 }, { 'if-none-match': '*' })).status).toBe(412);
    expect((await put(`${notes}/1`, { n: 2 }, { 'if-none-match': '*', 'if-match': '"v1"' })).status).toBe(
      400,
    );
    expect(await (await fetch(`${notes}/1`)).json()).toEqual({ n: 1 });
  });

  it('never has a version of its former life after it was deleted and made again', async () => {
    await put(`${notes}/1`, { life: 1 });
    expect((await remove(`${notes}/1`, { 'if-match': '"v1"' })).status).toBe(204);
    expect((await fetch(`${notes}/1`)).status).toBe(404);
    expect((await remove(`${notes}/1`, { 'if-match': '"v2"' })).status).toBe(404);
    expect((await put(`${notes}/1`, { life: 1.5 }, { 'if-match': '"v1"' })).status).toBe(412);
    expect((await put(`${notes}/1`, { life: 2 })).headers.get('etag')).toBe('"v3"');
  });

  it('is not sent again to a reader that has it', async () => {
    await put(`${notes}/1`, { n: 1 });
    expect((await fetch(`${notes}/1`, { headers: { 'if-none-match': 'W/"v1"' } })).status).toBe(304);
    expect((await fetch(`${notes}/1`, { headers: { 'if-none-match': '"v0"' } })).status).toBe(200);
    expect((await fetch(`${notes}/1`, { method: 'HEAD' })).headers.get('etag')).toBe('"v1"');
  });
});

describe('a board, whose version is a member of its body', () => {
  it('gives the new version in the answer to each write', async () => {
    const created = await put(`${boards}/1`, { name: 'Sprint' });
    expect([created.status, await created.json()]).toEqual([201, { name: 'Sprint', version: 1 }]);
    const written = await put(`${boards}/1`, { name: 'Sprint 2', version: 1 });
    expect([written.status, await written.json()]).toEqual([200, { name: 'Sprint 2', version: 2 }]);
    expect(await (await fetch(`${boards}/1`)).json()).toEqual({ name: 'Sprint 2', version: 2 });
    expect(server.log).toEqual(['PUT 201', 'PUT 200 1', 'GET 200 2']);
  });

  it('refuses a stale version with a problem (RFC 9457) that carries the latest state', async () => {
    await put(`${boards}/1`, { n: 1 });
    await put(`${boards}/1`, { n: 2, version: 1 });
    const stale = await put(`${boards}/1`, { n: 3, version: 1 });

    expect(stale.headers.get('content-type')).toBe('application/problem+json');
    expect(await stale.json()).toEqual({
      type: 'https://example.com/problems/stale-version',
      title: 'stale version',
      status: 409,
      detail: 'The board is in version 2, and no longer in 1.',
      current: { n: 2, version: 2 },
    });
    expect(await (await fetch(`${boards}/1`)).json()).toEqual({ n: 2, version: 2 });
    expect(server.log.slice(-2)).toEqual(['PUT 409 1', 'GET 200 2']);
  });

  it('is deleted only in the version that the query names', async () => {
    await put(`${boards}/1`, { n: 1 });
    expect((await remove(`${boards}/1`)).status).toBe(428);
    expect((await remove(`${boards}/1?version=no`)).status).toBe(400);
    expect((await remove(`${boards}/1?version=2`)).status).toBe(409);
    expect((await remove(`${boards}/1?version=1`)).status).toBe(204);
    expect((await remove(`${boards}/1?version=1`)).status).toBe(404);
    expect((await put(`${boards}/1`, { n: 2, version: 2 })).status).toBe(404);
    expect(await (await put(`${boards}/1`, { n: 2 })).json()).toEqual({ n: 2, version: 3 });
  });

  it('refuses a write without a version, or with one that is none', async () => {
    await put(`${boards}/1`, { n: 1 });
    expect((await put(`${boards}/1`, { n: 2 })).status).toBe(428);
    expect((await put(`${boards}/1`, { n: 2, version: '1' })).status).toBe(400);
    expect((await put(`${boards}/1`, { n: 2, version: 0 })).status).toBe(400);
  });
});

describe('many writers at once', () => {
  const writers = Array.from({ length: 20 }, (_, writer) => writer);

  it('get exactly one write through for each version of a note', async () => {
    await put(`${notes}/1`, {});
    for (let version = 1; version <= 10; version += 1) {
      const etag = `"v${version}"`;
      const answers = await Promise.all(
        writers.map((writer) => put(`${notes}/1`, { writer, version }, { 'if-match': etag })),
      );
      const winners = writers.filter((writer) => answers[writer]?.status === 204);
      expect(winners).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
      expect(await (await fetch(`${notes}/1`)).json()).toEqual({ writer: winners[0], version });
    }
  });

  it('get exactly one write through for each version of a board', async () => {
    await put(`${boards}/1`, {});
    for (let version = 1; version <= 10; version += 1) {
      const answers = await Promise.all(writers.map((writer) => put(`${boards}/1`, { writer, version })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(409)]);
    }
  });

  it('create a thing exactly once', async () => {
    const answers = await Promise.all(writers.map(() => put(`${notes}/1`, {}, { 'if-none-match': '*' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(412)]);
  });
});
