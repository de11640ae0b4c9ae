import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { promisify } from 'node:util';
import { installModules } from '../support/modules.ts';
import type { Adapter } from './adapter.ts';
import { home } from './process.ts';

const run = promisify(execFile);
const modules = join(home, 'node_modules');

/** Installs what a server is made of, unless it is there. Rejects where that can't be done. */
export async function install({ from }: Pick<Adapter, 'from'>): Promise<void> {
  if (from === 'here') return;
  if (from === 'npm') return (modulesReady ??= installAll());
  const { packages, program } = from;
  if (!(await areInstalled(packages, program))) await installPackages(packages);
  if (!existsSync(program)) throw new Error(`${packages.join(' ')} brought no ${program}.`);
}

async function installAll(): Promise<void> {
  if (await installModules(home)) await linkRemerge();
}

let modulesReady: Promise<void> | undefined;
let listsReady: Promise<unknown> | undefined;

/** Whether Debian has all of them. Where there is no Debian, the program itself says it. */
async function areInstalled(packages: readonly string[], program: string): Promise<boolean> {
  if (!existsSync('/usr/bin/dpkg-query')) return existsSync(program);
  const format = '${db:Status-Status}\\n';
  const asked = run('dpkg-query', ['--show', `--showformat=${format}`, ...packages]);
  const { stdout } = await asked.catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter((status) => status === 'installed').length === packages.length;
}

async function installPackages(packages: readonly string[]): Promise<void> {
  if (getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error(`It needs ${packages.join(' and ')} of Debian, and apt-get needs root.`);
  // In this run level no package starts a server of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  listsReady ??= run('apt-get', ['update'], { env, timeout: 120_000 });
  await listsReady;
  const flags = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  const args = ['install', ...flags, ...packages];
  await run('apt-get', args, { env, timeout: 180_000, maxBuffer: 2 ** 24 });
}

/** Lets this project import `remerge` as its users do: from `dist`, by the names in its `exports`. */
export async function linkRemerge(): Promise<void> {
  const link = join(modules, 'remerge');
  await mkdir(modules, { recursive: true });
  await rm(link, { force: true });
  await symlink(join('..', '..', '..'), link, 'dir');
}
