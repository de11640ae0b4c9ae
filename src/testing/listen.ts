import type { Origin } from './origin.ts';

/** An origin at a port; see `listen`. */
export interface Listening {
  /** The address of the resources, with a slash at its end. */
  readonly url: string;
  /** Closes the port and all connections. */
  readonly close: () => Promise<void>;
}

type Http = ReturnType<typeof process.getBuiltinModule<'node:http'>>;
type Incoming = InstanceType<Http['IncomingMessage']>;
type Outgoing = InstanceType<Http['ServerResponse']>;

/**
 * Serves an origin at a free port of 127.0.0.1, for tests of a service, of another process or of another language. Lost
 * requests and answers close the connection, as a network does.
 *
 * @throws {TypeError} Where there is no `node:http`: it takes Node 22.3, Deno or Bun.
 */
export async function listen(origin: Origin): Promise<Listening> {
  // Not an import: a bundler for browsers would look for the module.
  const runtime = (globalThis as { process?: Partial<typeof process> }).process;
  const http = runtime?.getBuiltinModule?.('node:http');
  if (!http) throw new TypeError('listen needs node:http, which is in Node 22.3, in Deno and in Bun.');
  const server = http.createServer((incoming, outgoing) => {
    answer(origin, incoming, outgoing).catch(() => {
      outgoing.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${new URL(origin.url).pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(origin: Origin, incoming: Incoming, outgoing: Outgoing): Promise<void> {
  const { status, headers, body } = await origin.fetch(await requestFrom(incoming, outgoing));
  outgoing.writeHead(status, Object.fromEntries(headers));
  // One that breaks off shows what came before.
  for await (const chunk of body ?? []) await new Promise((sent) => outgoing.write(chunk, sent));
  outgoing.end();
}

/** The request that arrived, which is aborted when its caller has gone. */
async function requestFrom(incoming: Incoming, outgoing: Outgoing): Promise<Request> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, String(value));
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const { method = 'GET', url = '/' } = incoming;
  return new Request(new URL(url, 'http://127.0.0.1'), {
    method,
    headers,
    body: chunks.length > 0 ? await new Blob(chunks as BlobPart[]).arrayBuffer() : null,
    signal: gone.signal,
  });
}
