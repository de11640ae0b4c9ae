import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startingTime } from '../support/time.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the command that starts the example', { timeout: startingTime }, () => {
  it('says where the page is, and leaves nothing behind after Ctrl-C', async () => {
    const child = spawn(process.execPath, ['docs/examples/notes/main.ts'], { cwd: root, stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const [url = ''] = /http:\S+/.exec(line) ?? [];
    expect(await (await fetch(url)).text()).toContain('<h1>Two people, one note</h1>');
    expect(await (await fetch(`${url}notes/1`)).json()).toHaveProperty('title');

    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow();
  });
});
