import type { Violation } from './history.ts';

/** Writers that write one resource at the same time, without any fault. */
export interface Contest {
  readonly writers: number;
  /** How many times each may send its write again. */
  readonly retries: number;
  readonly succeeded: number;
}

/**
 * The bound of Kubernetes' `TestPatchConflicts`, in every run: who is refused is refused for somebody who has succeeded,
 * so of N writers with R retries at least min(N, R + 1) succeed.
 */
export function checkProgress({ writers, retries, succeeded }: Contest): readonly Violation[] {
  const least = Math.min(writers, retries + 1);
  if (succeeded >= least) return [];
  return [
    { kind: 'no progress', what: `${succeeded} of ${writers} with ${retries} retries, at least ${least}` },
  ];
}
