import { Worker } from 'node:worker_threads';
import { scopes, type Size } from './scopes.ts';
import type { Walk } from './walk.ts';

/** What one thread is asked for: one of the scopes of a size. */
export interface Part {
  readonly size: Size;
  readonly index: number;
}

/** Walks through all scopes of a size, in as many threads, and tells of each when it is done. */
export async function walkAll(
  size: Size,
  workers: number,
  tell: (walk: Walk) => void,
): Promise<readonly Walk[]> {
  const walks: Walk[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < scopes[size].length) {
      const walk = await walkPart({ size, index: next++ });
      walks.push(walk);
      tell(walk);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return walks;
}

function walkPart(part: Part): Promise<Walk> {
  return new Promise((resolve, reject) => {
    // Options are checked once for all: in production nothing is.
    const env = { ...process.env, NODE_ENV: 'production' };
    const worker = new Worker(new URL(import.meta.resolve('./worker.ts')), { workerData: part, env });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
