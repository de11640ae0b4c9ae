/**
 * How a write came out for its caller. `ok`: the server has it. `unknown`: it may have it, and the report says so, or its
 * client has crashed. `failed`: the report says that the server doesn't have it.
 */
export type Outcome = 'ok' | 'unknown' | 'failed';

/** A write as its caller saw it. Moments are numbers that put everything in order. */
export interface Written {
  readonly id: string;
  readonly outcome: Outcome;
  readonly start: number;
  /** When the caller was told. `Infinity` where nobody was, or where what was told is that nobody knows. */
  readonly end: number;
  /** Whether it comes to the same however often it is made. */
  readonly isIdempotent: boolean;
}

/** A read of the newest state. */
export interface Read<Seen> {
  readonly seen: Seen;
  readonly start: number;
  readonly end: number;
}

/** What must not happen. */
export interface Violation {
  readonly kind:
    | 'lost'
    | 'doubled'
    | 'false failure'
    | 'disorder'
    | 'stale read'
    | 'outside of the interval'
    | 'not linearizable'
    | 'no progress'
    | 'not recovered'
    | 'unconditional write'
    | "another's part"
    | 'test passed over'
    | 'no report'
    | 'never ends'
    | 'out of bounds';
  readonly what: string;
}

/** What is wrong with a write, by how often the server has made it. */
export function judge({ id, outcome, isIdempotent }: Written, times: number): readonly Violation[] {
  if (outcome === 'ok' && times === 0) return [{ kind: 'lost', what: `${id} was acknowledged` }];
  if (outcome === 'failed' && times > 0)
    return [{ kind: 'false failure', what: `${id} was reported as not made` }];
  if (times > 1 && !isIdempotent) return [{ kind: 'doubled', what: `${id} was made ${times} times` }];
  return [];
}
