/** A document of records in groups, about 50 bytes a leaf, and a side of it with a share of its leaves changed. */

interface Row {
  id: string;
  title: string;
  count: number;
  done: boolean;
  note: string;
}

/** Chance that a seed replays. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function row(index: number): Row {
  return {
    id: `row-${String(index).padStart(8, '0')}-5f3c2a9e-4b1d`,
    title: `The title of row number ${index}, as long as titles are, and then a bit longer`,
    count: index,
    done: index % 3 === 0,
    note: `A note on row ${index}. It says what one would say of such a row, in a sentence or two, no more.`,
  };
}

/** Objects only: what every merge can take. */
export function nested(leaves: number): Record<string, Record<string, Row>> {
  const groups: Record<string, Record<string, Row>> = {};
  for (let index = 0; index < leaves / 5; index++) {
    (groups[`group-${Math.floor(index / 50)}`] ??= {})[`row-${index}`] = row(index);
  }
  return groups;
}

/** One list of rows, each with an id. */
export function rows(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => row(index));
}

/** A copy in which 1 % of the leaves are changed, never the same ones for the two sides. */
export function changed<Value extends object>(base: Value, side: 'local' | 'remote'): Value {
  const copy = structuredClone(base);
  const all: Row[] = [];
  const collect = (node: object) => {
    for (const value of Object.values(node) as object[]) {
      if ('id' in value) all.push(value as Row);
      else collect(value);
    }
  };
  collect(copy);
  const chance = random(side === 'local' ? 1 : 2);
  for (let change = 0; change < all.length / 20; change++) {
    const target = all[chance(all.length)];
    if (!target) continue;
    if (side === 'local') target.title = `${target.title}!`;
    else target.count += 1;
  }
  return copy;
}
