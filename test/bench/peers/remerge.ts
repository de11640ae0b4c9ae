import { createClient, etag, isRecoveryError, writeLog, type RouteOptions } from 'remerge';
import type { Peer } from './peer.ts';

interface Mutable {
  ids: string[];
}

function client(more: Partial<RouteOptions<Mutable>>): Peer {
  return (origin) => {
    const api = createClient<{ 'notes/:id': Mutable }>({
      baseUrl: origin,
      routes: { 'notes/:id': { version: etag(), ...more } },
    });
    return (note, id) =>
      api.resource('notes/:id', { id: note }).update((draft) => {
        draft.ids.push(id);
      });
  };
}

/** A handle's `update`, all options at their defaults. */
export const remerge = client({});

/** The same, on a route whose refusal carries the state. */
export const remergeTold = client({ remoteInConflict: (_, body) => body });

/** The same, with an id of each write kept in the note. */
export const remergeLogged = client({ writeId: writeLog('/lastWrites') });

/** Whether an update's maker was told that nobody knows whether it was made. */
export function saysUnknown(error: unknown): boolean {
  return isRecoveryError(error) && error.code === 'outcome-unknown';
}
