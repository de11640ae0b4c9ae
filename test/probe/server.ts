import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it came, and what is stored. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a server says: a status, headers, and a body. */
export interface Said {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server on a socket, with one document. */
export interface Server {
  readonly url: string;
  /** A line for each request, such as `PUT 412`. */
  readonly log: readonly string[];
  readonly asked: readonly Asked[];
  /** What is stored. */
  document: string;
  readonly stop: () => Promise<void>;
}

/** Starts one. `read` shows the document, `write` says what becomes of a write; `'taken'` stores its body. */
export async function startServer({
  read,
  write,
}: {
  readonly read: (server: Server) => Said;
  readonly write: (asked: Asked, server: Server) => Said | 'taken';
}): Promise<Server> {
  const log: string[] = [];
  const asked: Asked[] = [];
  const http = createServer((request, response) => {
    void (async () => {
      const { method = 'GET', headers } = request;
      const url = new URL(request.url ?? '/', server.url);
      const one = { method, url, headers, body: await text(request) };
      asked.push(one);
      const said = method === 'GET' ? read(server) : write(one, server);
      if (said === 'taken') server.document = one.body;
      const answer: Said = said === 'taken' ? { status: 204 } : said;
      log.push(`${method} ${answer.status}`);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    })();
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server: Server = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/notes/42`,
    log,
    asked,
    document: '{ "title": "Groceries" }',
    async stop() {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  return server;
}
