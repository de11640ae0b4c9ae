import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What stands between the client and the server: it writes down what goes by, and can lose an answer. */
export interface Proxy {
  readonly url: URL;
  /** A line for each request, such as `PUT 409`. An answer that was lost has an `x` behind it. */
  readonly log: string[];
  /**
   * Loses the next answer that is a success to this method: the server has made the write, and nobody hears of it.
   *
   * @param meanwhile What happens between the write and the loss.
   */
  readonly lose: (method: string, meanwhile?: () => Promise<void>) => void;
  readonly stop: () => Promise<void>;
}

/** Starts one in front of a server. */
export async function startProxy(target: URL): Promise<Proxy> {
  const log: string[] = [];
  let losing: { readonly method: string; readonly meanwhile?: () => Promise<void> } | undefined;

  async function pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', url, headers } = asked;
    const onward = request(new URL(url ?? '/', target), {
      method,
      headers: { ...headers, host: target.host },
    });
    onward.end(await buffer(asked));
    const [given] = (await once(onward, 'response')) as [IncomingMessage];
    const { statusCode = 502 } = given;
    const body = await buffer(given);
    const isLost = method === losing?.method && statusCode < 300;
    log.push(`${method} ${statusCode}${isLost ? ' x' : ''}`);
    if (isLost) {
      const meanwhile = losing?.meanwhile;
      losing = undefined;
      await meanwhile?.();
      asked.socket.destroy();
      return;
    }
    // What is about the connection to the server isn't about the one to the client.
    const { headers: shown } = given;
    delete shown['transfer-encoding'];
    delete shown.connection;
    answer.writeHead(statusCode, shown);
    answer.end(body);
  }

  const server = createServer((asked, answer) => {
    pass(asked, answer).catch((error: unknown) => {
      log.push(`${String(asked.method)} ${String(error)}`);
      asked.socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(target.pathname, `http://127.0.0.1:${port}`),
    log,
    lose: (method, meanwhile) => (losing = { method, ...(meanwhile && { meanwhile }) }),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
