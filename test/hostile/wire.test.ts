import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import {
  createClient,
  keepLocal,
  withConflictRecovery,
  type RecoveryEvent,
  type RecoveryOptions,
} from 'remerge';
import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/clock.ts';
import { reportOf } from '../support/write.ts';
import { answer, startServer, type Server } from './server.ts';
import { expectStop } from './stop.ts';

const path = '/notes/42';
const json = { 'content-type': 'application/json', etag: '"v2"' };

let server: Server;
let note: string;
/** Whether each connection of an answer that had no end was closed by the client. */
let closed: Promise<unknown>[];

beforeEach(async () => {
  server = await startServer();
  note = server.origin + path;
  closed = [];
});

/** Has the server refuse a first write, and take a second; reads are as told. */
function serving(
  show: (response: ServerResponse) => void,
  refuse = (response: ServerResponse) => answer(response, 412),
): void {
  server.handle = ({ method = '' }, response) => {
    if (method === 'GET') show(response);
    else if (methods().filter((one) => one === 'PUT').length === 1) refuse(response);
    else answer(response, 204);
  };
}

const methods = (): readonly string[] => server.heard.map(({ method }) => method);

function write(options: RecoveryOptions<Record<string, unknown>> = {}, limit = 5): Promise<Response> {
  const recovering = withConflictRecovery(fetch, {
    ...options,
    defaults: { merge: keepLocal(), ...options.defaults, retry: { limit, delay: () => 0 } },
  });
  const headers = { 'content-type': 'application/json', 'if-match': '"v1"' };
  return recovering(note, { method: 'PUT', body: '{"n":3}', headers });
}

/** Goes on with a body for as long as somebody reads it. */
function flood(response: ServerResponse): void {
  closed.push(once(response, 'close'));
  const more = (): void => {
    while (response.write(' '.repeat(65_536)));
  };
  response.on('drain', more);
  more();
}

describe('a re-read over a wire on which', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    [
      'an ETag is a megabyte long',
      (response) => answer(response, 200, { ...json, etag: `"${'x'.repeat(2 ** 20)}"` }, '{}'),
    ],
    [
      'the body ends before its length',
      (response) =>
        response
          .writeHead(200, { ...json, 'content-length': '100' })
          .write('{"n":2}', () => response.destroy()),
    ],
    [
      'the connection is reset in mid-body',
      (response) => response.writeHead(200, json).write('{"n":', () => response.socket?.resetAndDestroy()),
    ],
    ['the connection is reset before the answer', (response) => void response.socket?.resetAndDestroy()],
    [
      'the body is not compressed as it says',
      (response) => answer(response, 200, { ...json, 'content-encoding': 'gzip' }, '{"n":2}'),
    ],
    ['no HTTP is spoken', (response) => void response.socket?.end('220 mail.test ESMTP\r\n\r\n')],
    [
      'a chunk has no length',
      (response) =>
        void response.socket?.end(
          'HTTP/1.1 200 OK\r\nETag: "v2"\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}',
        ),
    ],
    [
      'a header is broken',
      (response) =>
        void response.socket?.end('HTTP/1.1 200 OK\r\nETag: "v\0"\r\nContent-Length: 2\r\n\r\n{}'),
    ],
  ])('%s is made again up to the limit, and no more', async (_, show) => {
    serving(show);
    const response = await write({}, 3);
    expectStop(response, 'read-error', { at: note });
    expect(response.status).toBe(412);
    expect(methods()).toEqual(['PUT', 'GET', 'GET', 'GET', 'GET']);
  });

  it('two ETags stand in two lines shows none', async () => {
    serving((response) => response.setHeader('etag', ['"v2"', '"v3"']).writeHead(200).end('{"n":2}'));
    expectStop(await write(), 'version-malformed', { at: note });
    expect(methods()).toEqual(['PUT', 'GET']);
  });

  it('the body has no end hangs up at the cap', async () => {
    serving((response) => flood(response.writeHead(200, json)));
    expectStop(await write({ defaults: { maxBytes: 2 ** 20 } }), 'too-large', { at: note });
    await Promise.all(closed);
    expect(closed).toHaveLength(1);
  });

  it('the body stops coming hangs up after the time of one request', async () => {
    const clock = new VirtualClock();
    const stuck = Promise.withResolvers<undefined>();
    serving((response) => {
      closed.push(once(response, 'close'));
      response.writeHead(200, json).write('{', () => stuck.resolve(undefined));
    });
    const reading = write({ clock, defaults: { timeout: 1000, totalTimeout: 1000 } }, 1);
    await stuck.promise;
    await clock.pass(1000);
    expectStop(await reading, 'timeout', { at: note });
    await Promise.all(closed);
    expect([methods().join(' '), clock.timers]).toEqual(['PUT GET', 0]);
  });
});

describe('a refusal over a wire on which', () => {
  it('the body has no end is let go of when the write is made', async () => {
    serving(
      (response) => answer(response, 200, json, '{"n":2}'),
      (response) => flood(response.writeHead(412, json)),
    );
    const response = await write({ defaults: { maxBytes: 2 ** 20, server: { classify: () => 'stale' } } });
    expect(reportOf(response).outcome).toBe('merged');
    await Promise.all(closed);
    expect(closed).toHaveLength(1);
  });
});

describe('a handle’s answer over a wire on which', () => {
  it('the body stops coming is let go of after the time of one request', async () => {
    const clock = new VirtualClock();
    const stuck = Promise.withResolvers<undefined>();
    server.handle = ({ method }, response) => {
      if (method === 'GET') {
        answer(response, 200, json, '{"n":1}');
        return;
      }
      closed.push(once(response, 'close'));
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .write('{', () => stuck.resolve(undefined));
    };
    const answered = Promise.withResolvers<undefined>();
    const onEvent = ({ kind }: RecoveryEvent): void => {
      if (kind === 'write') answered.resolve(undefined);
    };
    const routes = { 'notes/:id': { timeout: 1000 } };
    const client = createClient({ baseUrl: server.origin, clock, onEvent, routes });
    const handle = client.resource('notes/:id', { id: '42' });
    const replacing = handle.replace({ n: 3 }, { base: await handle.read() });
    await stuck.promise;
    await answered.promise;
    await clock.idle();
    await clock.pass(1000);
    const outcome = await replacing.catch((error: unknown) => error);
    expect(outcome).toMatchObject({ outcome: 'applied', value: { n: 3 } });
    await Promise.all(closed);
  });

  it('the connection is reset in mid-body has been made', async () => {
    server.handle = ({ method }, response) => {
      if (method === 'GET') {
        answer(response, 200, json, '{"n":1}');
        return;
      }
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .write('{', () => response.socket?.resetAndDestroy());
    };
    const client = createClient({ baseUrl: server.origin, routes: { 'notes/:id': {} } });
    const handle = client.resource('notes/:id', { id: '42' });
    const result = await handle.replace({ n: 3 }, { base: await handle.read() });
    expect(result).toMatchObject({ outcome: 'applied', value: { n: 3 }, version: undefined });
  });
});
