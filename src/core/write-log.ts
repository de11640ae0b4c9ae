import { field, type FieldCarrier } from './version.ts';

/** A member of the JSON body that holds the ids of the last writes. */
export interface WriteLog extends FieldCarrier {
  /** The number of ids that the member keeps. */
  readonly keep: number;
}

/**
 * A member of the JSON body that lists the ids of the last writes, for a route's `writeId`. One id proves that a write
 * was the last one. A list also proves that a write was made before others, or that it wasn't made at all.
 *
 * @param pointer A JSON Pointer (RFC 6901).
 * @param options.keep The number of ids to keep; a list that other clients keep longer isn't shortened. If more writes
 *   than that are made before a write looks for its own id, that write stays in doubt. `0` keeps no id, and proves
 *   nothing. Default: 100.
 * @throws {SyntaxError} for text that is no pointer.
 */
export function writeLog(pointer: string, { keep = 100 }: { readonly keep?: number } = {}): WriteLog {
  return { ...field(pointer), keep };
}
