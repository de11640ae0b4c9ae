import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { patternOf, type Killer } from './mutant.ts';

/** What tests came to. */
export interface Trial {
  /** The full names of those that failed, and of those that passed. */
  readonly failed: readonly string[];
  readonly passed: readonly string[];
  /** Why a file didn't even get to its tests. */
  readonly broken: readonly string[];
  /** Whether they had to be stopped, as they came to no end. */
  readonly endless: boolean;
  readonly seconds: number;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Milliseconds after which a trial has no end: the slowest takes a tenth. */
const patience = 120_000;

/** Runs tests by their names, and no other. */
export async function tryTests(folder: string, killers: readonly Killer[]): Promise<Trial> {
  const start = performance.now();
  const output = join(folder, 'trial.json');
  rmSync(output, { force: true });
  const tests = spawn(
    process.execPath,
    [
      join(folder, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...['--config', '.config/vitest.ts'],
      ...['--reporter', 'json', '--outputFile', output],
      ...['-t', [...new Set(killers.map(patternOf))].join('|')],
      ...new Set(killers.map(({ file }) => file)),
    ],
    { cwd: folder, stdio: 'ignore', detached: true },
  );
  const closed = once(tests, 'close');
  let endless = false;
  const timer = setTimeout(() => {
    endless = true;
    // Its own group: vitest has started processes, too.
    if (tests.pid !== undefined) process.kill(-tests.pid, 'SIGKILL');
  }, patience);
  await closed;
  clearTimeout(timer);
  const { testResults } = existsSync(output)
    ? (JSON.parse(readFileSync(output, 'utf8')) as Report)
    : { testResults: [] };
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string): readonly string[] =>
    results.filter((result) => result.status === status).map(({ fullName }) => fullName);
  return {
    failed: named('failed'),
    passed: named('passed'),
    broken: testResults
      .filter(({ assertionResults }) => assertionResults.length === 0)
      .map(({ message }) => message.split('\n', 1)[0] ?? ''),
    endless,
    seconds: (performance.now() - start) / 1000,
  };
}
