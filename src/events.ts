import type { Recovery } from './report.ts';
import type { Operation } from './operation.ts';

/**
 * An event of a write, as it happens. Each event carries method, URL without its query, and `attempt`: the number of
 * the send that the event belongs to. No event carries a body, a query string or a credential.
 */
export type RecoveryEvent = { readonly method: string; readonly url: string; readonly attempt: number } & (
  | {
      /**
       * `write`: the server answered a send, which carried `version`. `read`: the server answered a re-read, which
       * showed `version`; or the conflict answer carried the state, and `status` is that of the conflict.
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
      /** The server wants the same request once more, with a header that its answer shows. */
      readonly kind: 'resend';
      readonly status: number;
    }
  | {
      /**
       * A send got no answer, or one that isn't the server's word on the write: 408, 429, 5xx. Or the server made a
       * part of the write. Recovery finds out what became of the send, or sends it again.
       */
      readonly kind: 'lost';
      readonly status?: number;
    }
  | {
      /** The server has taken the write on, and hasn't made it yet. Recovery follows the operation. */
      readonly kind: 'accepted';
      /** The operation, to be kept by a process that may end before it. Not enumerable: its monitor may be secret. */
      readonly operation: Operation;
    }
  | {
      /** Recovery waits for `delay` milliseconds. A wait of 0 has no event. */
      readonly kind: 'wait';
      readonly delay: number;
    }
  | {
      /** The merge decided; if the merge gave up, `onConflict.edited` did. */
      readonly kind: 'merge';
      readonly decision: 'write' | 'keep-remote' | 'give-up';
    }
  | {
      /**
       * The write is over. Each update that travels in a shared write has an `end` of its own, and so has an update
       * that needs no write: each promise that was handed out has one `end`.
       */
      readonly kind: 'end';
      readonly recovery: Recovery;
    }
);

/** Called with each event. Its return value is ignored, so an async function will do; its errors are ignored, too. */
export type RecoveryListener = (event: RecoveryEvent) => unknown;

/** Calls a listener. An error or a rejection of the listener changes nothing. */
export function tell(listener: RecoveryListener, event: RecoveryEvent): void {
  try {
    const told = listener(event);
    if (told instanceof Promise) told.catch(() => undefined);
  } catch {
    // A write must not fail because its listener does.
  }
}
