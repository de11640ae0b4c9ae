import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What came over the wire. */
interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A real server on a port of its own that hears everything. It is stopped when its test is over. */
export interface Server {
  readonly origin: string;
  readonly heard: Heard[];
  /** What it does with a request. */
  handle: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Starts a server that says 200 to everything, until it is told otherwise. */
export async function startServer(): Promise<Server> {
  const http = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    server.heard.push({ method, path, headers });
    // A body that nobody reads would hold the connection.
    request.resume();
    server.handle(request, response);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  const server: Server = {
    origin: `http://127.0.0.1:${String(port)}`,
    heard: [],
    handle: (_, response) => {
      response.writeHead(200, { etag: '"elsewhere"', 'content-type': 'application/json' }).end('{"n":0}');
    },
  };
  return server;
}

/** Answers at once. */
export function answer(
  response: ServerResponse,
  status: number,
  headers: Record<string, string> = {},
  body = '',
): void {
  response.writeHead(status, headers).end(body);
}
