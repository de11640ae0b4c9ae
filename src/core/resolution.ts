/** The three states a merge looks at. Each is a copy of its own: changing one changes nothing else. */
export interface Sides<Value = unknown> {
  /** The state that `local` was derived from, or `undefined` where it isn't known: it is never guessed. */
  readonly base: Value | undefined;
  /** The state the caller asked for. It is the same in each recovery of one write. */
  readonly local: Value;
  /** The state the server has now. */
  readonly remote: Value;
}

// Registered symbols: two copies of the package on one page still understand each other.
const resolution: unique symbol = Symbol.for('remerge.resolution');
const strategy: unique symbol = Symbol.for('remerge.strategy');

/** A decision that is no value to write. */
export type Resolution = { readonly [resolution]: true } & (
  { readonly kind: 'keep-remote' } | { readonly kind: 'give-up'; readonly reason: string }
);

/** What a merge may decide: the value to write, a resolution, or a strategy that is to decide instead. */
export type Decision<Value = unknown> = Value | Resolution | Strategy<Value>;

/** A ready-made merge. It works as a route's `merge`, and as the decision of a merge written by hand. */
export interface Strategy<Value = unknown> {
  (sides: Sides<Value>): Decision<Value>;
  readonly [strategy]: true;
}

/** Marks a function as a ready-made strategy. */
export function defineStrategy<Value>(decide: (sides: Sides<Value>) => Decision<Value>): Strategy<Value> {
  return Object.assign((sides: Sides<Value>) => decide(sides), { [strategy]: true as const });
}

/**
 * A merge's decision to write nothing and leave the conflict to the caller, who gets the server's own answer.
 *
 * @param reason Told in the report. Put no secret in it.
 */
export function giveUp(reason: string): Resolution {
  return { [resolution]: true, kind: 'give-up', reason };
}

/** A decision to leave the resource as the server has it: what `keepRemote()` comes to. */
export const remoteKept: Resolution = { [resolution]: true, kind: 'keep-remote' };

/** Whether a merge decided something else than a value. JSON has no symbols, so no value can be mistaken for one. */
export function isResolution(decision: unknown): decision is Resolution {
  return typeof decision === 'object' && decision !== null && resolution in decision;
}

/** Follows strategies until one decides. */
export function settle<Value>(decision: Decision<Value>, sides: Sides<Value>): Value | Resolution {
  let settled: unknown = decision;
  while (typeof settled === 'function' && strategy in settled) settled = (settled as Strategy<Value>)(sides);
  return settled as Value | Resolution;
}
