import { createRequire } from 'node:module';
import { diff3 } from 'json-diff3';
import { combineMergers, trimergeEquality, trimergeJsonObject } from 'trimerge';
import { list, threeWay } from '../../src/merge.ts';
import { changed, nested, rows } from './documents.ts';

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 15);

function median(run: () => unknown): number {
  const times: number[] = [];
  for (let round = -15; round < rounds; round++) {
    const start = performance.now();
    run();
    const time = performance.now() - start;
    // The first rounds are the compiler's.
    if (round >= 0) times.push(time);
  }
  return times.sort((one, other) => one - other)[rounds >> 1] ?? NaN;
}

interface Line {
  readonly what: string;
  readonly ms: number;
  readonly against: string;
  readonly ratio: number;
  readonly wanted: string;
  readonly ok: boolean;
}

const lines: Line[] = [];
function compare(what: string, ms: number, against: string, other: number, atMost: number): void {
  const ratio = ms / other;
  lines.push({ what, ms, against, ratio, wanted: `<= ${atMost.toFixed(2)}`, ok: ratio <= atMost });
}

const fields = threeWay();
const keyed = threeWay({ '': list({ key: 'id' }) });
const sidesOf = <Value extends object>(base: Value) => ({
  base,
  local: changed(base, 'local'),
  remote: changed(base, 'remote'),
});

const document = sidesOf(nested(20_000));
const megabytes = JSON.stringify(document.base).length / 1e6;
const clone = median(() => structuredClone(document.base));
const ours = median(() => fields(document));
compare(`20,000 leaves, ${megabytes.toFixed(1)} MB, 1 % changed`, ours, 'structuredClone', clone, 3);

const table = sidesOf(rows(10_000));
compare(
  'list of 10,000 items by key',
  median(() => keyed(table)),
  'structuredClone',
  median(() => structuredClone(table.base)),
  5,
);
const shuffled = { ...table, local: [...table.local].reverse() };
compare(
  'the same, reversed on one side',
  median(() => keyed(shuffled)),
  'structuredClone',
  median(() => structuredClone(table.base)),
  5,
);

for (const [name, make, merge] of [
  ['fields', (scale: number) => sidesOf(nested(5_000 * scale)), fields],
  ['keyed list', (scale: number) => sidesOf(rows(2_500 * scale)), keyed],
] as const) {
  const times = [1, 4, 16].map((scale) => {
    const sides = make(scale);
    return median(() => merge(sides)) / scale;
  });
  const [one = NaN, four = NaN, sixteen = NaN] = times;
  // Linear: the time for one part doesn't grow. Caches and the collector cost a large document some more.
  compare(`${name}, 4x as much, per part`, four, '1x', one, 2);
  compare(`${name}, 16x as much, per part`, sixteen, '1x', one, 2);
}

const trimerge = combineMergers(trimergeEquality, trimergeJsonObject);
compare(
  'remerge',
  ours,
  'trimerge',
  median(() => trimerge(document.base, document.local, document.remote)),
  0.2,
);
compare(
  'remerge',
  ours,
  'json-diff3',
  median(() => diff3(document.base as never, document.local as never, document.remote as never)),
  0.2,
);

const version = (name: string) =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;
console.log(
  `Node ${process.versions.node}, trimerge ${version('trimerge')}, json-diff3 ${version('json-diff3')}, medians of ${rounds}`,
);
console.log(
  `${'what'.padEnd(38)} ${'ms'.padStart(8)}  ${'against'.padEnd(16)} ${'ratio'.padStart(6)}  ${'wanted'.padEnd(8)} kept`,
);
for (const { what, ms, against, ratio, wanted, ok } of lines) {
  console.log(
    `${what.padEnd(38)} ${ms.toFixed(2).padStart(8)}  ${against.padEnd(16)} ${ratio.toFixed(2).padStart(6)}  ${wanted.padEnd(8)} ${ok ? 'yes' : 'NO'}`,
  );
}
if (lines.some(({ ok }) => !ok)) process.exitCode = 1;
