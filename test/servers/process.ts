import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Where a server may live: an empty folder, and ports that nobody listens on. */
export interface Place {
  readonly folder: string;
  readonly port: number;
  readonly freePort: () => Promise<number>;
}

/** A server that answers. */
export interface Running {
  readonly url: URL;
  readonly stop: () => Promise<void>;
}

/** What is started: a program, its arguments, and where it will answer. */
export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly url: string;
}

/** The project that the servers of npm are installed in. */
export const home = import.meta.dirname;

/** The program that a package of npm brings. */
export function binary(name: string): string {
  return join(home, 'node_modules/.bin', name);
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const patience = { start: 60_000, stop: 5_000 };

/** Starts a server, and waits until it answers anything at all. It is ended by its process id. */
export async function start({ program, args, folder, env, url }: Start): Promise<Running> {
  const path = join(folder, 'output.txt');
  const output = createWriteStream(path);
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_UPDATE_NOTIFIER: '1', ...env },
  });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  // Who ends this run ends what it started.
  const abandon = (): boolean => child.kill('SIGKILL');
  process.once('exit', abandon);
  const ended = once(child, 'exit').catch(() => undefined);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const isDone = await Promise.race([ended.then(() => true), wait(patience.stop, false, { ref: false })]);
      if (!isDone) child.kill('SIGKILL');
      await ended;
    }
    process.off('exit', abandon);
    output.end();
  };

  const end = performance.now() + patience.start;
  while (performance.now() < end && child.exitCode === null && child.pid !== undefined) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer) return { url: new URL(url), stop };
    await wait(50);
  }
  await stop();
  const said = (await readFile(path, 'utf8')).slice(-2_000);
  throw new Error(`${program} did not start: ${said}`);
}
