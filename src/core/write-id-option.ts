import type { ReadableCarrier } from './version.ts';
import type { WriteLog } from './write-log.ts';

/** An `Idempotency-Key`, as a route names it. Made by `idempotencyKey()`. */
export interface IdempotencyKey {
  readonly in: 'key';
}

/** A place for the id of a write: in the resource, in a header that the server keeps and shows, or in a request's key. */
export type WriteIdPlace = ReadableCarrier | WriteLog | IdempotencyKey;

/** The place of a write's id; a place in the resource and a key, in a list. */
export type WriteIdOption = WriteIdPlace | readonly WriteIdPlace[];

/**
 * Gives each write an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), for servers that execute the
 * requests of one key once. After a lost answer the same request is sent again. The caller's own key is kept. A server
 * that doesn't know the header ignores it, and then a second request is executed, too.
 */
export function idempotencyKey(): IdempotencyKey {
  return { in: 'key' };
}
