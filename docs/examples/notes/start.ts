import { createServer } from 'vite';
import { startServer } from '../server/server.ts';

const firstNote = {
  title: 'A weekend at the lake',
  body: 'Bring:\n- the tent\n- a lamp\n- something to read',
  tags: ['trip'],
  due: '2030-06-01',
  votes: 0,
  savedBy: 'nobody',
};

/** The example at work. */
export interface RunningExample {
  /** The page that shows both people, with a trailing slash. */
  readonly url: string;
  /** What the server of the notes answered: `PUT 412 "v1"`. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/** Starts the server of the notes, and Vite for the page, on 127.0.0.1. Where the port is taken, the next one serves. */
export async function startExample(port = 5173): Promise<RunningExample> {
  const server = await startServer();
  await fetch(`${server.url}/notes/1`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-none-match': '*' },
    body: JSON.stringify(firstNote),
  });
  const vite = await createServer({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    server: { host: '127.0.0.1', port, proxy: { '/notes/': server.url } },
    // Named here, they are bundled once, before the first page asks: none is found late, which would load the page again.
    optimizeDeps: { include: ['zod', 'zod/mini', 'ky', 'p-retry'], noDiscovery: true },
  });
  await vite.listen();
  return {
    url: vite.resolvedUrls?.local[0] ?? '',
    log: server.log,
    async close() {
      await vite.close();
      await server.close();
    },
  };
}
