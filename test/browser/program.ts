import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A program that a test has started. It is ended by its own process id. */
export interface Program {
  /** The first part of its output that a pattern finds. */
  readonly said: string;
  readonly stop: () => Promise<void>;
}

/** Starts a program, and waits until it says where it can be found. */
export async function startProgram(
  path: string,
  args: readonly string[],
  pattern: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const child = spawn(path, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close').catch(() => undefined);
  const abandon = (): boolean => child.kill('SIGKILL');
  process.once('exit', abandon);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', abandon);
  };
  const found = (stream: Readable): Promise<string> =>
    new Promise((resolve) => {
      createInterface(stream).on('line', (line) => {
        const [, part] = pattern.exec(line) ?? [];
        if (part !== undefined) resolve(part);
      });
    });
  const failed = ended.then(() => {
    throw new Error(`${path} ended before it said ${String(pattern)}.`);
  });
  const said = await Promise.race([found(child.stdout), found(child.stderr), failed]);
  return { said, stop };
}
