import * as fc from 'fast-check';

/** A card of a board. */
export interface Card {
  readonly id: string;
  readonly text: string;
  readonly size: number;
}

/** A board as lists by name, or as columns that are items of a list themselves. */
export type Board = Readonly<Record<string, readonly Card[]>>;

/** One thing that somebody does with a board, at places chosen by numbers, so that it means something on any board. */
interface Deed {
  readonly kind: 'move' | 'remove' | 'add' | 'rename' | 'resize';
  readonly from: number;
  readonly at: number;
  readonly to: number;
  readonly place: number;
  readonly value: number;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom('move', 'move', 'move', 'remove', 'add', 'rename', 'resize'),
  from: fc.nat(2),
  at: fc.nat(4),
  to: fc.nat(2),
  place: fc.nat(4),
  value: fc.nat(3),
});

const names = ['todo', 'doing', 'done'] as const;

function done(board: Board, { kind, from, at, to, place, value }: Deed, whose: string): Board {
  const lists = names.map((name) => [...(board[name] ?? [])]);
  const [source, target] = [lists[from] ?? [], lists[to] ?? []];
  const index = source.length > 0 ? at % source.length : 0;
  const card = source[index];
  if (kind === 'add') {
    const id = `${whose}${String(value)}`;
    if (!lists.flat().some((other) => other.id === id)) source.splice(index, 0, { id, text: 'new', size: 0 });
  } else if (card && kind === 'move') {
    source.splice(index, 1);
    target.splice(place % (target.length + 1), 0, card);
  } else if (card && kind === 'remove') source.splice(index, 1);
  else if (card)
    source[index] = kind === 'rename' ? { ...card, text: `t${String(value)}` } : { ...card, size: value };
  return Object.fromEntries(names.map((name, list) => [name, lists[list] ?? []]));
}

/** A board, and what two people made of it. */
export const boards = fc
  .record({
    lengths: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(2)),
    ours: fc.array(deed, { minLength: 1, maxLength: 3 }),
    theirs: fc.array(deed, { minLength: 1, maxLength: 3 }),
  })
  .map(({ lengths, ours, theirs }) => {
    const base: Board = Object.fromEntries(
      names.map((name, list) => [
        name,
        Array.from({ length: lengths[list] ?? 0 }, (_, at) => ({
          id: `${name}${String(at)}`,
          text: 't',
          size: 0,
        })),
      ]),
    );
    return {
      base,
      local: ours.reduce((board, one) => done(board, one, 'our'), base),
      remote: theirs.reduce((board, one) => done(board, one, 'their'), base),
    };
  });

/** The same board with its lists as columns, which are items of a list. */
export function asColumns(board: Board): {
  readonly columns: readonly { readonly id: string; readonly cards: readonly Card[] }[];
} {
  return { columns: Object.entries(board).map(([id, cards]) => ({ id, cards })) };
}
