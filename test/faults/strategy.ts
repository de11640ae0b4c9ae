import {
  defineMerge,
  idempotencyKey,
  field,
  header,
  keepLocal,
  keepRemote,
  threeWay,
  writeLog,
  type MergeContext,
  type RouteOptions,
} from 'remerge';
import type { Doc } from './resource.ts';

/** How a write is to be recovered. */
export interface Strategy {
  readonly name: string;
  readonly options: RouteOptions<Doc>;
  /** Whether merging once more onto a state that holds the change comes to the same. */
  readonly isSafe: boolean;
  /** Whether the version stands in the body. */
  readonly isByField?: boolean;
  /** By what the server, or what it shows, tells one write from another. */
  readonly proof?: 'id' | 'passing id' | 'log' | 'key';
  /** Whether it is meant to write over what others have made. */
  readonly isRuthless?: boolean;
  /** Whether it may leave it at what others have made. */
  readonly isYielding?: boolean;
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
const deletes = { onConflict: { changed: 'delete' } } as const;

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
  name: 'own merge, repeatable',
  options: { merge: defineMerge(unite, { repeatable: true }), ...deletes },
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
/** The ids of the last writes also prove that a write wasn't made. */
export const logged: Strategy = {
  name: 'own merge, writeLog',
  options: { merge: append, writeId: writeLog('/lastWrites') },
  isSafe: false,
  proof: 'log',
};
export const keyed: Strategy = {
  name: 'own merge, idempotencyKey',
  options: { merge: append, writeId: idempotencyKey() },
  isSafe: false,
  proof: 'key',
};
/** A version in the body, and a 409 for another one. */
export const safeByField: Strategy = {
  name: 'threeWay, a version in the body',
  options: { merge: threeWay<Doc>(), version: field('/version') },
  isSafe: true,
  isByField: true,
};
export const unsafeByField: Strategy = {
  name: 'own merge, a version in the body',
  options: { merge: append, version: field('/version') },
  isSafe: false,
  isByField: true,
};
export const yielding: Strategy = {
  name: 'keepRemote',
  options: { merge: keepRemote<Doc>() },
  isSafe: true,
  isYielding: true,
};

/** What is gone is made anew. */
export const recreating: Strategy = {
  name: 'threeWay, recreate',
  options: { merge: threeWay<Doc>(), onConflict: { gone: 'recreate' } },
  isSafe: true,
};
export const recreatingOwn: Strategy = {
  name: 'own merge, recreate',
  options: { merge: append, onConflict: { gone: 'recreate' } },
  isSafe: false,
};

/** What was to be created and exists is taken as it is, or merged onto. */
export const adopting: Strategy = {
  name: 'adopt',
  options: { merge: append, onConflict: { exists: 'adopt' } },
  isSafe: true,
  isYielding: true,
};
export const joining: Strategy = {
  name: 'own merge, repeatable, onto what exists',
  options: { merge: defineMerge(unite, { repeatable: true }), onConflict: { exists: 'merge' } },
  isSafe: true,
};
export const joiningOwn: Strategy = {
  name: 'own merge, onto what exists',
  options: { merge: append, onConflict: { exists: 'merge' } },
  isSafe: false,
};
