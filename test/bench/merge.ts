import { createRequire } from 'node:module';
import { diff3 } from 'json-diff3';
import { combineMergers, trimergeArrayCreator, trimergeEquality, trimergeJsonObject } from 'trimerge';
import { list, threeWay } from '../../src/merge.ts';
import { changed, nested, rows } from './documents.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 15);

function median(run: () => unknown, warmUp = rounds): number {
  const times: number[] = [];
  // The first rounds are the compiler's.
  for (let round = -warmUp; round < rounds; round++) {
    const start = performance.now();
    run();
    const time = performance.now() - start;
    if (round >= 0) times.push(time);
  }
  return times.sort((one, other) => one - other)[rounds >> 1] ?? NaN;
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
const times = {
  fields: median(() => fields(document)),
  cloneFields: median(() => structuredClone(document.base)),
  keyed: median(() => keyed(table)),
  reversed: median(() => keyed(reversed)),
  cloneKeyed: median(() => structuredClone(table.base)),
};

function scaled(name: string, timeOf: (scale: number) => number): readonly Line[] {
  const [one = NaN, four = NaN, sixteen = NaN] = [1, 4, 16].map((scale) => timeOf(scale) / scale);
  // Linear: a part costs the same in a larger whole. Processor caches and the collector ask some more.
  const line = (times: number, ms: number) => ({
    what: `${name}, ${times}x as much, per part`,
    ms,
    against: '1x',
    otherMs: one,
    atMost: 2,
  });
  return [line(4, four), line(16, sixteen)];
}

const keyOf = (item: unknown) => (item as { readonly id: string }).id;
const objects = combineMergers(trimergeEquality, trimergeJsonObject);
const lists = combineMergers(trimergeEquality, trimergeArrayCreator(keyOf), trimergeJsonObject);
const json = (value: unknown) => value as never;
const peers = {
  trimerge: median(() => objects(document.base, document.local, document.remote)),
  trimergeKeyed: median(() => lists(table.base, table.local, table.remote), 1),
  diff3: median(() => diff3(json(document.base), json(document.local), json(document.remote))),
  diff3Keyed: median(
    () => diff3(json(table.base), json(table.local), json(table.remote), { getArrayItemKey: keyOf }),
    1,
  ),
};

const large = `${(JSON.stringify(document.base).length / 1e6).toFixed(1)} MB, 20,000 leaves`;
const lines: readonly Line[] = [
  { what: large, ms: times.fields, against: 'structuredClone', otherMs: times.cloneFields, atMost: 3 },
  {
    what: 'list of 10,000 items by key',
    ms: times.keyed,
    against: 'structuredClone',
    otherMs: times.cloneKeyed,
    atMost: 5,
  },
  {
    what: 'the same, reversed by one side',
    ms: times.reversed,
    against: 'structuredClone',
    otherMs: times.cloneKeyed,
    atMost: 5,
  },
  ...scaled('fields', (scale) => {
    const sides = sidesOf(nested(5_000 * scale));
    return median(() => fields(sides));
  }),
  ...scaled('keyed list', (scale) => {
    const sides = sidesOf(rows(2_500 * scale));
    return median(() => keyed(sides));
  }),
  { what: large, ms: times.fields, against: 'trimerge', otherMs: peers.trimerge, atMost: 1 / 5 },
  { what: large, ms: times.fields, against: 'json-diff3', otherMs: peers.diff3, atMost: 1 / 5 },
  {
    what: 'list of 10,000 items by key',
    ms: times.keyed,
    against: 'trimerge',
    otherMs: peers.trimergeKeyed,
    atMost: 1 / 5,
  },
  {
    what: 'list of 10,000 items by key',
    ms: times.keyed,
    against: 'json-diff3',
    otherMs: peers.diff3Keyed,
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
