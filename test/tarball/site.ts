import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

/** The files of a folder, served as they are. */
export interface Site {
  readonly origin: string;
  /** What was asked for and isn't there. */
  readonly missing: readonly string[];
  readonly stop: () => Promise<void>;
}

const kinds: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

export async function serve(folder: string): Promise<Site> {
  const missing: string[] = [];
  const server = createServer((asked, answer) => {
    const { pathname } = new URL(asked.url ?? '/', 'http://127.0.0.1');
    const path = pathname === '/' ? '/index.html' : pathname;
    readFile(join(folder, path)).then(
      (content) => answer.writeHead(200, { 'content-type': kinds[extname(path)] ?? '' }).end(content),
      () => {
        missing.push(path);
        answer.writeHead(404).end();
      },
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    missing,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
