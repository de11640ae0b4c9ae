import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, type RunningServer } from '../../../docs/examples/server/server.ts';
import { freePort, start } from '../process.ts';
import { startProxy, type Proxy } from '../proxy.ts';
import { Replication } from './replication.ts';
import { placed, settings } from './settings.ts';

/** The gateway's program, of Debian. */
export const from = { packages: ['nginx-light'], program: '/usr/sbin/nginx' } as const;

/** nginx in front of a primary and its replica, with a gateway for each block of settings. */
export interface Site {
  readonly primary: RunningServer;
  readonly replica: RunningServer;
  readonly replication: Replication;
  /** Between the gateway and the primary: it can lose an answer there. */
  readonly behind: Proxy;
  /** In front of a gateway: it writes down what the client asked for. */
  readonly front: (name: string) => Proxy;
  readonly stop: () => Promise<void>;
}

/** Starts all of it in a folder of its own. */
export async function startSite(folder: string): Promise<Site> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const replication = new Replication(folder);
    const primary = await startServer({ database: replication.primary, log: replication.written });
    stops.push(() => primary.close());
    const replica = await startServer({ database: replication.replica, log: replication.read });
    stops.push(() => replica.close());
    replication.open();
    stops.push(() => replication.close());
    const behind = await startProxy(new URL(primary.url));
    stops.push(() => behind.stop());

    const ports = new Map<string, number>();
    const texts: string[] = [];
    for (const [name, text] of settings) {
      const port = await freePort();
      if (text.includes('listen')) ports.set(name, port);
      texts.push(
        placed(text, {
          gateway: `listen 127.0.0.1:${port};`,
          primary: behind.url.host,
          replica: new URL(replica.url).host,
          detour: new URL(primary.url).host,
          cache: join(folder, 'cache'),
        }),
      );
    }
    const [first = 0] = ports.values();
    const file = join(folder, 'nginx.conf');
    await writeFile(file, `${frame(folder)}\nhttp {\n${paths(folder)}\n${texts.join('\n')}}\n`);
    const url = `http://127.0.0.1:${first}/`;
    const nginx = await start({ program: from.program, args: ['-c', file, '-p', folder], folder, url });
    stops.push(() => nginx.stop());

    const fronts = new Map<string, Proxy>();
    for (const [name, port] of ports) {
      const front = await startProxy(new URL(`http://127.0.0.1:${port}/`));
      stops.push(() => front.stop());
      fronts.set(name, front);
    }
    const front = (name: string): Proxy => {
      const found = fronts.get(name);
      if (!found) throw new Error(`docs/gateways.md has no gateway called ${name}.`);
      return found;
    };
    return { primary, replica, replication, behind, front, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function frame(folder: string): string {
  return `daemon off; master_process off; pid ${join(folder, 'nginx.pid')}; error_log stderr;\nevents {}`;
}

/** Where it may write. Its own folders are root's. */
function paths(folder: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return ['access_log off;', ...kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`)].join('\n');
}
