import { createClient, keepLocal, set, text, threeWay, type RecoveryListener, type Resource } from 'remerge';
import * as z from 'zod';

/** What a note is: the server's answers, and what a merge or a person makes of them, are checked by it. */
export const Note = z.object({
  title: z.string(),
  body: z.string(),
  tags: z.array(z.string()).readonly(),
  due: z.string(),
  votes: z.number(),
  savedBy: z.string(),
});
export type Note = z.infer<typeof Note>;

/** What only one side changed is taken. What both changed goes by these, and where there is no rule, to a person. */
export const rules = threeWay<Note>({
  '/body': text(), // Line by line.
  '/tags': set(), // Both sides' additions and removals.
  '/savedBy': keepLocal(), // This save says it anew.
});

/** The note that everybody edits. */
export function openNote(onEvent: RecoveryListener): Resource<Note> {
  const api = createClient({
    baseUrl: location.origin,
    routes: { 'notes/:id': { merge: rules, schema: Note } },
    acrossTabs: true,
    // Votes of several tabs take turns.
    onEvent,
  });
  return api.resource('notes/:id', { id: '1' });
}
