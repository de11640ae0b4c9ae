/** What an item goes by. */
export type Id = string | number | bigint | boolean;

/** The items of one side by their ids, in its order. */
export type Items = ReadonlyMap<Id, unknown>;

/**
 * The order of a list that two sides rearranged. The remote's order is the frame; what the local side moved or added
 * comes after the item that it followed there (at the end, if it was last), and after what the remote added at the same
 * place: a list that is only appended to keeps each earlier state as its beginning.
 *
 * @param base `undefined` where it isn't known.
 * @returns The order of all items of both sides, and whether both moved the same items differently; the order is the
 *   remote's then, or the local one where `preferLocal` says so.
 */
export function mergeOrder(
  base: Items | undefined,
  local: Items,
  remote: Items,
  preferLocal: boolean,
): { readonly order: readonly Id[]; readonly contested: boolean } {
  const ours = [...local.keys()];
  const theirs = [...remote.keys()];
  if (sameOrder(ours, theirs)) return { order: theirs, contested: false };

  const place = positions(theirs);
  const isShared = (id: Id) => local.has(id) && remote.has(id) && (!base || base.has(id));
  const ourShared = ours.filter(isShared);
  const { moved, contested } = movesOf(base, ourShared, theirs.filter(isShared), place, preferLocal);

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
  return { order, contested };
}

/** What is to be moved because the local side did, of the items that all sides have, in each side's order. */
function movesOf(
  base: Items | undefined,
  ours: readonly Id[],
  theirs: readonly Id[],
  place: ReadonlyMap<Id, number>,
  preferLocal: boolean,
): { readonly moved: ReadonlySet<Id>; readonly contested: boolean } {
  if (sameOrder(ours, theirs)) return { moved: new Set(), contested: false };
  if (base) {
    const before = positions(base.keys());
    const alreadyThere = inPlace(ours, place, new Set(ours));
    const moved = new Set([...outOfOrder(ours, before)].filter((id) => !alreadyThere.has(id)));
    const theirMoves = outOfOrder(theirs, before);
    if (!theirs.some((id) => moved.has(id) && theirMoves.has(id))) return { moved, contested: false };
  }
  return { moved: preferLocal ? outOfOrder(ours, place) : new Set(), contested: true };
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
