import type { Question, Resource, Sides, WriteResult } from 'remerge';
import { Note, rules } from './note.ts';

/** A state of the note, and what names it as the base of a change. */
export interface Shown {
  readonly value: Note;
  readonly base: unknown;
}

/** A save that was made, and who had saved before it, where it was merged with that. */
export interface Saved extends Shown {
  readonly other: string | undefined;
}

/** Shows a question to a person. `undefined`: not now. */
export type Ask = (question: Question<Note>) => Promise<Note | undefined>;

/** Saves a changed note, and asks as often as it takes. `undefined`: the person left it. */
export async function save(
  note: Resource<Note>,
  local: Note,
  base: unknown,
  ask: Ask,
): Promise<Saved | undefined> {
  let other: string | undefined;
  const merge = ({ remote }: Sides<Note>) => {
    other = remote.savedBy;
    return rules;
  };
  let write: () => Promise<WriteResult> = () => note.replace(local, { base, recovery: { merge } });
  for (;;) {
    try {
      const result = await write();
      return { value: Note.parse(result.value), base: result, other };
    } catch (error) {
      const question = note.questionOf(error);
      if (!question) throw error;
      const answer = await ask(question);
      if (answer === undefined) return undefined;
      // A new write, on what the person was shown. Whoever has saved meanwhile is merged with, or asked about.
      write = () => question.resume(answer);
    }
  }
}
