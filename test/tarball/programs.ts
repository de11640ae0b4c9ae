import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The project that bundlers, compilers and runtimes are installed in. */
export const home = import.meta.dirname;

/** Says that a check can't be made, as the machine has no such thing. */
export class NotHere extends Error {}

/** The file of a tool, by its path below `node_modules`. */
export function tool(path: string): string {
  const file = join(home, 'node_modules', path);
  if (!existsSync(file)) throw new NotHere(`${path} isn't installed. There may be none for this machine.`);
  return file;
}

const patience = 120_000;

/** How a program ended, and all that it said. */
export interface Ended {
  readonly code: number | string;
  readonly output: string;
}

/** Runs a program to its end, whatever that is. One that doesn't end is ended. */
export function run(program: string, args: readonly string[], folder: string): Promise<Ended> {
  // A mode that this process was started in is none of its business.
  const env = { ...process.env, NODE_ENV: undefined, NO_COLOR: '1' };
  const options = { cwd: folder, env, timeout: patience, maxBuffer: 2 ** 24 };
  return new Promise((resolve) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      process.off('exit', abandon);
      resolve({ code: error?.code ?? error?.signal ?? 0, output: stdout + stderr });
    });
    const abandon = (): boolean => child.kill('SIGKILL');
    process.once('exit', abandon);
    child.stdin?.end();
  });
}

/** The same for a program that has to succeed. Gives what it said. */
export async function succeed(program: string, args: readonly string[], folder: string): Promise<string> {
  const { code, output } = await run(program, args, folder);
  if (code === 0) return output;
  throw new Error(`${[program, ...args].join(' ')} ended with ${code}:\n${output.slice(-4_000)}`);
}
