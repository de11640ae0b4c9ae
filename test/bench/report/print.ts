import type { Answer } from '../figures.ts';
import type { Bench } from '../bench.ts';
import { printTable } from '../table.ts';
import { rowsOf } from './rows.ts';
import { verdictsOf } from './verdicts.ts';

/** Prints the answer to a question: its table, and what is to be said about it. */
export function printAnswer({ question, name }: Bench, answer: Answer): void {
  const { head, rows } = rowsOf(answer);
  const title = `${question} (npm run bench -- ${name})\n${answer.measured}`;
  if (rows.length > 0) printTable(title, head, rows);
  else console.log(`${title}\n`);
  for (const verdict of verdictsOf(answer)) console.log(verdict);
  console.log('');
}
