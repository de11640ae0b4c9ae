/** What the writers edit: a note that a team keeps together, and its board. */
export interface Note {
  readonly title: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly checklist: readonly Task[];
}

export interface Task {
  readonly id: string;
  readonly text: string;
  readonly doneBy: string | null;
}

export interface Board {
  readonly version: number;
  readonly title: string;
  readonly columns: readonly Column[];
}

export interface Column {
  readonly name: string;
  readonly cards: readonly Card[];
}

export interface Card {
  readonly id: string;
  readonly text: string;
  readonly movedBy: string | null;
  readonly comments: readonly string[];
}

/** A document's kind, and what of it stands in its address. */
export type Kind = 'note' | 'board';

export const addresses: Readonly<Record<Kind, string>> = { note: 'notes', board: 'boards' };

/**
 * The marks of all edits that can be found in a document, as often as they stand there. Each edit leaves its own mark,
 * `#3.07` for writer 3's seventh, wherever it changes something.
 */
export function marksIn(document: unknown): readonly string[] {
  return JSON.stringify(document ?? null).match(/#\d+\.\d+/g) ?? [];
}
