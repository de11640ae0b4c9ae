import { judge, type Read, type Violation, type Written } from './history.ts';

/** Writers that each append an id of their own to one list. */
export interface ListHistory {
  readonly appends: readonly Written[];
  /** Every state of the list at the server, in order; the last one is the final one. */
  readonly states: readonly (readonly string[])[];
  readonly reads: readonly Read<readonly string[]>[];
}

/**
 * Elle's append list (Kingsbury and Alvaro, 2020): each acknowledged id is in the final list exactly once, every state and
 * every read is a prefix of it, and a read shows whatever was acknowledged before it began.
 */
export function checkList({ appends, states, reads }: ListHistory): readonly Violation[] {
  const final = states.at(-1) ?? [];
  const violations: Violation[] = [];
  for (const append of appends) {
    const times = final.filter((id) => id === append.id).length;
    // What is the same however often it is made has no excuse for being there twice.
    violations.push(...judge({ ...append, isIdempotent: false }, times));
  }
  for (const state of states)
    if (!isPrefix(state, final))
      violations.push({ kind: 'disorder', what: `[${state.join()}] is no beginning of [${final.join()}]` });
  for (const { seen, start } of reads) {
    if (!isPrefix(seen, final))
      violations.push({
        kind: 'disorder',
        what: `a read saw [${seen.join()}], the end is [${final.join()}]`,
      });
    const missing = appends.find(
      ({ id, outcome, end }) => outcome === 'ok' && end < start && !seen.includes(id),
    );
    if (missing)
      violations.push({ kind: 'stale read', what: `${missing.id} is not in [${seen.join()}], read later` });
  }
  return violations;
}

function isPrefix(list: readonly string[], whole: readonly string[]): boolean {
  return list.length <= whole.length && list.every((id, index) => id === whole[index]);
}
