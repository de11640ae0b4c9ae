import { clientKind } from './client-kind.ts';
import { conflictKind } from './conflict-kind.ts';
import { fetchKind } from './fetch-kind.ts';
import type { Kind } from './kind.ts';

/** The kinds of calls, and how many of a hundred are of each. */
export const kinds = {
  fetch: { ...(fetchKind as Kind), weight: 60 },
  client: { ...(clientKind as Kind), weight: 34 },
  conflict: { ...(conflictKind as Kind), weight: 6 },
} as const satisfies Readonly<Record<string, Kind & { readonly weight: number }>>;

export type KindName = keyof typeof kinds;
