import ky, { isHTTPError } from 'ky';
import pRetry, { type Options } from 'p-retry';
import { setTimeout as sleep } from 'node:timers/promises';
import { withId, type Note } from '../note.ts';
import type { Peer } from './peer.ts';

/**
 * An update as it is written by hand: read, change, write under the version that was read, and all of it again where
 * somebody else was first (https://github.com/sindresorhus/p-retry#readme).
 */
function loop(options: Options): Peer {
  return (origin) => (note, id) =>
    pRetry(async () => {
      const url = `${origin}/notes/${note}`;
      const response = await ky.get<Note>(url);
      const seen = await response.json();
      // A write that ky repeats by itself could be refused for what it wrote the first time.
      const headers = { 'if-match': response.headers.get('etag') ?? '' };
      await ky.put(url, { json: withId(seen, id), headers, retry: 0 });
    }, options);
}

/** Nothing but a refused version is tried again, as only that says that nothing was written. */
function onConflict(options: Options): Peer {
  return loop({
    ...options,
    shouldRetry: ({ error }) => isHTTPError(error) && error.response.status === 412,
  });
}

/** p-retry's own waits: doubling, and up to twice as long by chance. It never gives up. */
const doubling: Options = { retries: Infinity, minTimeout: 10, factor: 2, randomize: true };

/** The same, with the most that p-retry lets one say of a wait: no longer than half a second. */
const capped: Options = { ...doubling, maxTimeout: 500 };

export const byHandDoubling = onConflict(doubling);
export const byHandCapped = onConflict(capped);

/** A loop that tries again after any error, as p-retry does unless it is told otherwise. */
export const byHandAnyError = loop(capped);

/** client-go's `DefaultRetry`, for several clients that change one resource (https://pkg.go.dev/k8s.io/client-go/util/retry). */
export const defaultRetry = onConflict(backoff({ steps: 5, duration: 10, factor: 1, jitter: 0.1 }));

/** client-go's `DefaultBackoff`, for a resource that others manage. */
export const defaultBackoff = onConflict(backoff({ steps: 4, duration: 10, factor: 5, jitter: 0.1 }));

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
