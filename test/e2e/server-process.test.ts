import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { put } from './requests.ts';
import { temporaryFile } from './temporary.ts';
import { startingTime } from '../support/time.ts';

// Each test starts processes: on a busy machine that alone takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const main = fileURLToPath(new URL('../../docs/examples/server/main.ts', import.meta.url));

function run(...flags: readonly string[]): ChildProcess {
  const child = fork(main, flags, { silent: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function urlOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no output.');
  const greeting = once(createInterface(child.stdout), 'line') as Promise<[unknown]>;
  const [line] = await Promise.race([greeting, once(child, 'exit') as Promise<[unknown]>]);
  if (typeof line !== 'string') throw new Error('The server ended before it listened.');
  return line.replace('Listening on ', '');
}

describe('two server processes on one database file', { timeout: startingTime }, () => {
  it('let exactly one of 20 writers through for each version', async () => {
    const database = await temporaryFile();
    const urls = await Promise.all([1, 2].map(() => urlOf(run('--port', '0', '--database', database))));
    await put(`${urls[0] ?? ''}/notes/1`, {});
    for (let version = 1; version <= 40; version += 1) {
      const headers = { 'if-match': `"v${version}"` };
      const writes = Array.from({ length: 10 }, () =>
        urls.map((url) => put(`${url}/notes/1`, {}, headers)),
      ).flat();
      const statuses = (await Promise.all(writes)).map(({ status }) => status);
      expect(statuses.sort()).toEqual([204, ...Array<number>(19).fill(412)]);
    }
  });
});

describe('the server as a command', { timeout: startingTime }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 at %s', async (signal) => {
    const child = run('--port', '0');
    await urlOf(child);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends when the process that forked it is gone', async () => {
    const child = run('--port', '0');
    await urlOf(child);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it.each([
    [['--port', 'http'], 'http'],
    [['--port', '70000'], '70000'],
    [['--prot', '1'], '--prot'],
    [['8080'], '8080'],
  ])('answers %j with one line that names %s, and exit 2', async (flags, named) => {
    const child = run(...flags);
    if (child.stderr === null) throw new Error('The server has no error output.');
    const [said, ended] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(said.trimEnd().split('\n')).toHaveLength(1);
    expect(said).toContain(named);
    expect(ended).toEqual([2, null]);
  });
});
