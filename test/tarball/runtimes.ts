import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { home } from './programs.ts';

/** What runs JavaScript outside of a page. */
export interface Runtime {
  readonly name: string;
  /** What brings it, among the packages of this folder. */
  readonly from: string;
  /** Its program, below `node_modules`. */
  readonly program: string;
}

const { packages } = JSON.parse(readFileSync(join(home, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, { readonly version?: string } | undefined>>;
};

/** The version of a package in this folder that is installed. */
export function versionOf(name: string): string {
  return packages[`node_modules/${name}`]?.version ?? 'none';
}

const node = (major: number): Runtime => ({
  name: `Node ${major}`,
  from: `node-${major}`,
  program: 'bin/node',
});

/** Node's lines that are maintained. */
export const nodes: readonly Runtime[] = [node(22), node(24), node(26)];

export const bun: Runtime = { name: 'Bun', from: '@oven/bun-linux-x64', program: 'bin/bun' };
export const deno: Runtime = { name: 'Deno', from: '@deno/linux-x64-glibc', program: 'deno' };
export const workerd: Runtime = {
  name: 'workerd',
  from: '@cloudflare/workerd-linux-64',
  program: 'bin/workerd',
};

/** All that docs/runtimes.md tells of. */
export const runtimes: readonly Runtime[] = [...nodes, bun, deno, workerd];

/** The oldest compatibility date that is tried. A worker's fetch has to know `cache: 'no-store'`, by which an update reads. */
export const oldestWorker = '2025-08-07';
