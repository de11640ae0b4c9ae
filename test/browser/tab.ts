import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundlers } from '../package/bundles.ts';
import type * as App from './app.ts';

/** A page in a browser, on which the built package is. */
export interface Tab {
  /** Calls a function of the page's, and waits for what it comes to. */
  readonly call: <Name extends keyof typeof App>(
    name: Name,
    ...given: Parameters<(typeof App)[Name]>
  ) => Promise<Awaited<ReturnType<(typeof App)[Name]>>>;
  /** Evaluates an expression in the page. */
  readonly look: (expression: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** How a browser evaluates an expression in its page, promises waited for; and how it is ended. */
export interface Driver {
  readonly evaluate: (expression: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** What is to be done in a page, as an expression whose value is JSON. */
export function tabOf({ evaluate, close }: Driver): Tab {
  const look = async (expression: string): Promise<unknown> => {
    const said = await evaluate(
      `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`,
    );
    return JSON.parse(String(said)) as unknown;
  };
  return {
    look,
    close,
    call: (name, ...given) => look(`page.${name}(...${JSON.stringify(given)})`) as never,
  };
}

/** A site on this machine. */
export interface Site {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Opens a site of one page, which has the built package in it as esbuild makes it for production. */
export async function openSite(): Promise<Site> {
  const script = await bundlers.esbuild?.("export * from './test/browser/app.ts';", 'production');
  return serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-cache' });
    response.end(
      `<!doctype html><meta charset="utf-8"><title>remerge</title><script>${script ?? ''}</script>`,
    );
  });
}

/** Starts a site on a free port. */
export async function serve(answer: RequestListener): Promise<Site> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
