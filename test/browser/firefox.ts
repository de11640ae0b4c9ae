import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firefox } from './engines.ts';
import { startProgram } from './program.ts';
import { converse } from './socket.ts';
import { tabOf, type Tab } from './tab.ts';

interface Evaluated {
  readonly result?: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string };
}

/** Opens a page in a Firefox of its own, driven by WebDriver BiDi, which it speaks without a driver. */
export async function openFirefox(url: string): Promise<Tab> {
  const home = await mkdtemp(join(tmpdir(), 'remerge-firefox-'));
  const args = ['--headless', '--no-remote', '--profile', home, '--remote-debugging-port', '0'];
  const program = await startProgram(firefox.path ?? '', args, /BiDi listening on (ws:\S+)/, { HOME: home });
  const { ask, close } = await converse(`${program.said}/session`);
  await ask('session.new', { capabilities: {} });
  const tree = (await ask('browsingContext.getTree')) as { contexts: readonly { context: string }[] };
  const context = tree.contexts[0]?.context;
  await ask('browsingContext.navigate', { context, url, wait: 'complete' });
  return tabOf({
    async evaluate(expression) {
      const script = { expression, target: { context }, awaitPromise: true };
      const { result, exceptionDetails } = (await ask('script.evaluate', script)) as Evaluated;
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return result?.value;
    },
    async close() {
      await ask('browser.close');
      close();
      await program.stop();
      await rm(home, { recursive: true, force: true });
    },
  });
}
