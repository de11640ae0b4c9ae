import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request as it came over the wire. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What is answered: JSON, or nothing. */
export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A server on a port of its own that hears everything. */
export interface JsonServer {
  readonly origin: string;
  readonly calls: readonly Call[];
  /** Each call, and the status of its answer. */
  readonly log: readonly string[];
}

/** Starts a server that answers as it is told. It is stopped when its test is over. */
export async function startJsonServer(reply: (call: Call) => Reply): Promise<JsonServer> {
  const calls: Call[] = [];
  const log: string[] = [];
  const http = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, text: body };
      calls.push(call);
      const { status, headers: more, body: said } = reply(call);
      log.push(`${method} ${decodeURIComponent(path)} ${String(status)}`);
      const type = said === undefined ? {} : { 'content-type': 'application/json' };
      response.writeHead(status, { ...type, ...more }).end(said === undefined ? '' : JSON.stringify(said));
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${String(port)}`, calls, log };
}
