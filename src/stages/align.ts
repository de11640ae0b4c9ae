import { withMembersOf } from '../core/members.ts';
import { putVersion } from '../core/precondition.ts';
import type { Sides } from '../core/resolution.ts';
import type { Intent } from '../recovery/intent.ts';
import { rejected, type Aligned } from '../recovery/records.ts';
import { baseState, localState, remoteState } from '../recovery/states.ts';
import { withWriteIds, writeIdsIn } from '../recovery/write-id.ts';
import type { Reason } from '../report.ts';
import type { Route } from '../route.ts';
import type { Representation } from '../shell/representation.ts';

/**
 * Brings the three states to one level: base and local carry the write ids of the remote, since a write's id is no edit, and a
 * local one without a base carries its version. A delete says no state, and so has no local one.
 */
export function align(intent: Intent, latest: Representation, route: Route): Aligned {
  const aligned = sidesOf(intent, latest, route);
  if ('code' in aligned) return rejected(aligned);
  return { kind: 'sides', sides: () => sidesOf(intent, latest, route) as Sides };
}

function sidesOf(intent: Intent, latest: Representation, route: Route): Sides | Reason {
  const { kind, version } = latest;
  const remote = remoteState(latest, route);
  if (intent.write.method === 'DELETE') return { base: intent.base(kind), local: undefined, remote };
  const base = baseState(intent, kind);
  const local = localState(intent, kind, remoteState(latest, route));
  if ('code' in local) return local;
  const ids = writeIdsIn(route, latest);
  // Actions are no state, and the server would take a member of its state among them for one of theirs.
  const managed = route.means === 'actions' ? [] : (route.readOnly ?? []);
  const level = (state: unknown): unknown =>
    withMembersOf(withWriteIds(route.writeId, state, ids), remote, managed);
  if (base !== undefined) return { base: level(base), local: level(local.value), remote };
  const nowhere = new Headers();
  const parts = { headers: nowhere, query: nowhere, document: level(local.value) };
  return { base, local: putVersion(route.version, version, parts), remote };
}
