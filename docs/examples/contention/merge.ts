import { giveUp, type Sides } from 'remerge';
import type { Board, Card, Column, Note, Task } from './documents.ts';

/** A note by hand: each part has the rule that its readers would expect. */
export function mergeNote({ base, local, remote }: Sides<Note>) {
  // Without the state both began with, what was deleted here can't be told from what was added there.
  if (base === undefined) return giveUp('The note as it was read is not known.');
  return {
    title: newer(base.title, local.title, remote.title),
    body: mergeSet(base.body.split('\n'), local.body.split('\n'), remote.body.split('\n')).join('\n'),
    tags: mergeSet(base.tags, local.tags, remote.tags),
    checklist: mergeList(base.checklist, local.checklist, remote.checklist, mergeTask),
  };
}

const mergeTask = (base: Task, local: Task, remote: Task): Task => ({
  id: remote.id,
  text: newer(base.text, local.text, remote.text),
  doneBy: newer(base.doneBy, local.doneBy, remote.doneBy),
});

/** A board by hand: what matters of a card is in which column it is, so a card that moved is no new card. */
export function mergeBoard({ base, local, remote }: Sides<Board>) {
  if (base === undefined) return giveUp('The board as it was read is not known.');
  const cards = mergeList(placed(base.columns), placed(local.columns), placed(remote.columns), mergePlaced);
  return {
    version: remote.version,
    title: newer(base.title, local.title, remote.title),
    columns: remote.columns.map(({ name }) => ({
      name,
      cards: cards.filter(({ column }) => column === name).map(({ card }) => card),
    })),
  };
}

interface Placed {
  readonly id: string;
  readonly column: string;
  readonly card: Card;
}

const placed = (columns: readonly Column[]): readonly Placed[] =>
  columns.flatMap(({ name, cards }) => cards.map((card) => ({ id: card.id, column: name, card })));

const mergePlaced = (base: Placed, local: Placed, remote: Placed): Placed => ({
  id: remote.id,
  column: newer(base.column, local.column, remote.column),
  card: mergeCard(base.card, local.card, remote.card),
});

const mergeCard = (base: Card, local: Card, remote: Card): Card => ({
  id: remote.id,
  text: newer(base.text, local.text, remote.text),
  movedBy: newer(base.movedBy, local.movedBy, remote.movedBy),
  comments: mergeSet(base.comments, local.comments, remote.comments),
});

/** The side that changed it; ours where both did. */
const newer = <Value>(base: Value, local: Value, remote: Value): Value => (local === base ? remote : local);

/** What they have, without what we took away, and with what we added. */
function mergeSet(
  base: readonly string[],
  local: readonly string[],
  remote: readonly string[],
): readonly string[] {
  return [
    ...remote.filter((each) => local.includes(each) || !base.includes(each)),
    ...local.filter((each) => !base.includes(each) && !remote.includes(each)),
  ];
}

/** The same for things with an id, where a thing that both still have is merged in itself. */
function mergeList<Item extends { readonly id: string }>(
  base: readonly Item[],
  local: readonly Item[],
  remote: readonly Item[],
  merge: (base: Item, local: Item, remote: Item) => Item,
): readonly Item[] {
  const before = byId(base);
  const ours = byId(local);
  const theirs = byId(remote);
  const kept = mergeSet([...before.keys()], [...ours.keys()], [...theirs.keys()]);
  return kept.flatMap((id) => {
    const [was, mine, other] = [before.get(id), ours.get(id), theirs.get(id)];
    const item = was && mine && other ? merge(was, mine, other) : (other ?? mine);
    return item ? [item] : [];
  });
}

const byId = <Item extends { readonly id: string }>(items: readonly Item[]) =>
  new Map(items.map((item) => [item.id, item]));
