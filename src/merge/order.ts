/** What an item goes by. */
export type Id = string | number | bigint | boolean;

/** The items of one side by their ids, in its order. */
export type Items = ReadonlyMap<Id, unknown>;

/** The ids of one side, in its order. */
type Ids = Pick<Items, 'has' | 'keys'>;

/** An order of all items of both sides. */
interface Ordered {
  readonly order: readonly Id[];
  /** Whether both sides moved items that all have. */
  readonly isEntangled: boolean;
  /** Whether they moved the same items differently. */
  readonly contested: boolean;
}

/** How often an order is made anew of itself. Of a million random pairs of rearrangements none needs more than a few. */
const rounds = 8;

/**
 * The order of a list that two sides rearranged, as `mergeOrder` makes it; made anew of what came out until that changes
 * nothing, so that a merge onto its own result leaves it as it is. Where the moves of both sides depend on each other, so that the
 * first result isn't the last, seen from either side, they are contested: then the order is the remote's, or the local one
 * where that is preferred.
 *
 * @param survives Whether an item is in the merged list.
 */
export function settledOrder(
  base: Items | undefined,
  local: Items,
  remote: Items,
  prefer: 'local' | 'remote' | undefined,
  survives: (id: Id) => boolean,
): Pick<Ordered, 'order' | 'contested'> {
  const first = mergeOrder(base, local, remote);
  // What one side removed and the chosen side keeps comes back, and with it where that side has it.
  const isRestored = (id: Id): boolean => !remote.has(id) && !!base?.has(id) && survives(id);
  if (!first.isEntangled && !(prefer && [...local.keys()].some(isRestored))) return first;
  const turned = mergeOrder(base, remote, local);
  const stays = (order: readonly Id[], side: Ids): boolean =>
    sameOrder(order.filter(survives), [...side.keys()].filter(survives));
  if (!first.contested) {
    // One side has all of the other's moves already, as it has where it is what came out before.
    if (stays(first.order, remote)) return first;
    if (stays(turned.order, local)) return turned;
  }
  const onto = (side: Ids, order: readonly Id[]): Ordered =>
    mergeOrder(base, side, new Set(order.filter(survives)));
  const isSettled = (side: Ids, order: readonly Id[]): boolean => {
    const again = onto(side, order);
    return !again.contested && sameOrder(again.order.filter(survives), order.filter(survives));
  };
  if (!first.contested && isSettled(local, first.order) && isSettled(remote, turned.order)) return first;
  if (prefer === 'local') return { order: mergeOrder(base, remote, local, false).order, contested: true };
  let { order } = mergeOrder(base, local, remote, false);
  for (let round = 0; round < rounds && !isSettled(local, order); round++) order = onto(local, order).order;
  return { order, contested: true };
}

/**
 * The order of a list that two sides rearranged. The remote's order is the frame; what the local side moved or added
 * comes after the item that it followed there (at the end, if it was last), and after what the remote added at the same
 * place: a list that is only appended to keeps each earlier state as its beginning.
 *
 * @param base `undefined` where it isn't known.
 * @param moves Whether the local side's moves are followed; otherwise, and where both sides moved the same items differently,
 *   only its additions are.
 */
