import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { boards } from './boards.ts';
import { readBody } from './body.ts';
import { notes } from './notes.ts';
import { notFound, problem, type Collection, type Method, type Reply } from './reply.ts';
import { openStore, type Store } from './store.ts';

export interface ServerOptions {
  /** 0 (the default) lets the system choose a free port. */
  readonly port?: number;
  /** The database's file, or `:memory:` (the default). */
  readonly database?: string;
  /** Called for each answer, before it is sent. */
  readonly log?: (line: string, path: string) => void;
}

export interface RunningServer {
  /** Without a trailing slash. */
  readonly url: string;
  /**
   * One line for each answer, such as `GET 200 "v2"` and `PUT 412 "v1"`: a read names the version it gave, a write the
   * one it was to replace. The last 10,000 are kept.
   */
  readonly log: readonly string[];
  /** Takes no further request, finishes those that are under way, and closes the database. */
  close(): Promise<void>;
}

const collections: Readonly<Record<string, Collection>> = { notes, boards };
const address = /^\/(notes|boards)\/([\w.~-]{1,100})$/;
const methods = 'GET, HEAD, PUT, DELETE, OPTIONS';

// A script on a page from elsewhere sees no ETag unless it is exposed, and sends no If-Match unless it is allowed.
const cors = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'ETag' };
const preflight = {
  'access-control-allow-methods': 'GET, PUT, DELETE',
  'access-control-allow-headers': 'Content-Type, If-Match, If-None-Match',
  'access-control-max-age': '600',
};

/** Starts the server on 127.0.0.1. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const store = openStore(options.database ?? ':memory:');
  const log: string[] = [];
  let closed: Promise<void> | undefined;

  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    void answer(store, request)
      .catch((error: unknown) => {
        console.error(error);
        return problem(
          500,
          'internal-error',
          'The server failed. It is not known whether the request took effect.',
        );
      })
      .then((reply) => {
        const line = [method, reply.status, reply.version].filter((part) => part !== undefined).join(' ');
        log.push(line);
        if (log.length > 10_000) log.shift();
        options.log?.(line, url);
        // A connection that is kept alive would hold up close().
        if (closed) response.shouldKeepAlive = false;
        send(response, reply);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  }).catch((error: unknown) => {
    store.close();
    throw error;
  });

  async function close(): Promise<void> {
    await new Promise((resolve) => server.close(resolve));
    store.close();
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    close: () => (closed ??= close()),
  };
}

async function answer(store: Store, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, name = '', id = ''] = address.exec(url.pathname) ?? [];
  const collection = collections[name];
  if (collection === undefined) return notFound();
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method === 'OPTIONS') return { status: 204, headers: preflight };
  if (!isMethod(method)) {
    return problem(405, 'method-not-allowed', `Here you can use ${methods}.`, {
      headers: { allow: methods },
    });
  }
  const call = { method, id, headers: request.headers, query: url.searchParams };
  if (method !== 'PUT') return collection(store, { ...call, body: {} });
  const body = await readBody(request);
  return body.kind === 'refused' ? body.reply : collection(store, { ...call, body: body.value });
}

const isMethod = (method = ''): method is Method => ['GET', 'PUT', 'DELETE'].includes(method);

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const content = json && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
  response.writeHead(status, { ...cors, ...content, ...headers }).end(json);
}
