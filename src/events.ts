import type { Recovery } from './report.ts';

/**
 * What happens to a write, as it happens. Each carries method, URL without its query, and `attempt`: the number of the
 * send it belongs to. No event carries a body, a query string or a credential.
 */
export type RecoveryEvent = { readonly method: string; readonly url: string; readonly attempt: number } & (
  | {
      /**
       * `write`: the server answered a send, which carried `version`. `read`: it answered a re-read, which showed
       * `version`; or the conflict answer carried the state, and the status is that of the conflict.
       */
      readonly kind: 'write' | 'read';
      readonly status: number;
      readonly version?: string;
    }
  | {
      /** The answer means a conflict. Recovery begins, or goes on. */
      readonly kind: 'conflict';
      readonly status: number;
    }
  | {
      /** The answer wants the same once more, with the `token` that it shows. */
      readonly kind: 'renew';
      readonly status: number;
    }
  | {
      /**
       * A send came to no answer, or to one that isn't the server's word on the write: 408, 429, 5xx. Or it was made in
       * part. Recovery finds out what became of it, or sends it again.
       */
      readonly kind: 'lost';
      readonly status?: number;
    }
  | {
      /** Recovery waits, `delay` in milliseconds. A wait of 0 isn't told. */
      readonly kind: 'wait';
      readonly delay: number;
    }
  | {
      /** The merge decided; where it gave up, `onConflict` did. */
      readonly kind: 'merge';
      readonly decision: 'write' | 'keep-remote' | 'give-up' | 'defer';
    }
  | {
      /**
       * The write is over. Of updates that travel in one write each has an end of its own, as has one that came to no write:
       * there are as many as promises were handed out.
       */
      readonly kind: 'end';
      readonly recovery: Recovery;
    }
);

/** Called with each event. What it returns is ignored, so an async function will do; what it throws is, too. */
export type RecoveryListener = (event: RecoveryEvent) => unknown;

/** Tells a listener. What it throws, or rejects with, changes nothing. */
export function tell(listener: RecoveryListener, event: RecoveryEvent): void {
  try {
    const told = listener(event);
    if (told instanceof Promise) told.catch(() => undefined);
  } catch {
    // A write must not fail because somebody who watches it does.
  }
}
