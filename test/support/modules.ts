import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Installs what the lockfile in a folder names, unless that is what is there. Gives whether it did. */
export async function installModules(folder: string): Promise<boolean> {
  const lock = join(folder, 'package-lock.json');
  /** The lock that the modules were installed from. */
  const stamp = join(folder, 'node_modules/.installed-from.json');
  const wanted = await readFile(lock, 'utf8');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return false;
  const options = { cwd: folder, timeout: 300_000, maxBuffer: 2 ** 24 };
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], options);
  await copyFile(lock, stamp);
  return true;
}
