import { field, type FieldCarrier } from './version.ts';

/** A member of the JSON body that holds the ids of the last writes. */
export interface WriteLog extends FieldCarrier {
  /** How many ids it holds. */
  readonly keep: number;
}

/**
 * A member of the JSON body that lists the ids of the last writes, for a route's `writeId`. One id proves that a write was the
 * last one; a list also proves that it was made before others, or that it wasn't made at all.
 *
 * @param pointer A JSON Pointer (RFC 6901).
 * @param options.keep How many ids it holds; one that others keep longer is not made shorter. More writes than that, while one
 * looks for its own, leave it in doubt. `0` keeps none, and proves nothing. Default: 100.
 * @throws {SyntaxError} for text that is no pointer.
 */
export function writeLog(pointer: string, { keep = 100 }: { readonly keep?: number } = {}): WriteLog {
  return { ...field(pointer), keep };
}
