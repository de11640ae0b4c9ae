import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startingTime } from '../support/time.ts';

// Each test starts processes: on a busy machine that alone takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = 'docs/examples/contention/main.ts';

/** What `npm start` runs, without the build. Its temporary files go to a folder of its own. */
async function start(...flags: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'remerge-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = { ...process.env, TMPDIR: folder };
  // A process group of its own, as a shell gives it: Ctrl-C goes to the whole group.
  const child = spawn(process.execPath, [file, ...flags], { cwd: root, env, detached: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, folder };
}

/** All that a command said. It has ended only when the processes that it started are gone, too: they share its output. */
async function ended(child: ChildProcess & { readonly stdout: object; readonly stderr: object }) {
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout as never),
    text(child.stderr as never),
    closed,
  ]);
  return { lines: said.split('\n'), said, complained, code };
}

async function run(...flags: readonly string[]) {
  const { child, folder } = await start(...flags);
  return { ...(await ended(child)), left: await readdir(folder) };
}

/** The numbers of one row of the table, a column for each client. */
function row(lines: readonly string[], label: string): readonly number[] {
  const found = lines.find((line) => line.startsWith(label)) ?? '';
  return found.slice(label.length).trim().split(/\s+/).map(Number);
}

describe('the main job', { timeout: startingTime }, () => {
  it('is what npm start runs', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: { start: string };
    };
    expect(scripts.start).toContain(`node ${file}`);
  });

  it('shows that remerge loses no edit where the plain client does', async () => {
    const { lines, said, complained, code, left } = await run('--writers', '3', '--edits', '6');

    expect([code, complained, left]).toEqual([0, '', []]);
    expect(said).toContain('PASS  All 18 edits were acknowledged and stand in the documents exactly once.');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(row(lines, 'edits')).toEqual([18, 18, 18]);
    const [withRemerge, overwrites, givesUp] = row(lines, 'of these LOST');
    expect([withRemerge, givesUp]).toEqual([0, 0]);
    expect(overwrites).toBeGreaterThan(0);
    const [met, , dropped] = row(lines, 'conflicts (409, 412)');
    expect(met).toBeGreaterThanOrEqual(2);
    expect(row(lines, 'refused, and told so')).toEqual([0, 0, dropped]);
    // A read and a write at least, and by the server's count.
    expect(row(lines, 'requests per acknowledged edit')[0]).toBeGreaterThan(2);
  });

  it('tells the first conflicts in full, in 80 columns and without colour', async () => {
    const { lines, said } = await run('--writers', '2', '--edits', '2', '--only', 'remerge');

    expect(said).toMatch(/Writer \d .+ \(#\d\.01\) on the note:/);
    const steps = lines.slice(lines.findIndex((line) => line.startsWith('  Writer')) + 1);
    expect(steps.slice(0, 6).map((line) => line.trim().replace(/\s+/g, ' '))).toEqual([
      'write 412 under version "v1"',
      'conflict somebody else wrote first',
      'read 200 version "v2"',
      'merge our change and theirs',
      'write 204 under version "v2"',
      'end merged',
    ]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(said).not.toContain('\u001b');
    expect(said).toMatch(/Writer 2: 2 edits, \d met a conflict, at most \d in a row/);
  });

  it.each(['overwrite', 'give-up'])('exits with 1 when edits were not kept: --only %s', async (client) => {
    const { lines, said, code } = await run('--writers', '2', '--edits', '2', '--only', client);
    expect(code).toBe(1);
    expect(said).toMatch(/FAIL {2}\d of 4 edits stand in the documents once/);
    expect(row(lines, 'of these in the documents once')[0]).toBeLessThan(4);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves no process and no file behind at %s', async (signal) => {
    const { child, folder } = await start('--writers', '2', '--edits', '500');
    const end = ended(child);
    await new Promise<void>((resolve) => {
      createInterface(child.stdout).on('line', (line) => line.includes('on the note') && resolve());
    });
    expect(await readdir(folder)).toHaveLength(1);
    process.kill(-(child.pid ?? NaN), signal);
    const { code, complained } = await end;
    expect([code, complained]).toEqual([signal === 'SIGINT' ? 130 : 143, '']);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the flags of the main job', { timeout: startingTime }, () => {
  it('are told by --help', async () => {
    const { said, lines, complained, code } = await run('--help');
    expect([code, complained]).toEqual([0, '']);
    for (const flag of ['--writers', '--edits', '--only']) expect(said).toContain(flag);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    [['--writer', '8'], '--writer'],
    [['--writers', '1'], '--writers'],
    [['--writers', 'many'], 'many'],
    [['--writers', '-3'], '--writers'],
    [['--writers'], '--writers'],
    [['--edits', '0'], '--edits'],
    [['--edits', '501'], '501'],
    [['--edits', '2.5'], '2.5'],
    [['--only', 'luck'], 'luck'],
    [['8'], '8'],
  ])('%j: one line that names %s, and exit 2', async (flags, named) => {
    const { said, complained, code } = await run(...flags);
    expect([code, said]).toEqual([2, '']);
    expect(complained.trimEnd().split('\n')).toHaveLength(1);
    expect(complained).toContain(named);
  });
});
