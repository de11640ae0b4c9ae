import ky, { isHTTPError } from 'ky';
import pRetry, { type Options } from 'p-retry';
import { setTimeout as sleep } from 'node:timers/promises';
import { Note, type Change } from './shared-note.ts';

/**
 * An update as it is written by hand: read, change, write under the version that was read, and all of it again where
 * somebody else was first. Nothing else is tried again, as only a refused version says that nothing was written.
 */
export async function updateByHand(url: string, change: Change, options: Options): Promise<void> {
  await pRetry(
    async () => {
      const response = await ky.get(url);
      const note = change(Note.parse(await response.json()));
      // A write that ky repeats by itself could be refused for what it wrote the first time.
      await ky.put(url, {
        json: note,
        headers: { 'if-match': response.headers.get('etag') ?? '' },
        retry: 0,
      });
    },
    { ...options, shouldRetry: ({ error }) => isHTTPError(error) && error.response.status === 412 },
  );
}

/** p-retry's own waits: doubling, and up to twice as long by chance. It never gives up. */
export const doubling: Options = { retries: Infinity, minTimeout: 10, factor: 2, randomize: true };

/** The same, with the most that p-retry lets one say of a wait: no longer than half a second. */
export const capped: Options = { ...doubling, maxTimeout: 500 };

/** client-go's `DefaultRetry`, for several clients that change one resource. */
export const defaultRetry: Options = backoff({ steps: 5, duration: 10, factor: 1, jitter: 0.1 });

/** client-go's `DefaultBackoff`, for a resource that others manage. */
export const defaultBackoff: Options = backoff({ steps: 4, duration: 10, factor: 5, jitter: 0.1 });

interface Backoff {
  /** Attempts, the first one included. */
  readonly steps: number;
  /** Milliseconds of the first wait. */
  readonly duration: number;
  readonly factor: number;
  /** How much longer a wait may be by chance: a part of itself. */
  readonly jitter: number;
}

/** client-go's waits in p-retry's terms. p-retry's own chance only doubles, so the wait is made where it waits for us. */
function backoff({ steps, duration, factor, jitter }: Backoff): Options {
  return {
    retries: steps - 1,
    minTimeout: 0,
    onFailedAttempt: async ({ attemptNumber, retriesLeft }) => {
      const delay = duration * factor ** (attemptNumber - 1);
      if (retriesLeft > 0) await sleep(delay * (1 + jitter * Math.random()));
    },
  };
}
