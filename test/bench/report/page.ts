import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Answer } from '../figures.ts';
import { benches } from '../benches.ts';
import type { Results } from '../results.ts';
import { plotFiles } from './plots.ts';
import { rowsOf } from './rows.ts';
import { verdictsOf } from './verdicts.ts';

const docs = join(import.meta.dirname, '../../../docs');

export const pagePath = join(docs, 'benchmarks.md');

/** Where the plots stand, beside the page. */
export const plotFolder = join(docs, 'benchmarks');

const begin = '<!-- figures -->';
const end = '<!-- end of figures -->';

/** The page with the figures of a run, as Prettier has it. What is written by hand stays. */
export async function pageOf(results: Results, page = readFileSync(pagePath, 'utf8')): Promise<string> {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`docs/benchmarks.md has no '${begin}' and '${end}'.`);
  const figures = [facts(results), ...benches.map(({ name }) => section(name, results))].join('\n\n');
  const whole = `${page.slice(0, before)}${begin}\n\n${figures}\n\n${page.slice(after)}`;
  return format(whole, { ...(await resolveConfig(pagePath)), parser: 'markdown' });
}

function facts({ machine, node, date, seed, minutes, peers }: Results): string {
  const versions = Object.entries(peers).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${date}, in ${minutes.toFixed(0)} minutes: ${machine}, Node ${node}, seed ${String(seed)}.`,
    `Beside remerge stand ${versions.join(', ')}.`,
  ].join(' ');
}

function section(name: string, { answers }: Results): string {
  const bench = benches.find((each) => each.name === name);
  const answer = answers.find((each) => each.name === name);
  if (!bench || !answer) return '';
  return [
    `## ${bench.question}`,
    `\`npm run bench -- ${name}\`. ${bench.how}`,
    `Measured: ${answer.measured}.`,
    ...plotFiles.filter((plot) => plot.of === name).map(({ alt, file }) => `![${alt}](benchmarks/${file})`),
    tableOf(answer),
    verdictsOf(answer)
      .map((verdict) => `- ${verdict}`)
      .join('\n'),
  ].join('\n\n');
}

function tableOf(answer: Answer): string {
  const { head, rows } = rowsOf(answer);
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column < 2 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
