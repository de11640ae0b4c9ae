/** What a user does between signing in and leaving. */
export interface Visit {
  readonly user: string;
  /** Milliseconds from the start, or on a page from when the last user has left. */
  readonly at: number;
  /** How long the user stays, in milliseconds. Who leaves waits for nothing any more. */
  readonly stay: number;
  readonly bursts: readonly Burst[];
}

/** Calls that a user makes at the same time. */
export interface Burst {
  /** How long the user thinks before them, in milliseconds. */
  readonly pause: number;
  /** Whether somebody else writes meanwhile: when, as a part of the pause. */
  readonly other: number | undefined;
  readonly calls: readonly Call[];
  /** Whether the user waits for all of them. */
  readonly isAwaited: boolean;
}

/**
 * How the recipe of an update goes. `nests` waits for an update of its own resource. The last ones return what is no
 * document, as recipes in JavaScript do: `pushes` has changed its draft before.
 */
export const manners = [
  'appends',
  'returns',
  'waits',
  'hangs',
  'throws',
  'throws later',
  'nothing',
  'nests',
  'pushes',
  'true',
  'number',
  'null',
  'text',
  'member',
] as const;
type Manner = (typeof manners)[number];

/** One call: of a handle, or for `put` of the client itself, under a version and without a base. */
export interface Call {
  readonly verb: 'update' | 'replace' | 'patch' | 'put' | 'create' | 'remove';
  readonly path: string;
  readonly manner: Manner;
  /** How long the recipe takes, in milliseconds. */
  readonly takes: number;
  /** Whether the server never takes what it says. */
  readonly isPoison: boolean;
  /** When the caller aborts it, in milliseconds, by a signal of its own or by one that all calls of the burst share. */
  readonly abort: { readonly after: number; readonly by: 'own' | 'shared' } | undefined;
  readonly isTogether: boolean;
  readonly isIdempotent: boolean;
  /** What it says it was made of. */
  readonly base: 'snapshot' | 'value' | 'copy' | 'result';
  /** Milliseconds after the burst begins. */
  readonly after: number;
  /** Whether a person answers what can't be decided, and after how many milliseconds. */
  readonly answers: number | undefined;
}
