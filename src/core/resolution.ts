import type { Conflict } from './conflict.ts';

/** The three states of a merge. Each is a copy of its own: changing one changes nothing else. */
export interface Sides<Value = unknown> {
  /** The state that `local` was derived from, or `undefined` where that state isn't known: remerge never guesses it. */
  readonly base: Value | undefined;
  /** The state that the caller asked for. It is the same in each recovery of one write. */
  readonly local: Value;
  /** The state that the server has now. */
  readonly remote: Value;
}

// Registered symbols, so that two copies of the package on one page understand each other.
const resolution: unique symbol = Symbol.for('remerge.resolution');
const strategy: unique symbol = Symbol.for('remerge.strategy');
const maker: unique symbol = Symbol.for('remerge.maker');

/** A decision other than a value to write. */
export type Resolution = { readonly [resolution]: true } & (
  { readonly kind: 'keep-remote' } | ({ readonly kind: 'give-up'; readonly reason: string } & Undecided)
);

/** The part of a merge that is done, for the code or the person that decides the rest. */
export interface Undecided {
  /** The conflicts that could not be decided. Default: none are named. */
  readonly conflicts?: readonly Conflict[];
  /** The merged state so far: the remote side stands where there is a conflict. Default: the remote state. */
  readonly merged?: unknown;
}

/** The decision of a merge: the value to write, a resolution, or a strategy that decides instead. */
export type Decision<Value = unknown> = Value | Resolution | Strategy<Value>;

/** The traits of a merge by which lost answers are judged. */
export interface MergeTraits {
  /**
   * Whether merging the same base and local a second time, onto a remote that already holds the first result, does no
   * harm. After a lost answer only such a merge may be repeated: a counter would count twice. Default: `false`.
   */
  readonly repeatable?: boolean;
  /**
   * Whether equal changes add up, as two votes do. Then a state that equals the one that was sent doesn't prove that
   * this write made it. Default: `false`.
   */
  readonly additive?: boolean;
}

/** A ready-made merge. It works as a route's `merge`, and as the decision of a merge written by hand. */
export interface Strategy<Value = unknown> {
  (sides: Sides<Value>): Decision<Value>;
  readonly [strategy]: true;
  /** See `MergeTraits`. */
  readonly repeatable: boolean;
  /** See `MergeTraits`. */
  readonly additive: boolean;
}

/**
 * Marks a function as a ready-made strategy.
 *
 * @param traits Default: neither.
 */
export function defineStrategy<Value>(
  decide: (sides: Sides<Value>) => Decision<Value>,
  { repeatable = false, additive = false }: MergeTraits = {},
): Strategy<Value> {
  const traits = { [strategy]: true as const, repeatable, additive };
  return Object.assign((sides: Sides<Value>) => decide(sides), traits);
}

/** The mark of a function that makes a rule or a strategy, and so is none itself: `threeWay` where `threeWay()` is meant. */
export interface Maker {
  readonly [maker]: true;
}

/** A function that makes no rule and no strategy. */
export interface NoMaker {
  readonly [maker]?: never;
}

/** Marks a function that makes a rule or a strategy, to recognise the function where its result is meant. */
export function makerOf<Make extends (...said: never[]) => unknown>(make: Make): Make & Maker {
  return Object.assign(make, { [maker]: true as const });
}

/**
 * Refuses a rule or a strategy that wasn't called: `text` where `text()` is meant.
 *
 * @param owner The owner of the merge, as the subject of a sentence.
 * @throws {TypeError} that says what to write.
 */
export function demandCalled(merge: unknown, owner: string): void {
  if (typeof merge !== 'function' || !(maker in merge)) return;
  throw new TypeError(`${owner} has a merge that isn't called. Write ${merge.name}().`);
}

/** Whether a merge is a ready-made strategy, as opposed to a function written by hand. */
export function isStrategy(merge: unknown): merge is Strategy {
  return typeof merge === 'function' && strategy in merge;
}

/**
 * Returns a merge's decision to leave the conflict open. Nothing is written, and nothing is locked meanwhile.
 * `onConflict.edited` decides; if it is `'fail'`, the write ends with `merge-conflict` and a `question`, whose
 * `resume(value)` makes a new write of a person's answer.
 *
 * @param reason Shown in the report. Put no secret in it.
 */
export function giveUp(reason: string, undecided: Undecided = {}): Resolution {
  return { [resolution]: true, kind: 'give-up', reason, ...undecided };
}

/** Returns the decision to leave the resource as the server has it, as `keepRemote()` does. */
export function remoteKept(): Resolution {
  return { [resolution]: true, kind: 'keep-remote' };
}

/**
 * Whether a merge's decision is a resolution instead of a value. JSON has no symbols, so no value can be mistaken for a
 * resolution.
 */
export function isResolution(decision: unknown): decision is Resolution {
  return typeof decision === 'object' && decision !== null && resolution in decision;
}

/** Calls strategies until one of them decides. */
export function settle<Value>(decision: Decision<Value>, sides: Sides<Value>): Value | Resolution {
  let settled: unknown = decision;
  while (isStrategy(settled)) settled = settled(sides);
  return settled as Value | Resolution;
}
