/** Some of a number of things, each known by its number, in an order. */
export interface Arrangement {
  readonly order: readonly number[];
  /** How many things there are, these and others. */
  readonly count: number;
  readonly has: (id: number) => boolean;
  /** Where a thing stands; -1 for one that isn't there. */
  readonly placeOf: (id: number) => number;
}

/** Puts some things in an order. */
export function arrangement(order: readonly number[], count: number): Arrangement {
  const places = new Int32Array(count).fill(-1);
  for (let index = 0; index < order.length; index++) places[order[index] ?? 0] = index;
  const placeOf = (id: number): number => places[id] ?? -1;
  return { order, count, has: (id) => placeOf(id) >= 0, placeOf };
}

/** Tells of things whether they are some. */
type IsOne = (id: number) => boolean;

function isOneOf(ids: readonly number[], count: number): IsOne {
  const flags = new Uint8Array(count);
  for (const id of ids) flags[id] = 1;
  return (id) => flags[id] === 1;
}

/** Those whose place is after that of all of some that come before them, and before that of all that come later. */
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
    // What has no place is before none.
    if ((upTo[index] ?? 0) < here && here < lowest) found.push(id);
    if (isAmong(id)) lowest = Math.min(lowest, here);
  }
  return isOneOf(found, count);
}

/** The fewest things whose moving explains the order: all but a longest increasing run of their former positions. */
export function outOfOrder(ids: readonly number[], { placeOf, count }: Arrangement): IsOne {
  const former = Int32Array.from(ids, placeOf);
  /** For each length, where the run of that length with the lowest end stops. */
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
