import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openScene, type Scene } from '../neutral/scene.ts';
import { openBackground, type BackgroundTab } from './background.ts';
import { openChromium, type ChromiumTab } from './chromium.ts';
import { chromium } from './engines.ts';
import { openSite, tabOf, type Site, type Tab } from './tab.ts';

const count = 25;
const linesOf = (tab: string): readonly string[] =>
  Array.from({ length: count }, (_, line) => `${tab}${String(line)}`);

/** Another tab of the same browser. */
async function openBeside({ context }: ChromiumTab): Promise<Tab> {
  const page = await context.newPage();
  await page.goto(site.url);
  return tabOf({ evaluate: (text) => page.evaluate(text), close: () => page.close() });
}

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.stop());

describe.skipIf(chromium.path === undefined)('tabs of one site', () => {
  let scene: Scene;
  let one: ChromiumTab;
  let others: readonly Tab[];
  beforeEach(async () => {
    scene = await openScene({ title: 'Plan', body: '' });
    one = await openChromium(site.url);
    others = await Promise.all([openBeside(one), openBeside(one)]);
  });
  afterEach(() => one.close());

  /** Has all add lines to one note. Gives how many writes were refused, and the lines that are in the note. */
  async function addInAll(acrossTabs: boolean) {
    const tabs = [one, ...others];
    await Promise.all(tabs.map((tab, at) => tab.call('add', scene.url, linesOf(`${at}.`), acrossTabs)));
    const refused = (await scene.log()).filter((line) => line.startsWith('PUT 4')).length;
    const { body } = (await scene.value()) as { readonly body: string };
    return { refused, lines: body.trim().split('\n') };
  }

  const all = ['0.', '1.', '2.'].flatMap(linesOf).sort();

  it('are refused less where they take turns, and lose nothing either way', async () => {
    const inTurn = await addInAll(true);
    expect(inTurn.lines.toSorted()).toEqual(all);
    scene = await openScene({ title: 'Plan', body: '' });
    const atOnce = await addInAll(false);
    expect(atOnce.lines.toSorted()).toEqual(all);
    expect(inTurn.refused).toBeLessThan(atOnce.refused);
  });

  it('hand the turn on where one is closed in the midst of it', async () => {
    await scene.treat({ method: 'GET', times: 1, hang: true });
    const page = await one.context.newPage();
    await page.goto(site.url);
    await page.evaluate(`void page.add(${JSON.stringify(scene.url)}, ['never'], true)`);
    await page.evaluate(
      `(async () => { while ((await navigator.locks.query()).held.length === 0) await 0; })()`,
    );
    const waiting = others[0]?.call('add', scene.url, ['b'], true);
    await page.close();
    expect(await waiting).toEqual(['applied']);
    expect(await scene.value()).toMatchObject({ body: '\nb' });
  });

  it('do not wait for one whose read hangs', async () => {
    await scene.treat({ method: 'GET', times: 1, hang: true });
    await one.page.evaluate(
      `void page.add(${JSON.stringify(scene.url)}, ['late'], true).catch(() => (document.title = 'over'))`,
    );
    while ((await scene.log()).length === 0);
    expect(await others[0]?.call('add', scene.url, ['a'], true)).toEqual(['applied']);
    // Its read is given up after ten seconds. Until then it hangs.
    expect(await one.look('document.title')).toBe('remerge');
    expect(await scene.log()).toEqual(['GET hangs', 'GET 200 "v1"', 'PUT 204 "v1"']);
  });
});

describe.skipIf(chromium.path === undefined)('a page that is left, and come back to', () => {
  let scene: Scene;
  let tab: BackgroundTab;
  let other: Tab;
  beforeEach(async () => {
    scene = await openScene({ title: 'Plan', body: '' });
    tab = await openBackground(site.url);
    other = await tab.openBeside();
    await tab.look(
      `addEventListener('pageshow', ({ persisted }) => (document.title = persisted ? 'kept' : 'anew'))`,
    );
  });
  afterEach(() => tab.close());

  /** Leaves the page, has something happen meanwhile, and comes back. Gives what the page says of it. */
  async function leave(meanwhile: () => Promise<unknown>): Promise<unknown> {
    await tab.leave(`${site.url}?elsewhere`);
    await meanwhile();
    await tab.comeBack();
    return tab.look('document.title');
  }

  it('was kept, though other tabs gave hints meanwhile, and begins with a read', async () => {
    await tab.call('add', scene.url, ['1', '2'], true);
    expect(await leave(() => other.call('add', scene.url, ['3'], true))).toBe('kept');
    await tab.call('add', scene.url, ['4'], true);
    expect(await scene.log()).toEqual([
      'GET 200 "v1"',
      'PUT 204 "v1"',
      'PUT 204 "v2"',
      'GET 200 "v3"',
      'PUT 204 "v3"',
      'GET 200 "v4"',
      'PUT 204 "v4"',
    ]);
  });

  it('would not be kept with a channel that is open', async () => {
    await tab.look(
      `void (globalThis.open = new BroadcastChannel('remerge')).addEventListener('message', () => {})`,
    );
    expect(await leave(() => other.call('add', scene.url, ['3'], true))).not.toBe('kept');
  });
});
