import { arrangement, inPlace, outOfOrder, type Arrangement } from './arrangement.ts';

/** The id of an item. */
export type Id = string | number | bigint | boolean;

/** The items of one side by their ids, in the order of that side. */
export type Items = ReadonlyMap<Id, unknown>;

/** An order of all items of both sides. */
interface Ordered {
  readonly order: readonly number[];
  /** Whether both sides moved items that all sides have. */
  readonly isEntangled: boolean;
  /** Whether both sides moved the same items differently. */
  readonly contested: boolean;
}

/**
 * The most times that a merged order is merged again. Of a million random pairs of rearrangements none needed more than
 * a few.
 */
const rounds = 8;

/**
 * The order of a list that two sides rearranged: the order that `mergeOrder` makes, made again from its own result
 * until nothing changes, so that a merge onto its own result leaves the order as it is. If the moves of both sides
 * depend on each other, so that the first result isn't the last, seen from either side, the moves are contested. Then
 * the order is the remote's, or the local one where `prefer` is `'local'`.
 *
 * @param base `undefined` where the base isn't known.
 * @param survives Whether an item is in the merged list. An item that isn't has no say in the order: it is not there
 *   the next time.
 * @param spend Takes the steps that the merge of the orders costs.
 * @returns `undefined` where too few steps are left.
 */
export function settledOrder(
  base: Items | undefined,
  local: Items,
  remote: Items,
  prefer: 'local' | 'remote' | undefined,
  survives: (id: Id) => boolean,
  spend: (steps: number) => boolean,
): { readonly order: readonly Id[]; readonly contested: boolean } | undefined {
  if (sameOrder([...local.keys()], [...remote.keys()]))
    return { order: [...remote.keys()], contested: false };
  const size = (base?.size ?? 0) + local.size + remote.size;
  if (!spend(10 * size)) return undefined;

  // Numbers in place of ids, so that each id is looked up only once.
  const ids = [...new Set([...remote.keys(), ...local.keys()])].filter(survives);
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const numbered = (side: Items): Arrangement => {
    const order: number[] = [];
    for (const id of side.keys()) {
      const number = numbers.get(id);
      if (number !== undefined) order.push(number);
    }
    return arrangement(order, ids.length);
  };
  const before = base && numbered(base);
  const [ours, theirs] = [numbered(local), numbered(remote)];
  const named = (order: readonly number[]): readonly Id[] => order.map((number) => ids[number] ?? '');

  const first = mergeOrder(before, ours, theirs);
  // An item that the remote removed and the preferred side keeps comes back, and takes the place that the local side
  // gives it.
  const isRestored = (id: number): boolean => !theirs.has(id) && !!before?.has(id);
  if (!first.isEntangled && !(prefer && ours.order.some(isRestored)))
    return { order: named(first.order), contested: false };
  if (!spend(12 * size)) return undefined;

  const onto = (side: Arrangement, order: readonly number[]): Ordered =>
    mergeOrder(before, side, arrangement(order, ids.length));
  const isSettled = (side: Arrangement, order: readonly number[]): boolean => {
    const again = onto(side, order);
    return !again.contested && sameOrder(again.order, order);
  };
  const turned = mergeOrder(before, theirs, ours);
  if (!first.contested) {
    // One side has all of the other's moves already, as it does if it is the result of an earlier merge.
    if (sameOrder(first.order, theirs.order)) return { order: named(first.order), contested: false };
    if (sameOrder(turned.order, ours.order)) return { order: named(turned.order), contested: false };
    if (isSettled(ours, first.order) && isSettled(theirs, turned.order))
      return { order: named(first.order), contested: false };
  }
  if (prefer === 'local')
    return { order: named(mergeOrder(before, theirs, ours, false).order), contested: true };
  let last = mergeOrder(before, ours, theirs, false).order;
  for (let round = 0; prefer && round < rounds && !isSettled(ours, last); round++)
    last = onto(ours, last).order;
  return { order: named(last), contested: true };
}

/**
 * Merges the orders of a list that two sides rearranged. The remote's order is the frame. An item that the local side
 * moved or added comes after the item that it follows on the local side (at the end, if it is last there), and after
 * the items that the remote added at the same place: a list that both sides only append to keeps each earlier state as
 * its beginning.
 *
 * @param moves Whether the local side's moves are followed. Otherwise, and where both sides moved the same items
 *   differently, only the local side's additions are.
 */
function mergeOrder(
  base: Arrangement | undefined,
  local: Arrangement,
  remote: Arrangement,
  moves = true,
): Ordered {
  const isShared = (id: number): boolean => local.has(id) && remote.has(id) && (!base || base.has(id));
  const ourShared = local.order.filter(isShared);
  const movement = movesOf(base, ourShared, remote.order.filter(isShared), remote);
  const { isEntangled, contested } = movement;
  const isMoved = (id: number): boolean => moves && !contested && movement.isMoved(id);

  // An item that follows one which the remote moved would land at that one's new place, so only items in the same order
  // on both sides are followed.
  const unmoved = ourShared.filter((id) => !isMoved(id));
  const isElsewhere = outOfOrder(unmoved, remote);
  const isUnmoved = arrangement(unmoved, local.count).has;
  const isInOneOrder = inPlace(local.order, remote, (id) => isUnmoved(id) && !isElsewhere(id));
  const first: number[] = [];
  const following = new Map<number, number[]>();
  let last = first;
  for (const id of local.order) {
    if (!remote.has(id) || isMoved(id)) last.push(id);
    else if (isInOneOrder(id)) following.set(id, (last = []));
  }

  const order: number[] = [];
  let waiting = first;
  for (const id of remote.order) {
    if (isMoved(id)) continue;
    if (local.has(id) || base?.has(id)) {
      // Items at the end of the local order go to the end.
      if (waiting !== last) for (const follower of waiting) order.push(follower);
      waiting = following.get(id) ?? [];
    }
    order.push(id);
  }
  for (const id of last) order.push(id);
  return { order, isEntangled, contested };
}

/**
 * Finds the items to move because the local side moved them, among the items that all sides have, in each side's order.
 */
function movesOf(
  base: Arrangement | undefined,
  ours: readonly number[],
  theirs: readonly number[],
  remote: Arrangement,
): Pick<Ordered, 'isEntangled' | 'contested'> & { readonly isMoved: (id: number) => boolean } {
  if (sameOrder(ours, theirs)) return { isMoved: () => false, isEntangled: false, contested: false };
  if (base) {
    const isOurMove = outOfOrder(ours, base);
    const isTheirMove = outOfOrder(theirs, base);
    // Items that both sides moved are where both want them if they are in place among all items that no side moved
    // alone.
    const isAmongAll = inPlace(ours, remote, () => true);
    const isAmongThese = inPlace(ours, remote, (id) => isOurMove(id) === isTheirMove(id));
    const isMoved = (id: number): boolean =>
      isOurMove(id) && !(isTheirMove(id) ? isAmongThese : isAmongAll)(id);
    const isEntangled = ours.some(isOurMove) && ours.some(isTheirMove);
    if (!ours.some((id) => isMoved(id) && isTheirMove(id))) return { isMoved, isEntangled, contested: false };
  }
  return { isMoved: () => false, isEntangled: true, contested: true };
}

function sameOrder(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
