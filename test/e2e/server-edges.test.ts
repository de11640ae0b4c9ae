import { request as send, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startServer, type RunningServer, type ServerOptions } from '../../docs/examples/server/server.ts';
import { put } from './requests.ts';
import { temporaryFile } from './temporary.ts';

let server: RunningServer;
let notes: string;

beforeEach(async () => {
  server = await startServer();
  notes = `${server.url}/notes`;
});
afterEach(() => server.close());

describe('a malformed request', () => {
  it.each([
    [415, '{}', { 'content-type': 'text/plain' }],
    [400, '{"title":', {}],
    [400, '[1]', {}],
    [400, 'null', {}],
    [413, JSON.stringify({ text: 'x'.repeat(1024 * 1024) }), {}],
  ])('is answered with %i, and stores nothing', async (status, body, headers) => {
    const answer = await put(`${notes}/1`, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status });
    expect((await fetch(`${notes}/1`)).status).toBe(404);
  });

  it('is refused when its length is over the cap and was not announced', async () => {
    // Far over the cap, so that most of it is still on its way when the server has seen enough.
    const body = new Blob(['"', 'x'.repeat(32 * 1024 * 1024), '"']).stream();
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${notes}/1`, { method: 'PUT', body, duplex: 'half', headers } as RequestInit);
    expect(answer.status).toBe(413);
  });

  it('is refused when its text is not UTF-8', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d);
    expect((await fetch(`${notes}/1`, { method: 'PUT', body, headers })).status).toBe(400);
  });

  it('is told which methods there are', async () => {
    const answer = await fetch(`${notes}/1`, { method: 'POST' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, DELETE, OPTIONS']);
  });

  it.each(['/', '/notes', '/notes/', '/notes/a/b', '/notes/%2e', '/toString/1'])(
    'finds nothing at %s',
    async (path) => {
      expect((await fetch(server.url + path)).status).toBe(404);
    },
  );
});

describe('a script on a page from elsewhere', () => {
  it('may send preconditions and read the ETag, of refusals too', async () => {
    const preflight = await fetch(`${notes}/1`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('If-Match');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    for (const answer of [await put(`${notes}/1`, {}), await put(`${notes}/1`, {})]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-expose-headers')).toBe('ETag');
    }
  });
});

describe('a server with a database file', () => {
  async function start(options: ServerOptions): Promise<RunningServer> {
    const started = await startServer(options);
    onTestFinished(() => started.close());
    return started;
  }

  it('keeps documents and versions when it starts again', async () => {
    const database = await temporaryFile();
    const before = await start({ database });
    await put(`${before.url}/notes/1`, { n: 1 });
    await put(`${before.url}/notes/1`, { n: 2 }, { 'if-match': '"v1"' });
    await before.close();
    const read = await fetch(`${(await start({ database })).url}/notes/1`);
    expect([read.headers.get('etag'), await read.json()]).toEqual(['"v2"', { n: 2 }]);
  });

  it('calls log with each line and its path, before the answer arrives', async () => {
    const lines: string[] = [];
    const { url } = await start({ log: (line, path) => lines.push(`${path} ${line}`) });
    await put(`${url}/notes/1`, {});
    expect(lines).toEqual(['/notes/1 PUT 201']);
  });

  it('finishes what is under way when it closes, and takes nothing new', async () => {
    const database = await temporaryFile();
    const closing = await startServer({ database });
    const headers = { 'content-type': 'application/json', expect: '100-continue' };
    const slow = send(`${closing.url}/notes/1`, { method: 'PUT', headers });
    // The server says this once it has the request's head: from here on the request is under way.
    await once(slow, 'continue');
    const closed = closing.close();
    await expect(fetch(`${closing.url}/notes/1`)).rejects.toThrow('fetch failed');
    slow.end('{"n":1}');
    const [answer] = (await once(slow, 'response')) as [IncomingMessage];
    answer.resume();
    await closed;
    // Or else the idle connection would hold up the end.
    expect([answer.statusCode, answer.headers.connection]).toEqual([201, 'close']);
    expect(await (await fetch(`${(await start({ database })).url}/notes/1`)).json()).toEqual({ n: 1 });
  });
});
