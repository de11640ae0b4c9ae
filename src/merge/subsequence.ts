/**
 * Finds a longest sequence of lines that two texts have in common (Hunt and Szymanski 1977). Returns marks of the lines
 * that are not in the sequence: `removed` for lines of `before`, `added` for lines of `after`. Of several longest
 * sequences, it finds the one that node-diff3 finds, which resembles git's.
 *
 * @param spend Takes the steps before the work that they are for.
 * @returns `undefined` where too few steps are left.
 */
export function outsideCommon(
  before: readonly string[],
  after: readonly string[],
  spend: (steps: number) => boolean,
): { readonly removed: Uint8Array; readonly added: Uint8Array } | undefined {
  if (!spend(4 * (before.length + after.length))) return undefined;
  const places = new Map<string, number[]>();
  for (const [index, line] of after.entries()) {
    const found = places.get(line);
    if (found) found.push(index);
    else places.set(line, [index]);
  }
  const pairs = before.reduce((sum, line) => sum + (places.get(line)?.length ?? 0), 0);
  if (!spend(pairs)) return undefined;

  // For each length, the pair at which a common sequence of that length ends first in `after`; -1 is the empty one.
  const longest = Math.min(before.length, after.length) + 1;
  const ends = new Int32Array(longest).fill(-1);
  const endPlaces = new Int32Array(longest).fill(-1);
  let lengths = 1;
  const pairBefore = new Int32Array(pairs);
  const pairAfter = new Int32Array(pairs);
  const previous = new Int32Array(pairs);
  let pair = 0;
  for (let index = 0; index < before.length; index++) {
    let length = 0;
    let end = -1;
    let endPlace = -1;
    for (const place of places.get(before[index] ?? '') ?? []) {
      const shorter = lastBelow(endPlaces, place, length, lengths);
      if (shorter < length || (shorter + 1 < lengths && endPlaces[shorter + 1] === place)) continue;
      previous[pair] = ends[shorter] ?? -1;
      ends[length] = end;
      endPlaces[length] = endPlace;
      end = pair;
      endPlace = place;
      pairBefore[pair] = index;
      pairAfter[pair++] = place;
      length = shorter + 1;
      if (length === lengths) break;
    }
    ends[length] = end;
    endPlaces[length] = endPlace;
    lengths = Math.max(lengths, length + 1);
  }

  const removed = new Uint8Array(before.length).fill(1);
  const added = new Uint8Array(after.length).fill(1);
  for (let at = ends[lengths - 1] ?? -1; at >= 0; at = previous[at] ?? -1) {
    removed[pairBefore[at] ?? 0] = 0;
    added[pairAfter[at] ?? 0] = 0;
  }
  return { removed, added };
}

/** The last index from `from` and below `to` whose number is below a limit; `from - 1` where there is none. */
function lastBelow(sorted: Int32Array, limit: number, from: number, to: number): number {
  let low = from;
  for (let high = to; low < high;) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
