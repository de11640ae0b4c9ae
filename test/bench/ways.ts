import type { Options } from 'p-retry';
import { createClient, etag, threeWay } from 'remerge';
import { capped, defaultBackoff, defaultRetry, doubling, updateByHand } from './by-hand.ts';
import { Note } from './shared-note.ts';

/** Adds an id to a note's list. Resolves when the server has it, and rejects where it was given up. */
export type Add = (note: string, id: string) => Promise<unknown>;

function byRemerge(origin: string): Add {
  const api = createClient({
    baseUrl: origin,
    routes: { 'notes/:id': { schema: Note, version: etag(), merge: threeWay() } },
  });
  return (note, id) =>
    api.resource('notes/:id', { id: note }).update((draft) => {
      draft.ids.push(id);
    });
}

const byHand =
  (options: Options) =>
  (origin: string): Add =>
  (note, id) =>
    updateByHand(`${origin}/notes/${note}`, ({ ids }) => ({ ids: [...ids, id] }), options);

/** The ways to make an update that are compared, each made once in a process. */
export const ways = {
  remerge: byRemerge,
  doubling: byHand(doubling),
  capped: byHand(capped),
  DefaultRetry: byHand(defaultRetry),
  DefaultBackoff: byHand(defaultBackoff),
};

export type Way = keyof typeof ways;

export const allWays = Object.keys(ways) as readonly Way[];

/** The loops that go on until their update is made. */
export const neverGivesUp: readonly Way[] = ['doubling', 'capped'];
