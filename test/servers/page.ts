import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { controls, markdown } from './matrix.ts';
import { home } from './process.ts';
import type { Trial } from './trial.ts';

/** The page that shows the matrix, between two marks. */
export const pagePath = 'docs/servers-matrix.md';
const path = join(home, '../..', pagePath);
const marks = ['<!-- Made by npm run test:servers. -->', '<!-- Made until here. -->'] as const;

/** Writes what the servers did into the page. */
export async function publish(trials: readonly Trial[]): Promise<void> {
  await writeFile(path, await pageWith(trials));
}

/** Whether the page shows what the servers did. */
export async function isUpToDate(trials: readonly Trial[]): Promise<boolean> {
  return (await readFile(path, 'utf8')) === (await pageWith(trials));
}

async function pageWith(trials: readonly Trial[]): Promise<string> {
  const page = await readFile(path, 'utf8');
  const [start, end] = marks.map((mark) => page.indexOf(mark));
  if (start === undefined || end === undefined || start < 0 || end < start)
    throw new Error(`${pagePath} has lost the marks of its matrix: ${marks.join(' … ')}`);
  const made = `${page.slice(0, start)}${marks[0]}\n\n${shownOn(trials)}\n\n${page.slice(end)}`;
  return format(made, { ...(await resolveConfig(path)), filepath: path });
}

function shownOn(trials: readonly Trial[]): string {
  return [
    markdown(trials),
    'Controls look at no precondition, and show what that costs. No answer to a write tells it, but a probe does:',
    controls(trials),
  ].join('\n\n');
}
