import type { Board, Card, Kind, Note, Task } from './documents.ts';

/** One edit of one writer. */
export type Edit = NoteEdit | BoardEdit;

interface NoteEdit {
  readonly on: 'note';
  readonly does: string;
  readonly mark: string;
  readonly apply: (note: Note) => Note;
}

interface BoardEdit {
  readonly on: 'board';
  readonly does: string;
  readonly mark: string;
  readonly apply: (board: Board) => Board;
}

/** What a writer of this number does, in its order. Writers and edits count from 1. */
export function editsOf(writer: number, count: number): readonly Edit[] {
  return Array.from({ length: count }, (_, index) => {
    const mark = `#${writer}.${String(index + 1).padStart(2, '0')}`;
    // In turn on the note and on the board, and each writer at something else.
    const turn = Math.floor(index / 2) + writer;
    return index % 2 === 0 ? noteEdit(mark, turn % 3) : boardEdit(mark, turn % 3);
  });
}

function noteEdit(mark: string, turn: number): NoteEdit {
  const note = { on: 'note', mark } as const;
  switch (turn) {
    case 0:
      return {
        ...note,
        does: 'adds a line',
        apply: (was) => ({ ...was, body: `${was.body}\nIdea ${mark}` }),
      };
    case 1:
      return {
        ...note,
        does: 'adds a tag',
        apply: (was) => ({ ...was, tags: [...was.tags, `idea${mark}`] }),
      };
    default: {
      const tick = (task: Task) => (task.id === own(mark) ? { ...task, doneBy: mark } : task);
      return {
        ...note,
        does: 'ticks a task',
        apply: (was) => ({ ...was, checklist: was.checklist.map(tick) }),
      };
    }
  }
}

function boardEdit(mark: string, turn: number): BoardEdit {
  const board = { on: 'board', mark } as const;
  switch (turn) {
    case 0:
      return {
        ...board,
        does: 'adds a card',
        apply: (was) => withCard(was, 'To do', card(`card${mark}`, null)),
      };
    case 1:
      return { ...board, does: 'moves a card', apply: (was) => withCard(was, 'Done', card(own(mark), mark)) };
    default: {
      const comment = (each: Card) =>
        each.id === own(mark) ? { ...each, comments: [...each.comments, `Seen ${mark}`] } : each;
      const apply = (was: Board) => ({
        ...was,
        columns: was.columns.map((column) => ({ ...column, cards: column.cards.map(comment) })),
      });
      return { ...board, does: 'comments on a card', apply };
    }
  }
}

const card = (id: string, movedBy: string | null): Card => ({
  id,
  text: 'Ask around',
  movedBy,
  comments: [],
});

/** The board with this card in one column and in no other. */
function withCard(board: Board, name: string, added: Card): Board {
  const columns = board.columns.map((column) => {
    const others = column.cards.filter(({ id }) => id !== added.id);
    return { ...column, cards: column.name === name ? [...others, added] : others };
  });
  return { ...board, columns };
}

/** The task or card that stands ready for one edit: its id without the `#`, so that only the edit leaves the mark. */
const own = (mark: string) => `ready-${mark.slice(1)}`;

/** The documents before the first edit. */
export function seed(edits: readonly Edit[]): Readonly<Record<Kind, Note | Omit<Board, 'version'>>> {
  const ready = (does: readonly string[]) =>
    edits.filter((edit) => does.includes(edit.does)).map(({ mark }) => own(mark));
  const task = (id: string): Task => ({ id, text: 'Ask around', doneBy: null });
  return {
    note: {
      title: 'Team days',
      body: 'Two days in June, somewhere by the sea.',
      tags: ['team', 'travel'],
      checklist: ready(['ticks a task']).map(task),
    },
    board: {
      title: 'Team days',
      columns: [
        { name: 'To do', cards: ready(['moves a card', 'comments on a card']).map((id) => card(id, null)) },
        { name: 'Done', cards: [] },
      ],
    },
  };
}
