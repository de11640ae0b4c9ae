/** The ids of one side's items, in its order. */
export type Ids = readonly string[];

const start = '';

/**
 * The order of a list that two sides rearranged. The remote's order is the frame; what the local side moved or added
 * comes after the item that it followed there, and after what the remote added at the same place: a list that is only
 * appended to keeps each earlier state as its beginning.
 *
 * @param base `undefined` where it isn't known.
 * @returns The order of all items of both sides, and whether both moved the same items differently; the order is the
 *   remote's then, or the local one where `preferLocal` says so.
 */
export function mergeOrder(
  base: Ids | undefined,
  local: Ids,
  remote: Ids,
  preferLocal: boolean,
): { readonly order: Ids; readonly contested: boolean } {
  const inLocal = new Set(local);
  const inRemote = positions(remote);
  const inBase = base && positions(base);
  const isShared = (id: string) => inLocal.has(id) && inRemote.has(id) && (!inBase || inBase.has(id));
  const localShared = local.filter(isShared);
  const remoteShared = remote.filter(isShared);

  let moved: ReadonlySet<string> = new Set();
  let contested = false;
  if (!sameOrder(localShared, remoteShared)) {
    const localMoves = inBase ? outOfOrder(localShared, inBase) : inLocal;
    const remoteMoves = inBase ? outOfOrder(remoteShared, inBase) : inLocal;
    contested = remoteShared.some((id) => localMoves.has(id) && remoteMoves.has(id));
    if (!contested) moved = localMoves;
    else if (preferLocal) moved = outOfOrder(localShared, inRemote);
  }

  const following = new Map<string, string[]>([[start, []]]);
  let anchor = start;
  for (const id of local) {
    if (inRemote.has(id) && !moved.has(id)) anchor = id;
    else {
      const group = following.get(anchor);
      if (group) group.push(id);
      else following.set(anchor, [id]);
    }
  }

  const order: string[] = [];
  let waiting = following.get(start);
  const placeWaiting = () => {
    for (const id of waiting ?? []) order.push(id);
  };
  for (const id of remote) {
    if (moved.has(id)) continue;
    if (inLocal.has(id) || inBase?.has(id)) {
      placeWaiting();
      waiting = following.get(id);
    }
    order.push(id);
  }
  placeWaiting();
  return { order, contested };
}

function positions(ids: Ids): Map<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}

function sameOrder(one: Ids, other: Ids): boolean {
  return one.every((id, index) => id === other[index]);
}

/** The fewest items whose moving explains the order: all but a longest increasing run of their former positions. */
function outOfOrder(ids: Ids, formerly: ReadonlyMap<string, number>): Set<string> {
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
    previous[index] = ends[low - 1] ?? -1;
    ends[low] = index;
  }
  const moved = new Set(ids);
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1)
    moved.delete(ids[index] ?? '');
  return moved;
}
