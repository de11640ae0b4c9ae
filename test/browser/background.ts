import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from './engines.ts';
import { startProgram } from './program.ts';
import { converse } from './socket.ts';
import { tabOf, type Tab } from './tab.ts';

/** A tab that may be sent to the background. */
export interface BackgroundTab extends Tab {
  /** Puts another tab in front of it. */
  readonly hide: () => Promise<void>;
  /** Has the browser stop all of its timers and tasks, as it does with a tab that nobody has looked at for long. */
  readonly freeze: () => Promise<void>;
  readonly wake: () => Promise<void>;
  /** Goes to another page in this tab. */
  readonly leave: (address: string) => Promise<void>;
  /** Goes back to where it was before. */
  readonly comeBack: () => Promise<void>;
  /** Another tab of the same browser, at the same page. */
  readonly openBeside: () => Promise<Tab>;
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string };
}

/** Opens one in a Chromium of its own. Under Playwright each page counts as one that somebody looks at, so it has no part in this. */
export async function openBackground(url: string): Promise<BackgroundTab> {
  const home = await mkdtemp(join(tmpdir(), 'remerge-chromium-'));
  const args = ['--headless', '--no-sandbox', `--user-data-dir=${home}`, '--remote-debugging-port=0'];
  const program = await startProgram(chromium.path ?? '', args, /DevTools listening on (ws:\S+)/);
  const { ask, close } = await converse(program.said);
  const open = async (address: string): Promise<string> => {
    const { targetId } = (await ask('Target.createTarget', { url: address })) as {
      readonly targetId: string;
    };
    return targetId;
  };
  const attach = async (targetId: string): Promise<string> => {
    const attached = await ask('Target.attachToTarget', { targetId, flatten: true });
    return (attached as { readonly sessionId: string }).sessionId;
  };
  const tabAt = (sessionId: string, closing: () => Promise<void>): Tab =>
    tabOf({
      async evaluate(expression) {
        const asked = { expression, awaitPromise: true, returnByValue: true };
        const { result, exceptionDetails } = (await ask('Runtime.evaluate', asked, sessionId)) as Evaluated;
        if (exceptionDetails) throw new Error(exceptionDetails.text);
        return result.value;
      },
      close: closing,
    });
  /** A page may still be on its way. */
  const arrive = async (tab: Tab, is = 'true'): Promise<Tab> => {
    const hasArrived = `document.readyState + typeof globalThis.page + (${is})`;
    while ((await tab.look(hasArrived).catch(() => undefined)) !== 'completeobjecttrue');
    return tab;
  };
  const targetId = await open(url);
  const sessionId = await attach(targetId);
  const live = async (state: 'frozen' | 'active'): Promise<void> => {
    await ask('Page.setWebLifecycleState', { state }, sessionId);
  };
  const tab = tabAt(sessionId, async () => {
    await ask('Browser.close');
    close();
    await program.stop();
    await rm(home, { recursive: true, force: true });
  });
  await arrive(tab);
  return {
    ...tab,
    async hide() {
      await ask('Target.activateTarget', { targetId: await open('about:blank') });
    },
    freeze: () => live('frozen'),
    wake: () => live('active'),
    async leave(address) {
      await ask('Page.navigate', { url: address }, sessionId);
      await arrive(tab, `location.href === ${JSON.stringify(address)}`);
    },
    async comeBack() {
      // Later: else the page may be left before it has answered.
      await tab.look('void setTimeout(() => history.back())');
      await arrive(tab, `location.href === ${JSON.stringify(url)}`);
    },
    async openBeside() {
      return arrive(tabAt(await attach(await open(url)), () => Promise.resolve()));
    },
  };
}
