import {
  createClient,
  etag,
  isRecoveryError,
  recoveryOf,
  withConflictRecovery,
  writeLog,
  type RouteOptions,
} from 'remerge';
import { withId, type Note } from '../note.ts';
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
export const remergeTold = client({ server: { classify: (_, body) => ({ state: body }) } });

/** The same, with an id of each write kept in the note. */
export const remergeLogged = client({ writeId: writeLog('/lastWrites') });

/** Whether an update's maker was told that nobody knows whether it was made. */
export function saysUnknown(error: unknown): boolean {
  return isRecoveryError(error) && error.code === 'outcome-unknown';
}

interface Sides {
  readonly base?: Note | undefined;
  readonly local: Note;
  readonly remote: Note;
}

/** The wrapped fetch by itself: what a loop by hand does, without the loop. */
export const remergeWrapped: Peer = (origin) => {
  const recovering = withConflictRecovery(fetch, {
    routes: {
      'notes/:id': {
        version: etag(),
        merge: ({ base, local, remote }: Sides) => {
          const before = base?.ids ?? [];
          return { ...remote, ids: [...remote.ids, ...local.ids.filter((id) => !before.includes(id))] };
        },
      },
    },
  });
  return async (note, id) => {
    const url = `${origin}/notes/${note}`;
    const response = await recovering(url);
    const seen = (await response.json()) as Note;
    const headers = { 'content-type': 'application/json', 'if-match': response.headers.get('etag') ?? '' };
    const written = await recovering(url, { method: 'PUT', headers, body: JSON.stringify(withId(seen, id)) });
    if (!written.ok) throw new Error(recoveryOf(written)?.outcome ?? 'failed');
    await written.arrayBuffer();
  };
};
