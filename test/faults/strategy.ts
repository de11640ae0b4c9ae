import { field, header, keepLocal, threeWay, type MergeContext, type RouteOptions } from 'remerge';
import type { Doc } from './resource.ts';

/** How a write is to be recovered. */
export interface Strategy {
  readonly name: string;
  readonly options: RouteOptions<Doc>;
  /** Whether merging once more onto a state that holds the change comes to the same. */
  readonly isSafe: boolean;
  /** By what the server, or what it shows, tells one write from another. */
  readonly proof?: 'id' | 'passing id' | 'key';
  /** Whether it is meant to write over what others have made. */
  readonly isRuthless?: boolean;
}

/** Adds what the caller has added, whatever is there: made twice, it adds twice. */
function append({ base, local, remote }: MergeContext<Doc>): Doc {
  return { ...remote, entries: [...remote.entries, ...local.entries.slice(base?.entries.length ?? 0)] };
}

/** Adds what the caller has added and isn't there. */
function unite({ local, remote }: MergeContext<Doc>): Doc {
  return { ...remote, entries: [...new Set([...remote.entries, ...local.entries])] };
}

// What has changed may be deleted all the same: the same for a delete as a safe merge for a change.
const deletes = { onStaleDelete: 'delete' } as const;

export const safe: Strategy = {
  name: 'threeWay',
  options: { merge: threeWay<Doc>(), ...deletes },
  isSafe: true,
};
export const unsafe: Strategy = { name: 'own merge', options: { merge: append }, isSafe: false };
export const ruthless: Strategy = {
  name: 'keepLocal',
  options: { merge: keepLocal<Doc>(), ...deletes },
  isSafe: true,
  isRuthless: true,
};
export const united: Strategy = {
  name: 'own merge, idempotent',
  options: { merge: unite, idempotent: true, ...deletes },
  isSafe: true,
};
export const stamped: Strategy = {
  name: 'own merge, writeId',
  options: { merge: append, writeId: field('/lastWrite') },
  isSafe: false,
  proof: 'id',
};
/** The id stands in a header, which the next writer clears away. */
export const stampedByHeader: Strategy = {
  name: 'own merge, writeId in a header',
  options: { merge: append, writeId: header('X-Last-Write') },
  isSafe: false,
  proof: 'passing id',
};
export const keyed: Strategy = {
  name: 'own merge, idempotencyKey',
  options: { merge: append, idempotencyKey: true },
  isSafe: false,
  proof: 'key',
};