function mergeOrder(base: Ids | undefined, local: Ids, remote: Ids, moves = true): Ordered {
  const ours = [...local.keys()];
  const theirs = [...remote.keys()];
  if (sameOrder(ours, theirs)) return { order: theirs, isEntangled: false, contested: false };

  const place = positions(theirs);
  const isShared = (id: Id) => local.has(id) && remote.has(id) && (!base || base.has(id));
  const ourShared = ours.filter(isShared);
  const {
    moved: ourMoves,
    isEntangled,
    contested,
  } = movesOf(base, ourShared, theirs.filter(isShared), place);
  const moved = moves && !contested ? ourMoves : new Set<Id>();

  // What follows an item that the remote put elsewhere would land there, so only items in one order are followed.
  const unmoved = ourShared.filter((id) => !moved.has(id));
  const elsewhere = outOfOrder(unmoved, place);
  const inOneOrder = inPlace(ours, place, new Set(unmoved.filter((id) => !elsewhere.has(id))));
  const first: Id[] = [];
  const following = new Map<Id, Id[]>();
  let last = first;
  for (const id of ours) {
    if (!remote.has(id) || moved.has(id)) last.push(id);
    else if (inOneOrder.has(id)) following.set(id, (last = []));
  }

  const order: Id[] = [];
  let waiting = first;
  for (const id of theirs) {
    if (moved.has(id)) continue;
    if (local.has(id) || base?.has(id)) {
      // What the local side has at its end goes to the end.
      if (waiting !== last) for (const follower of waiting) order.push(follower);
      waiting = following.get(id) ?? [];
    }
    order.push(id);
  }
  for (const id of last) order.push(id);
  return { order, isEntangled, contested };
}

/** What is to be moved because the local side did, of the items that all sides have, in each side's order. */
function movesOf(
  base: Ids | undefined,
  ours: readonly Id[],
  theirs: readonly Id[],
  place: ReadonlyMap<Id, number>,
): Pick<Ordered, 'isEntangled' | 'contested'> & { readonly moved: ReadonlySet<Id> } {
  if (sameOrder(ours, theirs)) return { moved: new Set(), isEntangled: false, contested: false };
  if (base) {
    const before = positions(base.keys());
    const ourMoves = outOfOrder(ours, before);
    const theirMoves = outOfOrder(theirs, before);
    // What both moved is where both want it, if that is so among all that nobody moved alone.
    const together = new Set(ours.filter((id) => ourMoves.has(id) === theirMoves.has(id)));
    const amongAll = inPlace(ours, place, new Set(ours));
    const amongThese = inPlace(ours, place, together);
    const moved = new Set(
      [...ourMoves].filter((id) => !(theirMoves.has(id) ? amongThese : amongAll).has(id)),
    );
    const isEntangled = ourMoves.size > 0 && theirMoves.size > 0;
    if (![...moved].some((id) => theirMoves.has(id))) return { moved, isEntangled, contested: false };
  }
  return { moved: new Set(), isEntangled: true, contested: true };
}

function positions(ids: Iterable<Id>): Map<Id, number> {
  const found = new Map<Id, number>();
  for (const id of ids) found.set(id, found.size);
  return found;
}

function sameOrder(one: readonly Id[], other: readonly Id[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}

/** The ids whose place is after that of all of `among` that come before them, and before that of all that come later. */
function inPlace(ids: readonly Id[], place: ReadonlyMap<Id, number>, among: ReadonlySet<Id>): Set<Id> {
  const placeOf = (id: Id) => place.get(id) ?? NaN;
  const upTo: number[] = [];
  let highest = -1;
  for (const id of ids) {
    upTo.push(highest);
    if (among.has(id)) highest = Math.max(highest, placeOf(id));
  }
  const found = new Set<Id>();
  let lowest = Infinity;
  for (let index = ids.length - 1; index >= 0; index--) {
    const id = ids[index] ?? '';
    const here = placeOf(id);
    if ((upTo[index] ?? 0) < here && here < lowest) found.add(id);
    if (among.has(id)) lowest = Math.min(lowest, here);
  }
  return found;
}

/** The fewest items whose moving explains the order: all but a longest increasing run of their former positions. */
function outOfOrder(ids: readonly Id[], formerly: ReadonlyMap<Id, number>): Set<Id> {
  const former = ids.map((id) => formerly.get(id) ?? 0);
  /** For each length, where the run of that length with the lowest end stops. */
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, position] of former.entries()) {
    let low = 0;
    for (let high = ends.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((former[ends[middle] ?? 0] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    previous.push(ends[low - 1] ?? -1);
    ends[low] = index;
  }
  const kept = new Set<number>();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) kept.add(index);
  return new Set(ids.filter((_, index) => !kept.has(index)));
}
