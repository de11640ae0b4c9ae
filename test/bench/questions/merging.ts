import { diff3 } from 'json-diff3';
import { diff3Merge } from 'node-diff3';
import { list, threeWay } from 'remerge/merge';
import { combineMergers, trimergeArrayCreator, trimergeEquality, trimergeJsonObject } from 'trimerge';
import { changed, nested, random, rows } from '../documents.ts';
import { entriesOf, medianOf, ratioOf, type Entry } from '../figures.ts';
import type { Bench } from '../bench.ts';
import { shuffled } from '../rounds.ts';

interface Three {
  readonly base: object;
  readonly local: object;
  readonly remote: object;
}
type Merge = (sides: Three) => unknown;
type Merges = Readonly<Record<string, Merge>>;

const lines = 'node-diff3, on lines';

const keyOf = (item: unknown) => (item as { readonly id: string }).id;
const objects = combineMergers(trimergeEquality, trimergeJsonObject);
const lists = combineMergers(trimergeEquality, trimergeArrayCreator(keyOf), trimergeJsonObject);
const fields = threeWay();
const keyed = threeWay({ '': list({ key: 'id' }) });
const json = (value: unknown) => value as never;

/** Merges the text of two documents line by line, as git would; where that is a conflict, the caller's side is taken. */
const byLines: Merge = ({ base, local, remote }) => {
  const [one, other, original] = [local, remote, base].map((side) =>
    JSON.stringify(side, null, 1).split('\n'),
  );
  const regions = diff3Merge(one ?? [], original ?? [], other ?? [], { excludeFalseConflicts: true });
  return JSON.parse(regions.flatMap(({ ok, conflict }) => ok ?? conflict?.a ?? []).join('\n')) as unknown;
};

/** https://github.com/marcello3d/trimerge#readme, https://github.com/marcello3d/json-diff3#readme, https://github.com/bhousel/node-diff3#readme */
const ofObjects: Merges = {
  remerge: (sides) => fields(sides),
  trimerge: ({ base, local, remote }) => objects(base, local, remote) as unknown,
  'json-diff3': ({ base, local, remote }) => diff3(json(base), json(local), json(remote)),
  [lines]: byLines,
  structuredClone: ({ base }) => structuredClone(base),
};
const ofLists: Merges = {
  remerge: (sides) => keyed(sides),
  trimerge: ({ base, local, remote }) => lists(base, local, remote) as unknown,
  'json-diff3': ({ base, local, remote }) =>
    diff3(json(base), json(local), json(remote), { getArrayItemKey: keyOf }),
  [lines]: byLines,
  structuredClone: ({ base }) => structuredClone(base),
};

/** It takes a minute for the largest. */
const mostByLines = 1_000;

interface Case {
  readonly name: string;
  readonly merges: Merges;
  readonly base: object;
  /** Merges in one round: of small documents many, so that the clock can tell. */
  readonly calls: number;
  readonly rounds: number;
}

function plan(isQuick: boolean): readonly Case[] {
  const amounts = isQuick ? [100, 1_000] : [100, 1_000, 10_000, 100_000];
  return amounts.flatMap((leaves) => {
    const calls = Math.max(1, Math.round(2_000 / leaves));
    const rounds = isQuick ? 2 : leaves > 10_000 ? 5 : 15;
    const name = leaves.toLocaleString('en');
    const among = (merges: Merges): Merges =>
      leaves > mostByLines
        ? Object.fromEntries(Object.entries(merges).filter(([way]) => way !== lines))
        : merges;
    return [
      { name: `${name} leaves in objects`, merges: among(ofObjects), base: nested(leaves), calls, rounds },
      {
        name: `${name} leaves in a keyed list`,
        merges: among(ofLists),
        base: rows(leaves / 5),
        calls,
        rounds,
      },
    ];
  });
}

/** The changes of a side that a merged document doesn't have. All are at places of their own, so none should be missing. */
function missing(merged: unknown, { base, local, remote }: Three): number {
  const leaves = (value: unknown): readonly string[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [String(value)];
  const [was, mine, theirs, is] = [base, local, remote, merged].map(leaves);
  return (was ?? []).filter((leaf, index) => {
    const wanted = mine?.[index] === leaf ? theirs?.[index] : mine?.[index];
    return is?.[index] !== wanted;
  }).length;
}

function entriesIn({ name, merges, base, calls, rounds }: Case): readonly Entry[] {
  const sides = { base, local: changed(base, 'local'), remote: changed(base, 'remote') };
  const ways = Object.keys(merges);
  const all = new Map(
    ways.map((way) => [way, [] as { readonly ms: number; readonly 'changes missing': number }[]]),
  );
  const chance = random(rounds);
  // The first rounds are the compiler's.
  for (let round = -Math.ceil(rounds / 3); round < rounds; round++) {
    for (const way of shuffled(ways, chance)) {
      const merge = merges[way];
      let merged: unknown;
      const start = performance.now();
      for (let call = 0; call < calls; call++) merged = merge?.(sides);
      const ms = (performance.now() - start) / calls;
      if (round < 0) continue;
      const isMerge = way !== 'structuredClone';
      all.get(way)?.push({ ms, 'changes missing': isMerge ? missing(merged, sides) : 0 });
    }
  }
  return entriesOf(name, all, { ratios: ['ms'] });
}

export const merging: Bench = {
  name: 'merge',
  question: 'How long does a merge take?',
  how: 'A document of records with five leaves each; each side has changed 1 % of the leaves, at other places than the other side. Objects in objects, and one list whose items have ids. `node-diff3, on lines` merges the JSON text line by line, from values to values, as all the others do, and of small documents only: its time grows with the square. `changes missing` counts the changes that are not in what came out. `structuredClone` is no merge: it is there to tell what one look at the whole document costs.',
  run({ isQuick }) {
    const cases = plan(isQuick);
    const entries = cases.flatMap(entriesIn);
    const peers = ['trimerge', 'json-diff3'];
    const large = cases.slice(-2).map(({ name }) => name);
    return Promise.resolve({
      name: 'merge',
      measured: `medians of ${isQuick ? '2' : '15'} rounds${isQuick ? '' : ', 5 of the largest'}`,
      columns: [
        { name: 'ms', digits: 3, isCompared: true },
        { name: 'changes missing', digits: 0, isFault: true },
      ],
      entries,
      targets: large.flatMap((name) =>
        peers.map((way) => ({
          what: `time for ${name}, of that of ${way}`,
          figure: 1 / medianOf(entries, name, way, ratioOf('ms')),
          atMost: 1 / 5,
        })),
      ),
      yardsticks: ['structuredClone'],
      remarks: [],
    });
  },
};
