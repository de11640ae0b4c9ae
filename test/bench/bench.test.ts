import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../package/built.ts';
import { benches } from './benches.ts';
import type { Answer, Entry } from './figures.ts';
import { pagePath } from './report/page.ts';
import { hasFaults } from './report/verdicts.ts';
import { resultsPath, type Results } from './results.ts';
import { startingTime } from '../support/time.ts';

async function bench(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'test/bench/main.ts'), ...args]);
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { said, complained, code };
}

describe('a quick run of the benchmarks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'remerge-bench-'));
  const kept = [resultsPath, pagePath];
  const before = kept.map((path) => readFileSync(path, 'utf8'));
  let run: Awaited<ReturnType<typeof bench>>;
  let results: Results;

  beforeAll(async () => {
    const file = join(folder, 'results.json');
    run = await bench('--quick', '--json', file);
    results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const answerTo = (name: string): Answer => {
    const answer = results.answers.find((each) => each.name === name);
    if (!answer) throw new Error(`Nothing was answered to '${name}'.`);
    return answer;
  };
  const figure = (entry: Entry | undefined, column: string) => entry?.figures[column]?.most;
  const byRemerge = (name: string) => answerTo(name).entries.filter(({ way }) => way.startsWith('remerge'));

  it('answers every question, and ends well', () => {
    // The servers of npm may not be installed; then it says so.
    if (!run.complained.startsWith('LEFT OUT: PouchDB')) expect(run.complained).toBe('');
    expect(run.code).toBe(0);
    expect(results.answers.map(({ name }) => name)).toEqual(benches.map(({ name }) => name));
    for (const { question } of benches) expect(run.said).toContain(question);
    const empty = results.answers.filter(({ name, entries }) => name !== 'pouchdb' && entries.length === 0);
    expect(empty).toEqual([]);
  });

  it.each(['conflict', 'contention', 'processes', 'pouchdb', 'resources', 'lost', 'merge'])(
    'finds nothing lost, doubled or given up by remerge: %s',
    (name) => {
      const answer = answerTo(name);
      expect(answer.columns.some(({ isFault }) => isFault)).toBe(true);
      expect(byRemerge(name).filter((entry) => hasFaults(answer, entry))).toEqual([]);
    },
  );

  it('finds nothing left unknown by remerge, where each write has an id', () => {
    const logged = byRemerge('lost').filter(({ way }) => way === 'remerge, writeLog');
    expect(logged.map((entry) => figure(entry, 'told unknown'))).toEqual([0]);
    expect(figure(logged[0], 'unanswered')).toBeGreaterThan(0);
  });

  it('finds a conflict to cost a read and a write, and only the write where the refusal carries the state', () => {
    const { entries } = answerTo('conflict');
    const requests = Object.fromEntries(entries.map((entry) => [entry.way, figure(entry, 'requests')]));
    expect(requests).toMatchObject({ remerge: 4, 'remerge, told': 3 });
    expect(Math.min(...Object.values(requests).map(Number))).toBe(3);
    // The control: a loop that never reads again ends without its update, and that is seen.
    const again = entries.find(({ way }) => way === 'ofetch, same again');
    expect(figure(again, 'gave up')).toBe(1);
  });

  it('finds fifty updates at once to travel together', () => {
    const fifty = byRemerge('contention').filter(({ amount }) => amount === 50);
    expect(fifty).toHaveLength(1);
    expect(figure(fifty[0], 'requests')).toBeLessThanOrEqual(4);
  });

  it('makes no request that nobody needs, in many resources', () => {
    const [all] = byRemerge('resources');
    const [bare] = answerTo('resources').entries;
    expect(figure(all, 'conflicts')).toBeGreaterThan(0);
    expect(figure(all, 'requests')).toBe(figure(bare, 'requests'));
  });

  it('leaves the figures and the page as they are', () => {
    expect(kept.map((path) => readFileSync(path, 'utf8'))).toEqual(before);
  });
});

describe('a bench that there is not', { timeout: startingTime }, () => {
  it('is refused, with those that there are', async () => {
    const { code, complained } = await bench('speed');
    expect(code).toBe(2);
    expect(complained).toContain("No bench is called 'speed'. There are: cost, conflict");
  });
});
