import type { Place } from './place.ts';

/** One promise of the package, tried. */
export interface Check {
  readonly promise: string;
  /** Gives what was seen, in a line. Rejects where the promise is broken. */
  readonly run: () => Promise<string>;
}

/** Checks that share a project. It is made when the first of them runs. */
export type Suite = (place: Place) => readonly Check[];

/** Makes something once, for whoever asks first. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
