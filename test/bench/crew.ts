import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Task, Told } from './worker.ts';

/** Processes that update a note together. The same ones serve every way, so that none is younger than another. */
export interface Crew {
  readonly size: number;
  /** Has a task done by each process. The clock runs from when every one is ready until the last one is done. */
  work(
    tasks: readonly Task[],
    begin?: () => Promise<void>,
  ): Promise<{ readonly told: readonly Told[]; readonly ms: number }>;
  stop(): Promise<void>;
}

export function startCrew(size: number): Crew {
  const file = fileURLToPath(import.meta.resolve('./worker.ts'));
  const children = Array.from({ length: size }, () => fork(file));
  return {
    size,
    async work(tasks, begin) {
      const working = children.slice(0, tasks.length);
      const isReady = working.map((child) => nextMessage(child));
      for (const [index, child] of working.entries()) child.send(tasks[index] ?? '');
      await Promise.all(isReady);
      await begin?.();
      const results = working.map((child) => nextMessage(child) as Promise<Told>);
      const start = performance.now();
      for (const child of working) child.send('go');
      const told = await Promise.all(results);
      return { told, ms: performance.now() - start };
    },
    async stop() {
      await Promise.all(children.map((child) => dismiss(child)));
    },
  };
}

/** The next message of a process. It rejects if the process ends instead. */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
  const controller = new AbortController();
  const { signal } = controller;
  const ended = async (): Promise<never> => {
    await once(child, 'exit', { signal });
    throw new Error('A process of the bench ended before its work was done.');
  };
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended()])) as [unknown];
    return message;
  } finally {
    controller.abort();
  }
}

/** Lets a process end by itself, and waits until it has. */
export async function dismiss(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  if (child.connected) child.disconnect();
  await exit;
}
