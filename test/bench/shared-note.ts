import { z } from 'zod';

/** What is updated: a list to which every update adds its own id. */
export const Note = z.object({ ids: z.array(z.string()) });
export type Note = z.infer<typeof Note>;

export type Change = (note: Note) => Note;

/** What the server saw of one note. */
export interface Seen {
  readonly ids: readonly string[];
  readonly requests: number;
  /** Of these the writes that were refused, as somebody else was first. */
  readonly refused: number;
}
