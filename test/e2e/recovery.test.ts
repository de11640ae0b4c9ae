import { field, recoveryOf, withConflictRecovery, type MergeContext } from 'remerge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../../docs/examples/server/server.ts';

interface Tally {
  version?: number;
  marks: string[];
}

/** Adds what the caller added, to what the server has. */
const addMarks = ({ base, local, remote }: MergeContext<Tally>): Tally => {
  const added = local.marks.filter((mark) => !base?.marks.includes(mark));
  return { ...remote, marks: [...remote.marks, ...added] };
};

let server: RunningServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  await server.close();
});

/** Two kinds of resource: a version in the header, a version in the body. */
const kinds = [
  { path: 'notes/tally', options: { merge: addMarks } },
  { path: 'boards/tally', options: { merge: addMarks, version: field('/version') } },
  {
    path: 'boards/tally',
    options: {
      merge: addMarks,
      version: field('/version'),
      server: { classify: (_: Response, body: unknown) => ({ state: (body as { current: Tally }).current }) },
    },
  },
];

async function create(path: string): Promise<string> {
  const url = `${server.url}/${path}`;
  const body = JSON.stringify({ marks: [] });
  await (await fetch(url, { method: 'PUT', body, headers: { 'content-type': 'application/json' } })).text();
  return url;
}

/** Reads, adds a mark and writes, by a fetch that recovers. */
async function addMark(recovering: typeof fetch, url: string, mark: string): Promise<Response> {
  const read = await recovering(url);
  const seen = (await read.json()) as Tally;
  const etag = read.headers.get('etag');
  return recovering(url, {
    method: 'PUT',
    body: JSON.stringify({ ...seen, marks: [...seen.marks, mark] }),
    headers: { 'content-type': 'application/json', ...(etag === null ? {} : { 'if-match': etag }) },
  });
}

async function marksAt(url: string): Promise<string[]> {
  return ((await (await fetch(url)).json()) as Tally).marks;
}

describe.each(kinds)('clients that write to $path of a real server at the same time', ({ path, options }) => {
  // Kubernetes' TestPatchConflicts, tightened: each round lets at least one through.
  it.each([
    [2, 1],
    [8, 3],
    [12, 5],
    [6, 0],
  ])(
    '%i of them with %i retries: at least min(N, R + 1) come through, and just theirs are there',
    async (n, retries) => {
      const url = await create(path);
      const clients = Array.from({ length: n }, () =>
        withConflictRecovery(fetch, { defaults: { ...options, retry: { limit: retries, backoffLimit: 5 } } }),
      );
      const responses = await Promise.all(clients.map((client, index) => addMark(client, url, `m${index}`)));

      const acknowledged = responses.flatMap((response, index) => (response.ok ? [`m${index}`] : []));
      expect(acknowledged.length).toBeGreaterThanOrEqual(Math.min(n, retries + 1));
      expect((await marksAt(url)).sort()).toEqual(acknowledged.sort());
      for (const response of responses) {
        expect(recoveryOf(response)?.outcome).toMatch(response.ok ? /^(applied|merged)$/ : /^failed$/);
        await response.body?.cancel();
      }
    },
  );

  it('keep each mark once, in the order that the server took them (Elle’s append list)', async () => {
    const url = await create(path);
    const writers = 4;
    const seen: string[][] = [];
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const client = withConflictRecovery(fetch, {
          defaults: { ...options, retry: { limit: 100, backoffLimit: 5 } },
        });
        for (let edit = 0; edit < 10; edit += 1) {
          const response = await addMark(client, url, `${writer}.${edit}`);
          expect(response.ok).toBe(true);
          await response.body?.cancel();
          seen.push(await marksAt(url));
        }
      }),
    );
    const final = await marksAt(url);
    expect(final).toHaveLength(40);
    expect(new Set(final).size).toBe(40);
    for (const marks of seen) expect(final.slice(0, marks.length)).toEqual(marks);
  });
});

describe('one write that meets a conflict on a real server', () => {
  it('costs three requests: the refused write, the read, the write', async () => {
    const url = await create('notes/tally');
    await addMark(fetch, url, 'theirs');
    const start = server.log.length;
    const stale = {
      method: 'PUT',
      body: '{"marks":["ours"]}',
      headers: { 'if-match': '"v1"', 'content-type': 'application/json' },
    };
    const response = await withConflictRecovery(fetch, { defaults: { merge: addMarks } })(url, {
      ...stale,
      base: { marks: [] },
    });
    expect(response.status).toBe(204);
    expect(server.log.slice(start)).toEqual(['PUT 412 "v1"', 'GET 200 "v2"', 'PUT 204 "v2"']);
    expect(await marksAt(url)).toEqual(['theirs', 'ours']);
  });

  it('costs two where the refusal carries the state', async () => {
    const url = await create('boards/tally');
    await addMark(fetch, url, 'theirs');
    const start = server.log.length;
    const stale = {
      method: 'PUT',
      body: '{"marks":["ours"],"version":1}',
      headers: { 'content-type': 'application/json' },
    };
    const response = await withConflictRecovery(fetch, { defaults: kinds[2]?.options ?? {} })(url, {
      ...stale,
      base: { marks: [] },
    });
    expect(response.status).toBe(200);
    expect(server.log.slice(start)).toEqual(['PUT 409 1', 'PUT 200 2']);
    expect(await marksAt(url)).toEqual(['theirs', 'ours']);
  });
});
