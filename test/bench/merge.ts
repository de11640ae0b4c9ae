import { createRequire } from 'node:module';
import { diff3 } from 'json-diff3';
import { combineMergers, trimergeArrayCreator, trimergeEquality, trimergeJsonObject } from 'trimerge';
import { list, threeWay } from '../../src/merge.ts';
import { changed, nested, rows } from './documents.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 15);

/** Medians of several runs, taken in turn, so that a busy machine slows all of them alike. */
function medians<Name extends string>(
  runs: Readonly<Record<Name, () => unknown>>,
  warmUp = rounds,
): Record<Name, number> {
  const names = Object.keys(runs) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  // The first rounds are the compiler's.
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      runs[name]();
      if (round >= 0) times.get(name)?.push(performance.now() - start);
    }
  }
  const middle = (all: readonly number[] = []) =>
    [...all].sort((one, other) => one - other)[rounds >> 1] ?? NaN;
  return Object.fromEntries(names.map((name) => [name, middle(times.get(name))])) as Record<Name, number>;
}

interface Line {
  readonly what: string;
  readonly ms: number;
  readonly against: string;
  readonly otherMs: number;
  /** What `ms / otherMs` may be. */
  readonly atMost: number;
}

const fields = threeWay();
const keyed = threeWay({ '': list({ key: 'id' }) });
const sidesOf = <Value extends object>(base: Value) => ({
  base,
  local: changed(base, 'local'),
  remote: changed(base, 'remote'),
});

const document = sidesOf(nested(20_000));
const table = sidesOf(rows(10_000));
const reversed = { ...table, local: [...table.local].reverse() };
function scaled(name: string, runOf: (scale: number) => () => unknown): readonly Line[] {
  const at = medians({ one: runOf(1), four: runOf(4), sixteen: runOf(16) });
  // Linear: a part costs the same in a larger whole. Processor caches and the collector ask some more.
  const line = (scale: number, ms: number) => ({
    what: `${name}, ${scale}x as much, per part`,
    ms: ms / scale,
    against: '1x',
    otherMs: at.one,
    atMost: 2,
  });
  return [line(4, at.four), line(16, at.sixteen)];
}

const keyOf = (item: unknown) => (item as { readonly id: string }).id;
const objects = combineMergers(trimergeEquality, trimergeJsonObject);
const lists = combineMergers(trimergeEquality, trimergeArrayCreator(keyOf), trimergeJsonObject);
const json = (value: unknown) => value as never;
const times = medians({
  fields: () => fields(document),
  cloneFields: () => structuredClone(document.base),
  trimerge: () => objects(document.base, document.local, document.remote) as unknown,
  diff3: () => diff3(json(document.base), json(document.local), json(document.remote)),
});
const keyedTimes = medians(
  {
    keyed: () => keyed(table),
    reversed: () => keyed(reversed),
    clone: () => structuredClone(table.base),
    trimerge: () => lists(table.base, table.local, table.remote) as unknown,
    diff3: () => diff3(json(table.base), json(table.local), json(table.remote), { getArrayItemKey: keyOf }),
  },
  5,
);

const large = `${(JSON.stringify(document.base).length / 1e6).toFixed(1)} MB, 20,000 leaves`;
const lines: readonly Line[] = [
  { what: large, ms: times.fields, against: 'structuredClone', otherMs: times.cloneFields, atMost: 3 },
  {
    what: 'list of 10,000 items by key',
    ms: keyedTimes.keyed,
    against: 'structuredClone',
    otherMs: keyedTimes.clone,
    atMost: 5,
  },
  {
    what: 'the same, reversed by one side',
    ms: keyedTimes.reversed,
    against: 'structuredClone',
    otherMs: keyedTimes.clone,
    atMost: 5,
  },
  ...scaled('fields', (scale) => {
    const sides = sidesOf(nested(5_000 * scale));
    return () => fields(sides);
  }),
  ...scaled('keyed list', (scale) => {
    const sides = sidesOf(rows(2_500 * scale));
    return () => keyed(sides);
  }),
  { what: large, ms: times.fields, against: 'trimerge', otherMs: times.trimerge, atMost: 1 / 5 },
  { what: large, ms: times.fields, against: 'json-diff3', otherMs: times.diff3, atMost: 1 / 5 },
  {
    what: 'list of 10,000 items by key',
    ms: keyedTimes.keyed,
    against: 'trimerge',
    otherMs: keyedTimes.trimerge,
    atMost: 1 / 5,
  },
  {
    what: 'list of 10,000 items by key',
    ms: keyedTimes.keyed,
    against: 'json-diff3',
    otherMs: keyedTimes.diff3,
    atMost: 1 / 5,
  },
];

const version = (name: string) =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string }).version;
console.log(
  `Merges on Node ${process.versions.node}; trimerge ${version('trimerge')}, json-diff3 ${version('json-diff3')}; 1 % changed on each side, medians of ${rounds}\n`,
);
const print = (...cells: readonly string[]) => {
  const [what = '', ms = '', against = '', otherMs = '', ...rest] = cells;
  console.log(
    what.padEnd(34),
    ms.padStart(8),
    ' ',
    against.padEnd(16),
    otherMs.padStart(9),
    ...rest.map((cell) => cell.padStart(7)),
  );
};
print('what', 'ms', 'against', 'its ms', 'ratio', 'at most', 'kept');
for (const { what, ms, against, otherMs, atMost } of lines) {
  const ratio = ms / otherMs;
  print(
    what,
    ms.toFixed(2),
    against,
    otherMs.toFixed(2),
    ratio.toFixed(2),
    atMost.toFixed(2),
    ratio <= atMost ? 'yes' : 'NO',
  );
  if (ratio > atMost) process.exitCode = 1;
}
