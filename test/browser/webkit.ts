import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, start } from '../servers/process.ts';
import { webkit } from './engines.ts';
import { startProgram } from './program.ts';
import { tabOf, type Tab } from './tab.ts';

/** Opens a page in WebKitGTK's own small browser, driven by WebDriver on a screen that nobody sees. */
export async function openWebKit(url: string): Promise<Tab> {
  const screen = await startProgram('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp'], /^(\d+)$/);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'remerge-webkit-'));
  const driver = await start({
    ...{
      program: webkit.path ?? '',
      args: [`--port=${port}`],
      folder,
      url: `http://127.0.0.1:${port}/status`,
    },
    env: { DISPLAY: `:${screen.said}`, GDK_BACKEND: 'x11', HOME: folder },
  });
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const { value } = (await answer.json()) as { readonly value: unknown };
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };
  const [binary = ''] = globSync('/usr/lib/*/webkit2gtk-4.*/MiniBrowser');
  const options = { binary, args: ['--automation'] };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
  const { sessionId } = (await ask('POST', '/session', { capabilities })) as { readonly sessionId: string };
  const session = `/session/${sessionId}`;
  await ask('POST', `${session}/url`, { url });
  return tabOf({
    evaluate: (expression) =>
      ask('POST', `${session}/execute/async`, {
        script: `const done = arguments[0]; (${expression}).then(done, (error) => done(String(error)));`,
        args: [],
      }),
    async close() {
      await ask('DELETE', session);
      await driver.stop();
      await screen.stop();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
