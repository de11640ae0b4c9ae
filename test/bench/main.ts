// Reports, and judges nothing: it ends with 0 whether a target is reached or missed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benches } from './benches.ts';
import type { Answer } from './figures.ts';
import { pageOf, pagePath, plotFolder } from './report/page.ts';
import { plotsOf } from './report/plots.ts';
import { printAnswer } from './report/print.ts';
import { circumstances, readResults, resultsPath, textOf, type Results } from './results.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    // A little of everything, to see that it runs. Nothing is written.
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    // A file for the figures of this run.
    json: { type: 'string' },
    // Makes the page and its plots anew, of the figures that there are.
    page: { type: 'boolean', default: false },
  },
});

async function writePage(results: Results): Promise<void> {
  mkdirSync(plotFolder, { recursive: true });
  for (const [file, svg] of await plotsOf(results)) writeFileSync(join(plotFolder, file), svg);
  writeFileSync(pagePath, await pageOf(results));
}

async function run(names: readonly string[], isQuick: boolean, seed: number): Promise<Results> {
  const facts = circumstances(seed);
  console.log(`remerge on Node ${facts.node}, ${facts.machine}, seed ${String(seed)}\n`);
  const start = performance.now();
  const answers: Answer[] = [];
  for (const bench of benches.filter(({ name }) => names.includes(name))) {
    const answer = await bench.run({ isQuick, seed });
    printAnswer(bench, answer);
    answers.push(answer);
  }
  const minutes = (performance.now() - start) / 60_000;
  console.log(`${minutes.toFixed(1)} minutes`);
  return { ...facts, minutes, answers };
}

const all = benches.map(({ name }) => name);
const unknown = positionals.find((name) => !all.includes(name));
const seed = Number(values.seed);
if (unknown !== undefined || !Number.isSafeInteger(seed)) {
  console.error(
    unknown === undefined
      ? `--seed takes a whole number, not '${values.seed}'.`
      : `No bench is called '${unknown}'. There are: ${all.join(', ')}.`,
  );
  process.exitCode = 2;
} else if (values.page) {
  await writePage(readResults());
} else {
  const isWhole = positionals.length === 0 && !values.quick;
  const results = await run(positionals.length > 0 ? positionals : all, values.quick, seed);
  const text = await textOf(results);
  if (values.json !== undefined) writeFileSync(values.json, text);
  // Figures of one run only: those of several meet different machines.
  if (isWhole) {
    writeFileSync(resultsPath, text);
    await writePage(readResults());
  }
  process.exitCode = 0;
}
