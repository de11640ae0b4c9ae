/** An order of some of `count` things. A number from 0 to `count - 1` stands for each thing. */
export interface Arrangement {
  readonly order: readonly number[];
  /** The number of all things, including those that are not in `order`. */
  readonly count: number;
  readonly has: (id: number) => boolean;
  /** The index of a thing in `order`; -1 for a thing that is not in it. */
  readonly placeOf: (id: number) => number;
}

/** Indexes an order, so that `has` and `placeOf` take constant time. */
export function arrangement(order: readonly number[], count: number): Arrangement {
  const places = new Int32Array(count).fill(-1);
  for (let index = 0; index < order.length; index++) places[order[index] ?? 0] = index;
  const placeOf = (id: number): number => places[id] ?? -1;
  return { order, count, has: (id) => placeOf(id) >= 0, placeOf };
}

/** Whether a thing belongs to a certain set. */
type IsOne = (id: number) => boolean;

function isOneOf(ids: readonly number[], count: number): IsOne {
  const flags = new Uint8Array(count);
  for (const id of ids) flags[id] = 1;
  return (id) => flags[id] === 1;
}

/**
 * The ids that stand alike to the `isAmong` ids in both orders: in the arrangement an id comes after every such id that
 * precedes it in `ids`, and before every such id that follows it.
 */
export function inPlace(ids: readonly number[], { placeOf, count }: Arrangement, isAmong: IsOne): IsOne {
  const upTo = new Int32Array(ids.length);
  let highest = -1;
  for (const [index, id] of ids.entries()) {
    upTo[index] = highest;
    if (isAmong(id)) highest = Math.max(highest, placeOf(id));
  }
  const found: number[] = [];
  let lowest = Infinity;
  for (let index = ids.length - 1; index >= 0; index--) {
    const id = ids[index] ?? 0;
    const here = placeOf(id);
    // An id without a place (-1) is not found: no place is below -1.
    if ((upTo[index] ?? 0) < here && here < lowest) found.push(id);
    if (isAmong(id)) lowest = Math.min(lowest, here);
  }
  return isOneOf(found, count);
}

/** The fewest things whose moves explain the new order: all but a longest increasing run of their former positions. */
export function outOfOrder(ids: readonly number[], { placeOf, count }: Arrangement): IsOne {
  const former = Int32Array.from(ids, placeOf);
  /** At `length - 1`: the index of the last id of that increasing run of this length which ends lowest. */
  const ends = new Int32Array(ids.length + 1);
  let lengths = 0;
  const previous = new Int32Array(ids.length);
  for (let index = 0; index < former.length; index++) {
    let low = 0;
    for (let high = lengths; low < high;) {
      const middle = (low + high) >> 1;
      if ((former[ends[middle] ?? 0] ?? 0) < (former[index] ?? 0)) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = index;
    lengths = Math.max(lengths, low + 1);
  }
  const kept = new Uint8Array(ids.length);
  for (let index = lengths > 0 ? (ends[lengths - 1] ?? -1) : -1; index >= 0; index = previous[index] ?? -1)
    kept[index] = 1;
  return isOneOf(
    ids.filter((_, index) => kept[index] === 0),
    count,
  );
}
