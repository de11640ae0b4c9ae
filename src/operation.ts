/**
 * Follows operations that a server has taken on. The result of `poll`, which brings the code for that, so that no other
 * bundle has it.
 */
export interface Acceptance {
  /** Whether each write gets an `Operation-Id`, by which the server knows it again. */
  readonly operationId: boolean;
  /** A stage of the flow, opaque here: the flow knows what it takes and gives. */
  readonly follow: (...answered: never) => Promise<unknown>;
}

/** An operation that goes on, as plain JSON: another process may go on to follow it, by `resume` of `poll()`. */
export interface Operation {
  readonly method: string;
  /** The address of the resource. */
  readonly url: string;
  /** The address that tells how far the operation is. It may be secret. */
  readonly monitor: string;
  /** Whether the monitor shows the status of the operation, or its result once it is there. */
  readonly shows: 'status' | 'result';
}

/** The state of an operation. `'conflict'`: it failed because the resource has moved on. */
export type OperationState = 'running' | 'succeeded' | 'failed' | 'conflict';

/** The end of an operation. `'unknown'`: its monitor is gone, or says nothing. `'timeout'`: it goes on, unobserved. */
export type OperationEnd =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'timeout' }
  | {
      readonly kind: 'failed' | 'conflict' | 'unknown';
      /** The last answer of the monitor, and its body. */
      readonly response: Response;
      readonly data: unknown;
    };
