import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Adapter } from './adapter.ts';
import { runContract, runControl, type Result } from './contract.ts';
import type { Control } from './contract/control.ts';
import { install } from './install.ts';
import { freePort } from './process.ts';

/** What became of a server: the results, or why there are none. */
export interface Trial {
  readonly adapter: Adapter;
  readonly results: readonly Result[];
  /** What was seen on a server that keeps no promise. */
  readonly control?: Control;
  /** Why it could not be run. */
  readonly missing?: unknown;
  readonly seconds: number;
}

/** Installs a server, starts it, runs the contract, and stops it. */
export async function tryServer(adapter: Adapter, onResult: (result: Result) => void): Promise<Trial> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const folder = await mkdtemp(join(tmpdir(), 'remerge-server-'));
  try {
    await install(adapter);
    const running = await adapter.start({ folder, port: await freePort(), freePort });
    try {
      await prepare(adapter, running.url);
      if (adapter.unsafe !== undefined) {
        const control = await runControl(adapter, running.url);
        return { adapter, results: [], control, seconds: seconds() };
      }
      const results = await runContract(adapter, running.url, onResult);
      return { adapter, results, seconds: seconds() };
    } finally {
      await running.stop();
    }
  } catch (missing) {
    return { adapter, results: [], missing, seconds: seconds() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare({ prepare: asks = [] }: Adapter, url: URL): Promise<void> {
  for (const { path, ...init } of asks) {
    const response = await fetch(new URL(path, url), init);
    const text = await response.text();
    if (!response.ok) throw new Error(`Getting ${path} ready came to ${response.status}: ${text}`);
  }
}
