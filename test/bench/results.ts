import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Answer } from './figures.ts';

/** A whole run: where and when it was, and every figure. */
export interface Results {
  readonly machine: string;
  readonly node: string;
  readonly date: string;
  readonly seed: number;
  readonly minutes: number;
  /** The versions of what stands beside remerge. */
  readonly peers: Readonly<Record<string, string>>;
  readonly answers: readonly Answer[];
}

const root = join(import.meta.dirname, '../..');

export const resultsPath = join(import.meta.dirname, 'results.json');

export function readResults(): Results {
  return JSON.parse(readFileSync(resultsPath, 'utf8')) as Results;
}

/** A run as a file: as many digits as say something, and as few lines as Prettier allows. */
export async function textOf(results: Results): Promise<string> {
  const json = JSON.stringify(results, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value,
  );
  return format(json, { ...(await resolveConfig(resultsPath)), parser: 'json' });
}

/** What this run is to be known by. */
export function circumstances(seed: number): Omit<Results, 'answers' | 'minutes'> {
  const [processor] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const peers = [
    'ky',
    'p-retry',
    'axios',
    'axios-retry',
    'ofetch',
    'wretch',
    'trimerge',
    'json-diff3',
    'node-diff3',
  ];
  const own = peers.map((name) => [name, versionOf(name, join(root, 'package.json'))]);
  const others = ['pouchdb', 'pouchdb-upsert'].map((name) => [
    name,
    versionOf(name, join(root, 'test/servers/package.json')),
  ]);
  return {
    machine: `${process.platform} ${process.arch}, ${String(cpus().length)} × ${processor?.model ?? 'unknown'}, ${String(gigabytes)} GB`,
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
    seed,
    peers: Object.fromEntries([...own, ...others]) as Results['peers'],
  };
}

/** The version in a project's lockfile: not every package lets its own be read. */
function versionOf(name: string, project: string): string {
  const lock = createRequire(project)('./package-lock.json') as {
    readonly packages: Readonly<Record<string, { readonly version: string } | undefined>>;
  };
  return lock.packages[`node_modules/${name}`]?.version ?? 'none';
}
