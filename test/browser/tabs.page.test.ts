import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openScene, type Scene } from '../neutral/scene.ts';
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
    expect(await waiting).toEqual(['as-asked']);
    expect(await scene.value()).toMatchObject({ body: '\nb' });
  });
});
